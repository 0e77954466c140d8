-- A buyer may come back from Toss in another browser than the one that ordered, as apps of banks do
-- it: that one is taken for the buyer's by a cookie of its own, one browser an order.
create table order_bearers (
    order_id text not null,
    -- SHA-256 of the token in that browser's cookie. Null where the browser that ordered has come
    -- back itself, and nobody else needs to.
    bearer_hash text,
    bound_at bigint not null,
    constraint order_bearers_pk primary key (order_id),
    constraint order_bearers_order foreign key (order_id) references orders (id)
);
