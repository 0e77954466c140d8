//! `gyesan cancel`: a virtual account is to be ended before its deposit.

use crate::domain::id::OrderId;
use crate::server::config::CancelArgs;
use crate::server::payment::deposit_end::{self, Refused, Who};
use crate::server::runtime::clock::Clock;
use crate::startup::console::say;
use crate::startup::storage::open;

/// Writes it down, and says so.
pub async fn run(args: CancelArgs) -> Result<(), String> {
    let order_id = &args.order_id;
    let db = open(&args.storage).await?;
    let who = Who::Staff { by: &args.by, reason: &args.reason };
    let asked = deposit_end::ask(&db, order_id, who, Clock::default().now()).await;
    db.close().await;
    asked.map_err(|refused| told(order_id, &refused))?;
    say(&format!(
        "Written down; the shop asks Toss to end the account of {order_id}. If the buyer pays first, \
         the order is paid."
    ));
    Ok(())
}

fn told(order_id: &OrderId, refused: &Refused) -> String {
    match refused {
        Refused::Reason => format!("--reason: {refused}"),
        Refused::NotWaiting(status) if status.is_paid() => {
            format!(
                "{order_id}: {refused}; `gyesan refund {order_id} --reason …` gives its money back"
            )
        }
        Refused::NoOrder | Refused::NotWaiting(_) | Refused::Failed(_) => {
            format!("{order_id}: {refused}")
        }
    }
}
