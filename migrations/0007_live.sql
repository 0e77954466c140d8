-- Live status: orders that were changed of late, for the one look that feeds all open streams.
-- Nobody waits for an order that nothing has happened to yet.

create index orders_changed on orders (updated_at) where status <> 'PENDING';
