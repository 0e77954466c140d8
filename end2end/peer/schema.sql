create table products (
    id text primary key,
    price integer not null,
    stock integer not null check (stock >= 0)
);

create table orders (
    id text primary key,
    amount integer not null,
    status text not null default 'PENDING',
    payment_key text,
    created_at timestamptz not null default now()
);

create table order_lines (
    order_id text not null references orders (id),
    product_id text not null references products (id),
    quantity integer not null check (quantity > 0),
    price integer not null,
    primary key (order_id, product_id)
);

create table order_events (
    id bigint generated always as identity primary key,
    order_id text not null references orders (id),
    kind text not null,
    at timestamptz not null default now()
);
create index order_events_by_order on order_events (order_id);
