-- One cart is paid once, unless its buyer means it.

-- Which cart of a browser an order was made from, whatever its lines are. Null for orders of programs
-- and of carts that are older than this.
alter table orders add column cart_id text;
-- When the buyer said that the same cart is to be paid again, knowing what was paid or waits so far.
alter table orders add column repeat_at bigint;

-- As orders_one_in_doubt, of carts whose lines were changed in between.
create unique index orders_one_of_cart_in_doubt on orders (cart_id) where status = 'CONFIRMING';
