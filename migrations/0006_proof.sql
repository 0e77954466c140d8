-- The money proof: what Toss lists, how far it has been walked through, and what does not add up.

-- Toss's list of approvals and cancels, as far as it has been walked through.
create table toss_transactions (
    transaction_key text not null,
    payment_key text not null,
    order_id text not null,
    status text not null,
    currency text not null,
    -- Without its sign: which one a cancel has is nowhere documented.
    amount bigint not null,
    transaction_at bigint not null,
    seen_at bigint not null,
    constraint toss_transactions_pk primary key (transaction_key)
);

create index toss_transactions_of_order on toss_transactions (order_id, transaction_key);

-- How far each walk has come. One row each, leased, so that instances share the work.
create table proof_marks (
    -- soon, late: Toss's list, just behind now and once more a day later. orders, products, …: the
    -- tables that the laws are about.
    name text not null,
    -- Everything before this time has been walked through.
    upto bigint not null,
    -- The end of the part that is being walked through, and the last key of it that was seen.
    window_to bigint,
    after_key text,
    due_at bigint not null,
    -- How often in a row Toss has not answered.
    tries bigint not null,
    leased_until bigint,
    constraint proof_marks_pk primary key (name)
);

-- Orders that are to be compared with Toss, and those that were found to differ.
create table proofs (
    order_id text not null,
    -- When to look at it; null when there is no reason to, until something changes.
    due_at bigint,
    -- How often Toss was asked about it since something changed.
    looks bigint not null,
    -- What was compared at the last look, to tell whether something has changed since.
    rows_seen bigint not null,
    paid bigint not null,
    refunded bigint not null,
    -- What Toss had, and by how much that was more than here.
    kept bigint,
    drift bigint not null,
    cause text,
    detail text,
    looked_at bigint,
    constraint proofs_pk primary key (order_id)
);

create index proofs_due on proofs (due_at) where due_at is not null;
create index proofs_drift on proofs (order_id) where drift <> 0;

-- Rows that break a law of the database alone.
create table proof_offences (
    law text not null,
    -- The table that was gone through, and the row's key there.
    source text not null,
    one text not null,
    other text not null,
    found_at bigint not null,
    constraint proof_offences_pk primary key (law, one)
);

-- Stock is counted product by product.
create index order_lines_of_product on order_lines (product_id);

-- Which orders hold a coupon.
create index orders_of_coupon on orders (coupon_id) where coupon_id is not null;
