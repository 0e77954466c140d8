//! What must hold whatever died, came twice or came late: the invariants, in one place.
//!
//! Each is a query that names the rows which break it. Tests, the drill and the background ask
//! here; what Toss has is compared by whoever can ask Toss.

use std::sync::LazyLock;

use sqlx::{AnyPool, FromRow};

use crate::domain::order::Status;
use crate::server::db::states::written_out;

/// What Toss has for one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtToss {
    pub order_id: String,
    /// Toss's status.
    pub status: String,
    pub total: i64,
    pub balance: i64,
}

#[derive(Clone, Debug, FromRow)]
struct OrderSums {
    id: String,
    status: String,
    amount: i64,
    paid: i64,
    refunded: i64,
    /// When the next question is due, while something is open.
    due_at: Option<i64>,
}

/// Rows of one broken invariant that are told; a thousand would say no more.
const OFFENCES_MAX: i64 = 20;

/// A table whose rows laws are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Orders,
    Products,
    Coupons,
    Offers,
    Customers,
    Cancels,
}

impl Source {
    pub const ALL: [Source; 6] = [
        Source::Orders,
        Source::Products,
        Source::Coupons,
        Source::Offers,
        Source::Customers,
        Source::Cancels,
    ];

    /// The table.
    pub fn as_str(self) -> &'static str {
        match self {
            Source::Orders => "orders",
            Source::Products => "products",
            Source::Coupons => "coupons",
            Source::Offers => "coupon_offers",
            Source::Customers => "customers",
            Source::Cancels => "cancels",
        }
    }
}

/// The laws of the database alone: the table of whose rows one text is the key, the law, and who
/// breaks it.
pub(crate) fn laws() -> &'static [(Source, &'static str, String)] {
    static LAWS: LazyLock<Vec<(Source, &'static str, String)>> = LazyLock::new(|| {
        CHECKS.iter().map(|(source, law, sql)| (*source, *law, written_out(sql))).collect()
    });
    &LAWS
}

/// The laws, with lists of states by their names. Each query names one offending row by two texts.
const CHECKS: &[(Source, &str, &str)] = &[
    (
        Source::Products,
        "on hand + held + sold = received",
        "select id as one, cast(received - stock - held as text) as other from (
             select products.id as id, received, stock, cast(coalesce((
                 select sum(order_lines.quantity) from order_lines
                 join orders on orders.id = order_lines.order_id
                 where order_lines.product_id = products.id
                   and orders.status in [holding]
             ), 0) - coalesce((
                 select sum(refund_lines.restocked) from refund_lines
                 join cancels on cancels.id = refund_lines.cancel_id
                 join order_lines on order_lines.order_id = cancels.order_id
                                 and order_lines.line = refund_lines.line
                 where order_lines.product_id = products.id
             ), 0) as bigint) as held
             from products
         ) as sums where received - stock - held <> 0",
    ),
    (
        Source::Coupons,
        "a coupon is used by an order that holds it",
        "select coupons.id as one, coupons.used_order as other from coupons
         left join orders on orders.id = coupons.used_order
         where coupons.used_order is not null
           and (orders.id is null or orders.coupon_id is null or orders.coupon_id <> coupons.id
                or orders.status in [not holding])",
    ),
    (
        Source::Orders,
        "an order that holds a coupon has used it",
        "select orders.id as one, orders.coupon_id as other from orders
         join coupons on coupons.id = orders.coupon_id
         where orders.status in [holding]
           and coupon_back_at is null
           and (coupons.used_order is null or coupons.used_order <> orders.id)",
    ),
    (
        Source::Orders,
        "the lines' shares of a discount add up to it",
        "select orders.id as one, cast(orders.discount as text) as other from orders
         where orders.discount <> coalesce((
             select sum(order_lines.discount) from order_lines
             where order_lines.order_id = orders.id
         ), 0)",
    ),
    (
        Source::Coupons,
        "a coupon is in at most one live order",
        "select coupon_id as one, min(id) as other from orders
         where coupon_id is not null and coupon_back_at is null
           and status in [holding]
         group by coupon_id having count(*) > 1",
    ),
    (
        Source::Orders,
        "a discount is of a coupon, and the coupon of the buyer",
        "select orders.id as one, cast(orders.discount as text) as other from orders
         left join coupons on coupons.id = orders.coupon_id
         where (orders.discount > 0 and coupons.id is null)
            or coupons.customer_id <> orders.customer_id",
    ),
    (
        Source::Offers,
        "no more coupons are issued than there are, and each is counted",
        "select id as one, cast(issued - really as text) as other from (
             select coupon_offers.id as id, issued, issue_max, cast((
                 select count(*) from coupons where coupons.offer_id = coupon_offers.id
             ) as bigint) as really
             from coupon_offers where issue_max is not null
         ) as counts where issued <> really or really > issue_max",
    ),
    (
        Source::Offers,
        "each use of a coupon is counted for the phone and the e-mail of its buyer",
        "select offer_id as one, contact as other from (
             select offer_id, contact, used as uses from coupon_uses
             union all
             select offer_id, used_phone, -1 from coupons where used_phone is not null
             union all
             select offer_id, used_email, -1 from coupons where used_email is not null
         ) as counted group by offer_id, contact having sum(uses) <> 0",
    ),
    (
        Source::Customers,
        "nobody has more coupons of an offer than the limit",
        "select coupons.customer_id as one, min(coupons.offer_id) as other from coupons
         join coupon_offers on coupon_offers.id = coupons.offer_id
         group by coupons.customer_id, coupon_offers.id, coupon_offers.per_customer
         having count(*) > coupon_offers.per_customer",
    ),
    (
        Source::Orders,
        "refunds are at most what was paid",
        "select id as one, cast(refunded as text) as other from orders
         where refunded > paid or refunded < 0 or paid < 0",
    ),
    (
        Source::Orders,
        "each change of state has its event",
        "select orders.id as one, orders.status as other from orders
         where not exists (
             select 1 from order_events last
             where last.order_id = orders.id and last.status_after = orders.status
               and not exists (
                   select 1 from order_events later
                   where later.order_id = orders.id and later.id > last.id
               )
         )",
    ),
    (
        Source::Orders,
        "each event begins where the one before it ended",
        "select later.order_id as one, later.event as other from order_events later
         where later.status_before <> coalesce((
             select before.status_after from order_events before
             where before.order_id = later.order_id and before.id < later.id
             order by before.id desc limit 1
         ), 'PENDING')",
    ),
    (
        Source::Orders,
        "money on its way back has its row in the outbox",
        "select id as one, status as other from orders
         where status in [giving back] and not exists (
             select 1 from cancels where cancels.order_id = orders.id and closed_at is null
         )",
    ),
    (
        Source::Orders,
        "what is open is due",
        "select orders.id as one, orders.status as other from orders
         left join payments on payments.order_id = orders.id
         where orders.status in [open]
           and payments.due_at is null",
    ),
    (
        Source::Orders,
        "of one cart one order at a time is in doubt",
        "select min(id) as one, cart_key as other from orders
         where status = 'CONFIRMING' and cart_key is not null
         group by cart_key having count(*) > 1",
    ),
    (
        Source::Orders,
        "refunds that were made make up what went back",
        "select id as one, cast(refunded - back as text) as other from (
             select orders.id as id, refunded, cast(coalesce((
                 select sum(cancels.amount) from cancels
                 where cancels.order_id = orders.id and kind in ('REFUND', 'CONSOLE')
                   and state in ('RUNNING', 'DONE')
             ), 0) as bigint) as back
             from orders
             where status in [paid]
         ) as sums where refunded <> back",
    ),
    (
        Source::Orders,
        "wholly refunded is a balance of nothing",
        "select id as one, status as other from orders
         where (status = 'REFUNDED' and refunded <> paid)
            or (status = 'PARTIALLY_REFUNDED' and (refunded = 0 or refunded = paid))
            or (status = 'COMPLETED' and refunded <> 0)",
    ),
    (
        Source::Cancels,
        "the parts of a refund make it up",
        "select id as one, cast(amount - by_amount - by_lines as text) as other from (
             select id, amount, by_amount, cast(coalesce((
                 select sum(refund_lines.amount) from refund_lines
                 where refund_lines.cancel_id = cancels.id
             ), 0) as bigint) as by_lines
             from cancels where amount is not null
         ) as sums where amount <> by_amount + by_lines",
    ),
    (
        Source::Orders,
        "no more of a line goes back than was sold, in pieces, won and tax-free won",
        "select sold.order_id as one, sold.name as other from order_lines sold
         join (
             select cancels.order_id as order_id, line, sum(quantity) as pieces,
                    sum(refund_lines.amount) as won, sum(restocked) as restocked
             from refund_lines join cancels on cancels.id = refund_lines.cancel_id
             where state in ('ACCOUNT', 'OPEN', 'RUNNING', 'DONE')
             group by cancels.order_id, line
         ) as back on back.order_id = sold.order_id and back.line = sold.line
         where pieces > sold.quantity or restocked > pieces
            or won > unit_price * sold.quantity - discount",
    ),
    (
        Source::Orders,
        "no more tax-free won go back than were paid",
        "select payments.order_id as one, cast(payments.tax_free as text) as other from payments
         where payments.tax_free < coalesce((
             select sum(cancels.tax_free) from cancels
             where cancels.order_id = payments.order_id and kind in ('REFUND', 'CONSOLE')
               and state in ('ACCOUNT', 'OPEN', 'RUNNING', 'DONE')
         ), 0)",
    ),
    (
        Source::Orders,
        "a refund that waits for an account is one of an order that says so",
        "select cancels.order_id as one, orders.status as other from cancels
         join orders on orders.id = cancels.order_id
         where (state = 'ACCOUNT' and status <> 'REFUND_WAITING' and status <> 'CANCELING')
            or (state = 'OPEN' and status <> 'REFUNDING' and status <> 'CANCELING')",
    ),
    (
        Source::Orders,
        "a refund that runs on is due",
        "select cancels.order_id as one, orders.status as other from cancels
         join orders on orders.id = cancels.order_id
         join payments on payments.order_id = orders.id
         where state = 'RUNNING' and payments.due_at is null",
    ),
    (
        Source::Orders,
        "of a refund that is over no account number is kept",
        "select order_id as one, state as other from cancels
         where closed_at is not null and sealed like '%refundReceiveAccount%'",
    ),
    (
        Source::Orders,
        "a coupon comes back with a wholly refunded order alone",
        "select id as one, status as other from orders
         where coupon_back_at is not null and status <> 'REFUNDED'",
    ),
];

/// Everything that does not hold in the database alone, one sentence each.
pub async fn offences(pool: &AnyPool) -> Result<Vec<String>, sqlx::Error> {
    // One statement: asked often by those who play many histories.
    static ALL: LazyLock<String> = LazyLock::new(|| {
        let parts = laws().iter().enumerate().map(|(at, (_, _, sql))| {
            format!(
                "select * from (
                     select cast({at} as bigint) as law, one, other from ({sql}) as offenders
                     limit {OFFENCES_MAX}
                 ) as told"
            )
        });
        parts.collect::<Vec<_>>().join(" union all ")
    });
    let all = sqlx::AssertSqlSafe(ALL.as_str());
    let rows: Vec<(i64, String, String)> = sqlx::query_as(all).fetch_all(pool).await?;
    let told = |(at, one, other): (i64, String, String)| {
        let law = usize::try_from(at).ok().and_then(|at| laws().get(at)).map(|(_, law, _)| *law);
        format!("{}: {one} ({other})", law.unwrap_or_default())
    };
    Ok(rows.into_iter().map(told).collect())
}

/// How long after due date and margin the round that ends an order may take to come, Toss
/// answering: a look a minute, the longest lease, and a round.
const OVERDUE_MS: i64 = 5 * 60 * 1_000;

/// Orders that wait for a deposit which nobody can make any more. Unless Toss is silent there are
/// none.
pub async fn overdue(pool: &AnyPool, margin_ms: i64, now: i64) -> Result<Vec<String>, sqlx::Error> {
    let ids: Vec<String> = sqlx::query_scalar(
        "select orders.id from orders join payments on payments.order_id = orders.id
         where status = 'WAITING_FOR_DEPOSIT' and account_due_ms < $1 limit cast($2 as bigint)",
    )
    .bind(now - margin_ms - OVERDUE_MS)
    .bind(OFFENCES_MAX)
    .fetch_all(pool)
    .await?;
    Ok(ids.into_iter().map(|id| format!("{id} waits for a deposit after its due date")).collect())
}

/// Everything in which the orders differ from what Toss has, one sentence each.
pub async fn against_toss(pool: &AnyPool, at_toss: &[AtToss]) -> Result<Vec<String>, sqlx::Error> {
    let orders: Vec<OrderSums> = sqlx::query_as(
        "select orders.id as id, status, orders.amount as amount, paid, refunded, due_at from orders
         left join payments on payments.order_id = orders.id",
    )
    .fetch_all(pool)
    .await?;
    let mut offences = Vec::new();
    for order in &orders {
        let own: Vec<&AtToss> = at_toss.iter().filter(|it| it.order_id == order.id).collect();
        let kept: i64 = own.iter().filter(|it| has_money(it)).map(|it| it.balance).sum();
        let captures = own.iter().filter(|it| has_money(it) || was_returned(it)).count();
        let is_open = order.due_at.is_some();
        let id = &order.id;
        if captures > 1 {
            offences.push(format!("{id}: toss took money {captures} times"));
        }
        let is_paid = Status::parse(&order.status).is_some_and(Status::is_paid);
        if is_paid && (order.paid != order.amount || kept != order.paid - order.refunded) {
            let (paid, refunded) = (order.paid, order.refunded);
            offences.push(format!(
                "{id}: {} with paid={paid} refunded={refunded}, toss has {kept}",
                order.status
            ));
        }
        if !is_paid && !is_open && kept > 0 {
            offences.push(format!("{id}: {}, and toss has {kept}", order.status));
        }
    }
    Ok(offences)
}

fn has_money(at_toss: &AtToss) -> bool {
    ["DONE", "PARTIAL_CANCELED"].contains(&at_toss.status.as_str()) && at_toss.balance > 0
}

fn was_returned(at_toss: &AtToss) -> bool {
    ["CANCELED", "PARTIAL_CANCELED"].contains(&at_toss.status.as_str()) && at_toss.balance == 0
}
