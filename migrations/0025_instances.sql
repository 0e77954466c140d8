-- Programs that serve the shop, each by a number that it draws when it starts, and how often each has said
-- that it is up: one whose count stands still is gone, and what it was at is taken up by another.
create table instances (
  number bigint not null constraint instances_pk primary key,
  beats bigint not null
);

-- Who has the lease.
alter table payments add column leased_by bigint;
