-- Coupons: definitions with a window, a number and a code; each line's share of the discount.

-- What of the order's discount falls on the line; the lines' shares add up to it.
alter table order_lines add column discount bigint not null default 0
    constraint order_lines_discount check (discount between 0 and unit_price * quantity);

-- By largest remainder, as domain/share.rs does it.
update order_lines set discount = parts.share
from (
    select order_id, line, share + case
        when row_number() over (partition by order_id order by remainder desc, line)
             <= discount - sum(share) over (partition by order_id)
        then 1 else 0 end as share
    from (
        select order_lines.order_id as order_id, order_lines.line as line,
               orders.discount as discount,
               orders.discount * (unit_price * quantity) / orders.subtotal as share,
               orders.discount * (unit_price * quantity) % orders.subtotal as remainder
        from order_lines join orders on orders.id = order_lines.order_id
        where orders.discount > 0
    ) as exact
) as parts
where parts.order_id = order_lines.order_id and parts.line = order_lines.line;

-- Who is given it: every new customer, whoever knows its code, or whom staff choose.
alter table coupon_offers add column channel text not null default 'NEW_CUSTOMER'
    constraint coupon_offers_channel check (channel in ('NEW_CUSTOMER', 'CODE', 'STAFF'));
-- As domain/code.rs writes it.
alter table coupon_offers add column code text;
-- When it may be claimed and used; `valid_days` counts from the day of issue, 0 being no limit.
alter table coupon_offers add column valid_from bigint;
alter table coupon_offers add column valid_until bigint;
-- How many there are; null is as many as asked for, and then they are not counted, because a
-- counter is a row for which everyone waits.
alter table coupon_offers add column issue_max bigint
    constraint coupon_offers_issue_max check (issue_max > 0);
alter table coupon_offers add column issued bigint not null default 0
    constraint coupon_offers_issued
    check (issued >= 0 and (issue_max is null or issued <= issue_max));
alter table coupon_offers add column per_customer bigint not null default 1
    constraint coupon_offers_per_customer check (per_customer > 0);

create unique index coupon_offers_code_once on coupon_offers (code) where code is not null;

-- `welcome:1`: which offer, and the how many-th of this customer. The same twice is one, so that nobody
-- has more than the limit.
alter table coupons rename column offer_id to issue_key;
alter table coupons add column offer_id text not null default '';
alter table coupons add column issued_at bigint not null default 0;

update coupons set offer_id = issue_key, issue_key = issue_key || ':1', issued_at = valid_from;

create index coupons_of_offer on coupons (offer_id);
