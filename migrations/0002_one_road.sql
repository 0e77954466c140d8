-- One road for every payment: deadlines, an outbox of cancels, an inbox of webhooks, and what was
-- asked of Toss and answered.

-- All that ever came in, so that on hand + held + sold = received can be counted.
alter table products add column received bigint not null default 0;

update products set received = stock + coalesce((
    select sum(order_lines.quantity) from order_lines
    join orders on orders.id = order_lines.order_id
    where order_lines.product_id = products.id
      and orders.status in ('CONFIRMING', 'WAITING_FOR_DEPOSIT', 'COMPLETED')
), 0);

-- Same customer, same lines: the same key.
alter table orders add column cart_key text;
-- What Toss holds for the order: captured, less what went back.
alter table orders add column paid bigint not null default 0;
alter table orders add column refunded bigint not null default 0;

-- Of one cart, one order at a time may be in doubt: a second would be a second payment.
create unique index orders_one_in_doubt on orders (cart_key) where status = 'CONFIRMING';

-- Orders that nobody has paid yet, for the day on which they end.
create index orders_unpaid on orders (created_at) where status = 'PENDING';

-- After this time Toss takes no money for the payment any more, so a look-up decides.
alter table payments add column decide_by bigint;
-- The body of the confirm, sealed before the first call.
alter table payments add column sealed text;
-- Until then somebody is asking Toss, and nobody else may.
alter table payments add column leased_until bigint;
-- How often this idempotency key has brought a refusal that may pass. Toss keeps refusals under
-- their key, so that a second one calls for a new key.
alter table payments add column passing_refusals bigint not null default 0;
alter table payments add column attempt bigint not null default 1;

-- Money that is to go back, written with the decision and repeated until Toss has done it.
create table cancels (
    id text not null,
    order_id text not null,
    -- COMPENSATION: the order could not be kept. REFUND: the shop gives it back.
    kind text not null,
    -- Absent: everything that is left.
    amount bigint,
    reason text not null,
    -- The body, sealed before the first call; the attempt is part of the idempotency key.
    sealed text not null,
    attempt bigint not null,
    created_at bigint not null,
    -- As in payments.
    passing_refusals bigint not null,
    -- When Toss had done it, or had refused it for good.
    closed_at bigint,
    refused_code text,
    constraint cancels_pk primary key (id),
    constraint cancels_order foreign key (order_id) references orders (id),
    constraint cancels_kind check (kind in ('COMPENSATION', 'REFUND')),
    constraint cancels_amount check (amount is null or amount > 0)
);

-- One at a time for an order: a second would count on a balance that the first is changing.
create unique index cancels_one_open on cancels (order_id) where closed_at is null;
create index cancels_of_order on cancels (order_id, id);

-- Each question to Toss about an order, and its answer.
create table questions (
    id text not null,
    order_id text not null,
    call text not null,
    asked_at bigint not null,
    answered_at bigint,
    -- What was answered: Toss's status or error code, or why there was no answer.
    answer text,
    http_status bigint,
    trace_id text,
    constraint questions_pk primary key (id),
    constraint questions_order foreign key (order_id) references orders (id)
);

create index questions_of_order on questions (order_id, id);

-- What Toss (or anyone) posted to the webhook address, as it came, before anything was done.
create table webhooks (
    id text not null,
    received_at bigint not null,
    -- Repeats of one event have the same.
    digest text not null,
    event_type text not null,
    order_id text,
    body text not null,
    transmission_id text,
    due_at bigint,
    tried bigint not null,
    outcome text,
    constraint webhooks_pk primary key (id),
    constraint webhooks_once unique (digest)
);

create index webhooks_due on webhooks (due_at) where due_at is not null;

update orders set paid = amount where status = 'COMPLETED';
