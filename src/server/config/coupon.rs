//! Settings of `gyesan coupon`: what coupons there are, and who gets one.

use clap::{ArgGroup, Args, Subcommand};

use crate::domain::code::CouponCode;
use crate::domain::coupon::Worth;
use crate::domain::id::{CustomerKey, Malformed, OfferId};
use crate::domain::offer::{Channel, Offer};
use crate::domain::won::Won;
use crate::server::config::{Storage, parse};

#[derive(Clone, Debug, Subcommand)]
pub enum CouponCommand {
    /// Make a new offer: what its coupons are worth, when, how many, and who is given one.
    Add(Box<OfferArgs>),
    /// Show every offer, with how many coupons were issued and how many are used.
    List(Storage),
    /// Give one coupon of an offer to each of these customers.
    Issue(IssueArgs),
}

#[derive(Clone, Debug, Args)]
#[command(group(ArgGroup::new("worth").required(true).args(["fixed", "percent"])))]
#[command(group(ArgGroup::new("channel").required(true).args(["code", "new_customers", "staff"])))]
pub struct OfferArgs {
    /// What staff call it: letters, digits, - and _, at most 40.
    pub offer: String,

    /// What buyers read, at most 60 letters.
    #[arg(long)]
    pub name: String,

    /// Won off.
    #[arg(long, value_name = "WON", allow_negative_numbers = true, value_parser = parse::whole)]
    pub fixed: Option<i64>,

    /// Per cent off, rounded down to the won.
    #[arg(long, allow_negative_numbers = true, value_parser = parse::whole)]
    pub percent: Option<i64>,

    /// The most that --percent takes off.
    #[arg(long, value_name = "WON", conflicts_with = "fixed", allow_negative_numbers = true, value_parser = parse::whole)]
    pub cap: Option<i64>,

    /// The smallest subtotal it may be used on.
    #[arg(long, value_name = "WON", default_value_t = 0, allow_negative_numbers = true, value_parser = parse::whole)]
    pub minimum: i64,

    /// From when on, in Korean time: 2026-07-01 or 2026-07-01T10:00 [default: now].
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,

    /// Until when, in Korean time; of a day alone, to its end.
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,

    /// How many days a coupon lives after it was issued [default: until --until].
    #[arg(long, allow_negative_numbers = true, value_parser = parse::whole)]
    pub days: Option<i64>,

    /// How many coupons there are [default: as many as are asked for].
    #[arg(long, allow_negative_numbers = true, value_parser = parse::whole)]
    pub count: Option<i64>,

    /// How many of them one customer may have.
    #[arg(long, default_value_t = 1, allow_negative_numbers = true, value_parser = parse::whole)]
    pub per_customer: i64,

    /// Given to whoever enters this code: 4 to 30 letters, digits, - and _. Case, width and
    /// blanks do not matter.
    #[arg(long)]
    pub code: Option<String>,

    /// Given to every new customer.
    #[arg(long)]
    pub new_customers: bool,

    /// Given by `gyesan coupon issue` alone.
    #[arg(long)]
    pub staff: bool,

    #[command(flatten)]
    pub storage: Storage,
}

/// More at once is another command.
const CUSTOMERS_MAX: usize = 1_000;

#[derive(Clone, Debug, Args)]
pub struct IssueArgs {
    /// The offer.
    pub offer: String,

    /// The customer, by the key that Toss knows it by (customers.customer_key).
    #[arg(long, value_name = "CUSTOMER_KEY", required = true, num_args = 1..=CUSTOMERS_MAX)]
    pub to: Vec<String>,

    #[command(flatten)]
    pub storage: Storage,
}

impl IssueArgs {
    pub fn offer(&self) -> Result<OfferId, String> {
        offer_id(&self.offer)
    }

    pub fn customers(&self) -> Result<Vec<CustomerKey>, String> {
        let parse = |key: &String| {
            CustomerKey::parse(key)
                .map_err(|Malformed { .. }| format!("--to: {key} is no customer key"))
        };
        self.to.iter().map(parse).collect()
    }
}

impl OfferArgs {
    /// The offer that is meant, or a sentence that names what is wrong with it.
    pub fn offer(&self, now: i64) -> Result<Offer, String> {
        let channel = match &self.code {
            Some(code) => {
                Channel::Code(CouponCode::parse(code).map_err(|Malformed { .. }| {
                    "--code must be 4 to 30 letters (A-Z or Hangul), digits, - and _".to_owned()
                })?)
            }
            None if self.staff => Channel::Staff,
            None => Channel::NewCustomer,
        };
        let offer = Offer {
            id: offer_id(&self.offer)?,
            name: self.name.trim().to_owned(),
            worth: self.worth()?,
            minimum: won("minimum", self.minimum)?,
            channel,
            valid_from: self.from.as_deref().map(|text| time("from", text, 0)).transpose()?,
            valid_until: self.until.as_deref().map(|text| time("until", text, 1)).transpose()?,
            valid_days: match self.days {
                // In the database 0 is no limit; here it would be a mistake.
                Some(days) if days < 1 => return Err("--days must be from 1 to 3650".to_owned()),
                Some(days) => days,
                None => 0,
            },
            issue_max: self.count,
            per_customer: self.per_customer,
        };
        match offer.check(now) {
            Ok(()) => Ok(offer),
            Err(nonsense) => Err(format!("--{} {}", nonsense.field, nonsense.rule)),
        }
    }

    fn worth(&self) -> Result<Worth, String> {
        if let Some(amount) = self.fixed {
            return Ok(Worth::Fixed(won("fixed", amount)?));
        }
        let percent = self.percent.and_then(|percent| u32::try_from(percent).ok());
        Ok(Worth::Percent {
            percent: percent.ok_or("--percent must be from 1 to 100")?,
            cap: self.cap.map(|cap| won("cap", cap)).transpose()?,
        })
    }
}

fn offer_id(text: &str) -> Result<OfferId, String> {
    OfferId::parse(text).map_err(|Malformed { .. }| {
        format!("the offer {text} must be 1 to 40 letters (A-Z), digits, - and _")
    })
}

fn won(field: &str, amount: i64) -> Result<Won, String> {
    Won::new(amount).ok_or_else(|| format!("--{field} must be a whole number of won, 0 or above"))
}

/// Milliseconds since 1970 of a Korean time. Of a day alone: its beginning, or that of so many
/// days later.
fn time(field: &str, text: &str, days_later: i64) -> Result<i64, String> {
    let korea = jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(9));
    let malformed = || {
        format!("--{field}: {text} is no time such as 2026-07-01 or 2026-07-01T10:00 (Korean time)")
    };
    let civil = if text.contains('T') {
        text.parse::<jiff::civil::DateTime>().map_err(|_| malformed())?
    } else {
        let day = text.parse::<jiff::civil::Date>().map_err(|_| malformed())?;
        let days = jiff::Span::new().try_days(days_later).map_err(|_| malformed())?;
        day.checked_add(days).map_err(|_| malformed())?.to_datetime(jiff::civil::Time::midnight())
    };
    let zoned = korea.to_zoned(civil).map_err(|_| malformed())?;
    Ok(zoned.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::CouponCommand;
    use crate::server::config::{Cli, Command};

    const NOW: i64 = 1_780_000_000_000;

    /// What `gyesan coupon add …` comes to: nothing, or what it says is wrong.
    fn told(line: &str) -> String {
        let line = line.split_whitespace().map(|word| word.replace('·', " "));
        let words = ["gyesan", "coupon", "add", "summer"].map(str::to_owned);
        match Cli::try_parse_from(words.into_iter().chain(line)) {
            Err(error) => error.to_string().lines().next().unwrap_or_default().to_owned(),
            Ok(cli) => {
                let Some(Command::Coupon(CouponCommand::Add(args))) = cli.command else {
                    panic!("another command");
                };
                args.offer(NOW).err().unwrap_or_default()
            }
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (line, wrong) in [
            ("--name 여름 --fixed 5000 --days 30 --code summer26", ""),
            ("--name 여름 --percent 10 --cap 5000 --until 2030-01-01 --new-customers", ""),
            (
                "--name 여름·할인 --percent 10 --from 2029-12-31T10:00 --until 2030-01-01 --staff",
                "",
            ),
            ("--name 여름 --percent 101 --days 30 --staff", "--percent must be from 1 to 100"),
            ("--name 여름 --percent -5 --days 30 --staff", "--percent must be from 1 to 100"),
            ("--name 여름 --fixed -5 --days 30 --staff", "--fixed must be a whole number of won"),
            ("--name 여름 --fixed 0 --days 30 --staff", "--fixed must be from 1 to"),
            ("--name 여름 --fixed 1 --days 0 --staff", "--days must be from 1 to 3650"),
            ("--name 여름 --fixed 1 --staff", "--until is missing"),
            ("--name 여름 --fixed 1 --until 2020-01-01 --staff", "--until is over already"),
            (
                "--name 여름 --fixed 1 --from 2030-02-01 --until 2030-01-01 --staff",
                "--until must be after from",
            ),
            ("--name 여름 --fixed 1 --until 2030-13-01 --staff", "--until: 2030-13-01 is no time"),
            ("--name 여름 --fixed 1 --until soon --staff", "--until: soon is no time"),
            ("--name 여름 --fixed 1 --days 30 --count 0 --staff", "--count must be from 1"),
            (
                "--name 여름 --fixed 1 --days 30 --per-customer 0 --staff",
                "--per-customer must be from 1 to 20",
            ),
            ("--name 여름 --fixed 1 --days 30 --code ab", "--code must be 4 to 30 letters"),
            ("--name 여름 --fixed 1 --minimum -1 --days 30 --staff", "--minimum must be a whole"),
            ("--name 여름 --fixed 1 --cap 5 --days 30 --staff", "error: the argument '--fixed"),
            ("--name 여름 --fixed 1 --percent 5 --days 3 --staff", "error: the argument '--fixed"),
            ("--name 여름 --fixed 1 --days 3", "error: the following required arguments"),
            ("--name 여름 --fixed 1 --days 3 --staff --code abcd", "error: the argument '--staff'"),
        ] {
            let told = told(line);
            assert!(
                told.starts_with(wrong) && told.is_empty() == wrong.is_empty(),
                "{line}: {told}"
            );
        }
    }

    #[test]
    fn a_day_is_korean_and_whole() {
        let time = |text, later| super::time("until", text, later);
        assert_eq!(time("1970-01-01", 0), Ok(-9 * 3_600_000));
        assert_eq!(time("1970-01-01", 1), Ok(15 * 3_600_000));
        assert_eq!(time("1970-01-01T09:00", 1), Ok(0));
        assert!(time("9999-12-31", 1).is_err());
    }
}
