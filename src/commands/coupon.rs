//! `gyesan coupon …`: what staff do with coupons, and what they are told.

use crate::domain::coupon::Worth;
use crate::domain::offer::{Channel, Offer, OfferRefused};
use crate::server::config::{CouponCommand, IssueArgs, OfferArgs, Storage};
use crate::server::db::offers::Tally;
use crate::server::runtime::clock::{self, Clock};
use crate::server::shop::offer::{self, Given};
use crate::startup::console::{complain, in_english, say};
use crate::startup::storage::open;

pub async fn run(command: CouponCommand) -> Result<(), String> {
    match command {
        CouponCommand::Add(args) => add(*args).await,
        CouponCommand::List(storage) => list(storage).await,
        CouponCommand::Issue(args) => issue(args).await,
    }
}

async fn add(args: OfferArgs) -> Result<(), String> {
    let new = args.offer(Clock::default().now())?;
    let db = open(&args.storage).await?;
    let added = offer::add(&db, &new).await;
    db.close().await;
    if !added.map_err(|error| in_english(&error))? {
        return Err(match &new.channel {
            Channel::Code(code) => {
                format!("there is an offer {} or one with the code {code} already", new.id)
            }
            Channel::NewCustomer | Channel::Staff => {
                format!("there is an offer {} already", new.id)
            }
        });
    }
    say(&format!("The offer {} is made: {}.", new.id, described(&new)));
    Ok(())
}

async fn list(storage: Storage) -> Result<(), String> {
    let db = open(&storage).await?;
    let listed = offer::list(&db).await;
    db.close().await;
    for (offer, tally) in listed.map_err(|error| in_english(&error))? {
        let Tally { issued, used, .. } = tally;
        let of = offer.issue_max.map(|most| format!(" of {most}")).unwrap_or_default();
        say(&format!(
            "{}\t{}\t{}\tissued {issued}{of}\tused {used}",
            offer.id,
            offer.name,
            described(&offer)
        ));
    }
    Ok(())
}

/// `5,000원 from 30,000원, code SUMMER26, until 2026. 9. 1. 00:00, 1 each`
fn described(offer: &Offer) -> String {
    let mut parts = vec![match offer.worth {
        Worth::Fixed(amount) => amount.to_string(),
        Worth::Percent { percent, cap: None } => format!("{percent} %"),
        Worth::Percent { percent, cap: Some(cap) } => format!("{percent} %, at most {cap}"),
    }];
    if !offer.minimum.is_zero() {
        parts.push(format!("on {} or more", offer.minimum));
    }
    parts.push(match &offer.channel {
        Channel::NewCustomer => "for every new customer".to_owned(),
        Channel::Code(code) => format!("by the code {code}"),
        Channel::Staff => "from staff".to_owned(),
    });
    parts.extend(offer.valid_from.map(|from| format!("from {}", clock::korean(from))));
    parts.extend(offer.valid_until.map(|until| format!("until {}", clock::korean(until))));
    parts.extend((offer.valid_days > 0).then(|| format!("{} days from issue", offer.valid_days)));
    parts.extend((offer.per_customer > 1).then(|| format!("{} each", offer.per_customer)));
    parts.join(", ")
}

/// Goes on to the next customer where one cannot be given it, and fails in the end.
async fn issue(args: IssueArgs) -> Result<(), String> {
    let (id, customers) = (args.offer()?, args.customers()?);
    let db = open(&args.storage).await?;
    let (mut given, mut missed) = (0, 0);
    for key in &customers {
        let why = match offer::give(&db, &id, key, Clock::default().now())
            .await
            .map_err(|error| in_english(&error))?
        {
            Given::Yes => {
                given += 1;
                continue;
            }
            Given::NoSuchOffer => return Err(format!("there is no offer {id}")),
            Given::NoSuchCustomer => "is no customer",
            Given::Refused(OfferRefused::HasIt) => "has as many as one may have",
            Given::Refused(OfferRefused::AllGone) => "comes too late: there is none left",
            Given::Refused(OfferRefused::Over | OfferRefused::NotYet) => {
                "comes too late: the offer is over"
            }
        };
        missed += 1;
        complain(&format!("{key} {why}"));
    }
    db.close().await;
    say(&format!("{given} of {id} issued."));
    if missed > 0 {
        Err(format!("{missed} of {} were not given one", customers.len()))
    } else {
        Ok(())
    }
}
