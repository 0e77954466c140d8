-- The shop: catalogue, customers, coupons, orders, payments and what happened to them.
-- One set for SQLite and PostgreSQL: bigint and text alone, times in milliseconds since 1970,
-- money in won, ids and times made by the application.

create table products (
    id text not null,
    name text not null,
    description text not null,
    picture text not null,
    price bigint not null,
    stock bigint not null,
    position bigint not null,
    constraint products_pk primary key (id),
    constraint products_price_range check (price between 0 and 100000000000),
    -- The last guard against selling what is not there.
    constraint products_stock_not_negative check (stock >= 0)
);

create table customers (
    id text not null,
    customer_key text not null,
    -- SHA-256 of the visitor's cookie; the cookie itself is nowhere stored.
    visitor_hash text not null,
    -- What was last typed into the order form, to fill it in again.
    name text,
    email text,
    mobile_phone text,
    created_at bigint not null,
    constraint customers_pk primary key (id),
    constraint customers_key_once unique (customer_key),
    constraint customers_visitor_once unique (visitor_hash)
);

-- What every new customer is given.
create table coupon_offers (
    id text not null,
    name text not null,
    kind text not null,
    value bigint not null,
    cap bigint,
    minimum bigint not null,
    valid_days bigint not null,
    constraint coupon_offers_pk primary key (id),
    constraint coupon_offers_kind check (kind in ('FIXED', 'PERCENT'))
);

create table coupons (
    id text not null,
    customer_id text not null,
    offer_id text not null,
    name text not null,
    kind text not null,
    value bigint not null,
    cap bigint,
    minimum bigint not null,
    valid_from bigint not null,
    valid_until bigint not null,
    used_at bigint,
    used_order text,
    constraint coupons_pk primary key (id),
    constraint coupons_customer foreign key (customer_id) references customers (id),
    constraint coupons_offer_once unique (customer_id, offer_id),
    constraint coupons_kind check (kind in ('FIXED', 'PERCENT')),
    constraint coupons_value check (value > 0 and (kind = 'FIXED' or value <= 100)),
    constraint coupons_used_whole check ((used_at is null) = (used_order is null))
);

create table orders (
    id text not null,
    customer_id text not null,
    -- Identity of the form that placed it: the same form sent twice makes one order.
    place_key text not null,
    order_name text not null,
    subtotal bigint not null,
    discount bigint not null,
    amount bigint not null,
    coupon_id text,
    status text not null,
    failure_code text,
    failure_message text,
    buyer_name text not null,
    buyer_email text not null,
    buyer_mobile_phone text not null,
    created_at bigint not null,
    updated_at bigint not null,
    constraint orders_pk primary key (id),
    constraint orders_customer foreign key (customer_id) references customers (id),
    constraint orders_coupon foreign key (coupon_id) references coupons (id),
    constraint orders_place_once unique (place_key),
    constraint orders_amount_adds_up check (amount = subtotal - discount and amount >= 0 and discount >= 0)
);

create index orders_of_customer on orders (customer_id, created_at);

create table order_lines (
    order_id text not null,
    line bigint not null,
    product_id text not null,
    name text not null,
    unit_price bigint not null,
    quantity bigint not null,
    constraint order_lines_pk primary key (order_id, line),
    constraint order_lines_order foreign key (order_id) references orders (id),
    constraint order_lines_quantity check (quantity between 1 and 99)
);

-- What has been asked of Toss for an order; written before anything is sent.
create table payments (
    order_id text not null,
    payment_key text not null,
    amount bigint not null,
    idempotency_key text not null,
    created_at bigint not null,
    -- When to ask Toss again; null when nothing is in doubt.
    due_at bigint,
    -- How often Toss was asked without a verdict.
    asked bigint not null,
    -- A refusal that a look-up has still to prove.
    refused_code text,
    refused_message text,
    method text,
    method_detail text,
    approved_at text,
    receipt_url text,
    -- Toss's check value for webhooks; a credential.
    secret text,
    bank_code text,
    account_number text,
    account_due_at text,
    -- How many cancels Toss has refused; part of the next cancel's idempotency key.
    cancels_refused bigint not null,
    constraint payments_pk primary key (order_id),
    constraint payments_order foreign key (order_id) references orders (id)
);

create index payments_open on payments (due_at) where due_at is not null;

-- Everything that happened to an order, in the transaction in which it happened.
create table order_events (
    id text not null,
    order_id text not null,
    happened_at bigint not null,
    event text not null,
    status_before text not null,
    status_after text not null,
    detail text,
    constraint order_events_pk primary key (id),
    constraint order_events_order foreign key (order_id) references orders (id)
);

create index order_events_of_order on order_events (order_id, id);
