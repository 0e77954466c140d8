-- Webhooks come to an end.

-- All notices about one order are worked through together, and are bounded together.
create index webhooks_of_order on webhooks (order_id, received_at);

-- What is done with is forgotten by its age.
create index webhooks_done on webhooks (received_at) where due_at is null and given_up_at is null;
