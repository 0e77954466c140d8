//! `gyesan refund`: what staff want to give back, written down, or only looked at.

use crate::domain::bank::{Account, Wrong};
use crate::domain::id::OrderId;
use crate::domain::language::Language;
use crate::domain::won::Won;
use crate::server::Error;
use crate::server::config::RefundArgs;
use crate::server::ledger::Ledger;
use crate::server::payment::refund::{self, Asked, Given, Request, What, won};
use crate::server::runtime::clock::Clock;
use crate::startup::console::{in_english, say};
use crate::startup::storage::open;
use crate::words;

/// Does it, and says what was done.
pub async fn run(args: RefundArgs) -> Result<(), String> {
    let account = account(&args)?;
    let request = Request {
        what: what(&args)?,
        reason: args.reason.clone().unwrap_or_default(),
        restocks: args.restock,
        restores_coupon: args.restore_coupon,
        account: account.clone(),
    };
    let db = open(&args.storage).await?;
    let told = told(&Ledger::of_command(db.clone()), &args, &request, account).await;
    db.close().await;
    say(&told.map_err(|error| format!("{}: {}", args.order_id, in_english(&error)))?);
    Ok(())
}

async fn told(
    ledger: &Ledger,
    args: &RefundArgs,
    request: &Request,
    account: Option<Account>,
) -> Result<String, Error> {
    let (order_id, by, now) = (&args.order_id, &args.by, Clock::default().now());
    if args.withdraw {
        refund::withdraw(ledger, order_id, by, now).await?;
        return Ok(format!("The refund of {order_id} is withdrawn; the order is as it was."));
    }
    if args.dry_run {
        let asked = refund::preview(ledger.db(), order_id, request).await?;
        return Ok(format!("Nothing is written. {}", listed(order_id, &asked, "would go back")?));
    }
    // An account without a reason is for a refund that waits for one.
    if let (Some(account), true) = (account, args.reason.is_none()) {
        refund::give_account(ledger, Given::Staff(by), order_id, &account, now).await?;
        let bank = words::bank_name(account.bank(), Language::En);
        let masked = format!("{bank} {}", account.ending());
        return Ok(format!("{masked} is written down for {order_id}; the shop asks Toss."));
    }
    let asked = refund::write_down(ledger, order_id, request, by, now).await?;
    let next = if asked.waits_for_account {
        "Written down; the order's page asks the buyer for an account, and nothing is sent before."
    } else {
        "Written down; the shop asks Toss for it."
    };
    Ok(format!("{} {next}", listed(order_id, &asked, "goes back")?))
}

/// `33,000원 of 2026…: …`
fn listed(order_id: &OrderId, asked: &Asked, goes_back: &str) -> Result<String, Error> {
    let plan = &asked.plan;
    let mut text = format!("{} of {order_id} {goes_back}", won(plan.amount)?);
    for (line, name) in plan.lines.iter().zip(&asked.names) {
        let amount = won(line.amount)?;
        text += &format!("\n  {name} × {}: {amount}", line.quantity);
    }
    if plan.by_amount > 0 && !plan.lines.is_empty() {
        text += &format!("\n  besides: {}", won(plan.by_amount)?);
    }
    if plan.tax_free > 0 {
        text += &format!("\n  of this tax-free: {}", won(plan.tax_free)?);
    }
    text += &format!("\n  left after it: {}.", won(asked.left_after)?);
    Ok(text)
}

fn what(args: &RefundArgs) -> Result<What, String> {
    if let Some(amount) = args.amount {
        let amount = Won::new(amount).filter(|amount| !amount.is_zero());
        let amount = amount.ok_or("--amount must be a whole number of won above 0")?;
        return Ok(What::Amount(amount.get()));
    }
    if args.line.is_empty() {
        return Ok(What::Everything);
    }
    let piece = |text: &String| {
        let (product, pieces) = text.split_once('=').unwrap_or((text, ""));
        let pieces = pieces.parse().ok().filter(|pieces| *pieces > 0);
        pieces.map(|pieces| (product.to_owned(), pieces)).ok_or_else(|| {
            format!("--line must be a product and how many of it, such as tee=1, not {text}")
        })
    };
    args.line.iter().map(piece).collect::<Result<_, _>>().map(What::Pieces)
}

fn account(args: &RefundArgs) -> Result<Option<Account>, String> {
    let (Some(bank), Some(number), Some(holder)) = (&args.bank, &args.account, &args.holder) else {
        return Ok(None);
    };
    // The number itself is printed nowhere.
    let wrong = |wrong| match wrong {
        Wrong::Bank => "--bank must be Toss's code of a bank, such as 20 (Woori Bank)".to_owned(),
        Wrong::Number => "--account must be 6 to 20 digits".to_owned(),
        Wrong::Holder => "--holder must be a name of 1 to 60 characters".to_owned(),
    };
    let all = |wrongs: Vec<_>| wrongs.into_iter().map(wrong).collect::<Vec<_>>().join("; ");
    Account::parse(bank, number, holder).map(Some).map_err(all)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{account, what};
    use crate::server::config::{Cli, Command, RefundArgs};
    use crate::server::payment::refund::What;

    fn args(given: &[&str]) -> Result<RefundArgs, String> {
        let reason = ["gyesan", "refund", "order-1", "--reason", "변심"];
        bare(&[&reason, given].concat())
    }

    fn bare(line: &[&str]) -> Result<RefundArgs, String> {
        let cli = Cli::try_parse_from(line);
        match cli.map_err(|error| error.to_string())?.command {
            Some(Command::Refund(args)) => Ok(args),
            other => Err(format!("{other:?}")),
        }
    }

    fn refused(given: &[&str]) -> String {
        let args = args(given).and_then(|args| {
            account(&args)?;
            what(&args)
        });
        args.map(|_| ()).unwrap_err()
    }

    #[test]
    fn what_is_wrong_is_named_and_no_account_is_printed() {
        for (given, told) in [
            (&["--amount", "0"][..], "--amount must be"),
            (&["--amount", "-5"], "--amount must be"),
            (&["--line", "tee"], "such as tee=1, not tee"),
            (&["--line", "tee=0"], "--line must be"),
            (&["--line", "tee=1", "--amount", "5"], "cannot be used with"),
            (&["--restock", "--amount", "5"], "cannot be used with"),
            (&["--bank", "20"], "--account"),
            (&["--bank", "99", "--account", "1002123456", "--holder", "x"], "--bank must be"),
            (&["--bank", "20", "--account", "12-x", "--holder", "x"], "--account must be"),
            (&["--bank", "20", "--account", "1002123456", "--holder", " "], "--holder must be"),
        ] {
            let refused = refused(given);
            assert!(refused.contains(told), "{refused}");
            assert!(!refused.contains("1002123456"), "{refused}");
        }
    }

    #[test]
    fn a_reason_is_asked_for_where_one_is_needed_and_has_no_default() {
        for needs_none in [
            &["--withdraw"][..],
            &["--dry-run"],
            &["--bank", "20", "--account", "1002123456", "--holder", "x"],
        ] {
            let args = bare(&[&["gyesan", "refund", "order-1"], needs_none].concat()).unwrap();
            assert_eq!(args.reason, None);
        }
        let refused = bare(&["gyesan", "refund", "order-1", "--amount", "5"]).unwrap_err();
        assert!(refused.contains("required") && refused.contains("--reason"), "{refused}");
        let help = bare(&["gyesan", "refund", "--help"]).unwrap_err();
        assert!(help.contains("--reason <REASON>"), "{help}");
        assert!(!help.contains("[default: ]") && !help.contains("[default: \"\"]"), "{help}");
    }

    #[test]
    fn what_is_wanted_is_read() {
        let what = |given: &[&str]| what(&args(given).unwrap()).unwrap();
        assert!(matches!(what(&[]), What::Everything));
        assert!(matches!(what(&["--amount", "4500"]), What::Amount(4_500)));
        let pieces = what(&["--line", "tee=1", "--line", "mug=2", "--restock"]);
        let expected = [("tee".to_owned(), 1), ("mug".to_owned(), 2)];
        assert!(matches!(pieces, What::Pieces(pieces) if pieces == expected));
    }
}
