-- No order stands in a state that there is not.
--
-- `states` is the number of the list. A list with a state more is a column of another name in the place
-- of this one: a check goes with its column, on both databases, and SQLite changes none otherwise.
alter table orders add column states bigint not null default 1
    constraint orders_status check (
        states = 1 and status in (
            'PENDING', 'CONFIRMING', 'WAITING_FOR_DEPOSIT', 'COMPLETED', 'CANCELING', 'REFUNDING',
            'REFUND_WAITING', 'PARTIALLY_REFUNDED', 'REFUNDED', 'FAILED', 'EXPIRED'
        )
    );
