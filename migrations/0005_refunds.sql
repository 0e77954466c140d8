-- Refunds: of an amount, of lines, of everything; where each came from and how far it is. And what
-- a payment was made with, as far as its result page says it.

-- 1: no value added tax is in the price.
alter table products add column tax_free bigint not null default 0;
alter table order_lines add column tax_free bigint not null default 0;

-- When staff gave a refunded order's coupon back; the order has no coupon in use any more.
alter table orders add column coupon_back_at bigint;

-- How the payment was made, as JSON: no more of it than the result page shows.
alter table payments add column means text;
-- `account_due_at` in milliseconds; our clock decides when it has passed.
alter table payments add column account_due_ms bigint;
-- The tax-free part of what was taken, as Toss told it.
alter table payments add column tax_free bigint not null default 0;

-- The table of cancels anew, because a check cannot be changed in both databases.
create table cancels_before as select * from cancels;

drop table cancels;

create table cancels (
    id text not null,
    order_id text not null,
    -- COMPENSATION: the order could not be kept. REFUND: the shop gives it back. CONSOLE: somebody
    -- gave it back at Toss, without this shop.
    kind text not null,
    -- ACCOUNT: waits for the account to pay to; nothing has been sent. OPEN: Toss is to be asked.
    -- RUNNING: Toss has taken it up, and may still refuse it. DONE. REFUSED: Toss will not.
    -- ABORTED: taken up, and refused later. NEEDLESS: what it was for has gone.
    state text not null,
    -- Absent: everything that is left.
    amount bigint,
    -- Of the amount: what no tax is in, and what is of no line.
    tax_free bigint not null default 0,
    by_amount bigint not null default 0,
    reason text not null,
    -- The body, sealed before the first call and emptied of the account when it is closed; the
    -- attempt is part of the idempotency key.
    sealed text not null,
    attempt bigint not null,
    created_at bigint not null,
    -- As in payments.
    passing_refusals bigint not null,
    closed_at bigint,
    refused_code text,
    -- Toss's key of the one row of payment.cancels[] that this is.
    transaction_key text,
    -- What of the account is still known: 우리은행 ****6789.
    account_masked text,
    -- 1: the coupon is the buyer's again once everything is back.
    restore_coupon bigint not null default 0,
    constraint cancels_pk primary key (id),
    constraint cancels_order foreign key (order_id) references orders (id),
    constraint cancels_kind check (kind in ('COMPENSATION', 'REFUND', 'CONSOLE')),
    constraint cancels_state check (
        state in ('ACCOUNT', 'OPEN', 'RUNNING', 'DONE', 'REFUSED', 'ABORTED', 'NEEDLESS')
    ),
    constraint cancels_open check ((closed_at is null) = (state in ('ACCOUNT', 'OPEN'))),
    constraint cancels_amount check (amount is null or amount > 0),
    constraint cancels_parts check (
        tax_free >= 0 and by_amount >= 0 and (amount is null or (tax_free <= amount and by_amount <= amount))
    )
);

insert into cancels (id, order_id, kind, state, amount, by_amount, reason, sealed, attempt, created_at,
                     passing_refusals, closed_at, refused_code)
select id, order_id, kind,
       case when closed_at is null then 'OPEN'
            when kind = 'COMPENSATION' or refused_code is null then 'DONE'
            else 'REFUSED' end,
       amount, coalesce(amount, 0), reason, sealed, attempt, created_at, passing_refusals, closed_at,
       refused_code
from cancels_before;

drop table cancels_before;

-- What was given back at Toss until now had no row.
insert into cancels (id, order_id, kind, state, amount, by_amount, reason, sealed, attempt, created_at,
                     passing_refusals, closed_at)
select 'before-' || id, id, 'CONSOLE', 'DONE', missing, missing, '', '', 0, updated_at, 0, updated_at
from (
    select orders.id as id, updated_at, cast(refunded - coalesce((
        select sum(amount) from cancels
        where cancels.order_id = orders.id and kind = 'REFUND' and state = 'DONE'
    ), 0) as bigint) as missing from orders
) as sums where missing > 0;

-- One at a time for an order: a second would count on a balance that the first is changing.
create unique index cancels_one_open on cancels (order_id) where closed_at is null;
create index cancels_of_order on cancels (order_id, id);
create unique index cancels_at_toss on cancels (transaction_key) where transaction_key is not null;

-- What of an order's lines a refund gives back.
create table refund_lines (
    cancel_id text not null,
    line bigint not null,
    quantity bigint not null,
    amount bigint not null,
    -- Pieces that staff put on the shelf again once the money is back.
    restock bigint not null,
    -- Of these, what has been put there.
    restocked bigint not null default 0,
    constraint refund_lines_pk primary key (cancel_id, line),
    constraint refund_lines_cancel foreign key (cancel_id) references cancels (id),
    constraint refund_lines_quantity check (quantity between 1 and 99),
    constraint refund_lines_amount check (amount >= 0),
    constraint refund_lines_restock check (restock between 0 and quantity and restocked between 0 and restock)
);
