//! Whether the Toss that is asked is the one that has taken this shop's payments. Another one, as a
//! sandbox at another address is, would have every payment differ, and the shop repaired to death.

use crate::server::db::checkpoints;
use crate::server::payment::verdict;
use crate::server::toss_api::answer::Told;
use crate::server::{App, Error};

/// What a merchant is refused with that asks for a payment of another's.
const NOT_OURS: &[&str] = &[verdict::ABSENT, "FORBIDDEN_REQUEST"];

/// Whether shop and Toss are of each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// It knows a payment of this shop's, of the same merchant.
    Yes,
    /// Nothing has been paid yet, or Toss does not say.
    Unsure,
    /// It has a payment of this shop's, which is another merchant's there.
    OtherMerchant { ours: String, theirs: String },
    /// It knows none of the payments that it was asked for, so many.
    Stranger { asked: usize },
}

impl Recognised {
    /// What is wrong, if it is.
    pub fn complaint(&self) -> Option<String> {
        match self {
            Recognised::Yes | Recognised::Unsure => None,
            Recognised::OtherMerchant { ours, theirs } => Some(format!(
                "it has this shop's payments as those of the merchant {theirs}, and they were taken \
                 by {ours}"
            )),
            Recognised::Stranger { asked } => Some(format!(
                "it knows none of this shop's payments (asked for {asked}), so that it is another \
                 Toss, another merchant, or a sandbox that has forgotten them"
            )),
        }
    }
}

/// Asks for a few payments, the newest first, until one is known.
pub async fn recognise(app: &App) -> Result<Recognised, Error> {
    let mut asked = 0;
    for sample in checkpoints::samples(app.db.read()).await? {
        let reply = app.toss.read(&sample.payment_key, &sample.order_id).await;
        match reply.told {
            Told::Payment(payment) => {
                let ours = sample.m_id.unwrap_or_default();
                let theirs = payment.m_id;
                // Not kept by older versions, and not told by every stand-in.
                let is_same = ours.is_empty() || theirs.is_empty() || ours == theirs;
                return Ok(match is_same {
                    true => Recognised::Yes,
                    false => Recognised::OtherMerchant { ours, theirs },
                });
            }
            Told::Refused(refused) if NOT_OURS.contains(&refused.code.as_str()) => asked += 1,
            Told::Refused(_) | Told::Silence => return Ok(Recognised::Unsure),
        }
    }
    Ok(if asked == 0 { Recognised::Unsure } else { Recognised::Stranger { asked } })
}
