-- That a virtual account is to be ended before its deposit: why, as a code, and in whose words Toss is
-- told. Empty once the order does not wait any more.
alter table payments add column end_code text;
alter table payments add column end_words text;

-- By when the shop itself wants the deposit. Toss may wait longer.
alter table payments add column deposit_by bigint;

-- The network that an order was placed from, where it is known; forgotten after a month.
alter table orders add column placed_from text;
create index orders_placed_from on orders (created_at) where placed_from is not null;

-- What waits for a deposit is counted by phone.
create index orders_awaited on orders (buyer_mobile_phone) where status = 'WAITING_FOR_DEPOSIT';
