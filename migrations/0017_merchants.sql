-- The merchant at Toss that a payment is of, as its answers say: a shop and its Toss recognise each
-- other by it.
alter table payments add column m_id text;
