-- Who did it: `buyer`, `staff:` and a name, `background`, `webhook`. Unknown of what happened before.
alter table order_events add column actor text;
