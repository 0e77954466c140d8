//! Lists of an order's states in SQL, rendered from the rules of `domain/order.rs`.
//!
//! Why: a list that is typed by hand is forgotten when a state is added, and a query then passes
//! over orders in silence. `tests/tidy.rs` holds that no other file lists states.

use crate::domain::order::Status;

/// A list that a query names in brackets, `orders.status in [holding]`, and who belongs to it.
type List = (&'static str, fn(Status) -> bool);

const LISTS: &[List] = &[
    ("[any]", |_| true),
    ("[holding]", Status::holds),
    ("[not holding]", |status| !status.holds()),
    ("[open]", Status::is_open),
    ("[paid]", Status::is_paid),
    ("[kept]", |status| status.is_paid() && status != Status::Refunded),
    ("[giving back]", Status::gives_back),
    ("[ended unpaid]", Status::ended_unpaid),
    ("[in doubt]", |status| status.is_open() && status != Status::WaitingForDeposit),
    ("[unfinished]", |status| status.is_open() || status == Status::Pending),
];

/// The query with each list that it names written out: `('COMPLETED', 'REFUNDED')`.
pub(super) fn written_out(sql: &str) -> String {
    LISTS.iter().fold(sql.to_owned(), |sql, (name, belongs)| {
        if sql.contains(name) { sql.replace(name, &rendered(*belongs)) } else { sql }
    })
}

fn rendered(belongs: fn(Status) -> bool) -> String {
    let states = Status::ALL.into_iter().filter(|status| belongs(*status));
    let quoted: Vec<_> = states.map(|status| format!("'{}'", status.as_str())).collect();
    format!("({})", quoted.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{LISTS, rendered, written_out};

    /// A new state has to be placed in each list, or left out of it, on purpose.
    const TABLE: &str = "
[any] ('PENDING', 'CONFIRMING', 'WAITING_FOR_DEPOSIT', 'COMPLETED', 'CANCELING', 'REFUNDING', 'REFUND_WAITING', 'PARTIALLY_REFUNDED', 'REFUNDED', 'FAILED', 'EXPIRED')
[holding] ('CONFIRMING', 'WAITING_FOR_DEPOSIT', 'COMPLETED', 'REFUNDING', 'REFUND_WAITING', 'PARTIALLY_REFUNDED', 'REFUNDED')
[not holding] ('PENDING', 'CANCELING', 'FAILED', 'EXPIRED')
[open] ('CONFIRMING', 'WAITING_FOR_DEPOSIT', 'CANCELING', 'REFUNDING')
[paid] ('COMPLETED', 'REFUNDING', 'REFUND_WAITING', 'PARTIALLY_REFUNDED', 'REFUNDED')
[kept] ('COMPLETED', 'REFUNDING', 'REFUND_WAITING', 'PARTIALLY_REFUNDED')
[giving back] ('CANCELING', 'REFUNDING', 'REFUND_WAITING')
[ended unpaid] ('FAILED', 'EXPIRED')
[in doubt] ('CONFIRMING', 'CANCELING', 'REFUNDING')
[unfinished] ('PENDING', 'CONFIRMING', 'WAITING_FOR_DEPOSIT', 'CANCELING', 'REFUNDING')
";

    #[test]
    fn the_lists_are_these() {
        let rows = LISTS.iter().map(|(name, belongs)| format!("{name} {}\n", rendered(*belongs)));
        assert_eq!(format!("\n{}", rows.collect::<String>()), TABLE);
    }

    #[test]
    fn a_query_names_its_lists() {
        assert_eq!(written_out("status in [ended unpaid]"), "status in ('FAILED', 'EXPIRED')");
        assert_eq!(written_out("status = 'PAID'"), "status = 'PAID'");
    }
}
