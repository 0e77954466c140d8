-- Clocks that nobody sets: when a payment was begun by the uptime of the machine and which start of
-- it that counts from, and what Toss's own clock showed in its first answer afterwards.

alter table payments add column begun_boot text;
alter table payments add column begun_uptime bigint;
alter table payments add column toss_at bigint;
