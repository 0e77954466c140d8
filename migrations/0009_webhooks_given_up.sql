-- Webhooks that came to nothing, for the figure that tells of them.

-- When the shop stopped to look into it although it knew the order; its outcome says why.
alter table webhooks add column given_up_at bigint;

update webhooks set given_up_at = received_at where outcome = 'given up: toss did not answer';

create index webhooks_given_up on webhooks (given_up_at) where given_up_at is not null;
