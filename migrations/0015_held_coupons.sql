-- A coupon of which there are only so many is held for whoever claims it, and is theirs once they have
-- placed an order with it.

-- Until when it is valid from then on. While this is set, `valid_until` is how long it is held.
alter table coupons add column kept_until bigint;

-- Those that are held come back when that time is over.
create index coupons_held on coupons (valid_until) where kept_until is not null;
