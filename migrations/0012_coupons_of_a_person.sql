-- A coupon counts for a person, not for a browser: who ordered with it is kept as domain/claimant.rs
-- writes it, and how often each phone and each e-mail has used an offer is counted in a row of its
-- own, on which two who are at it at the same moment wait for each other.

alter table coupons add column used_phone text;
alter table coupons add column used_email text;

create table coupon_uses (
    offer_id text not null,
    -- `phone 1012345678` or `email hong@example.com`
    contact text not null,
    used bigint not null,
    constraint coupon_uses_pk primary key (offer_id, contact),
    constraint coupon_uses_not_negative check (used >= 0)
);

create index coupon_uses_of_contact on coupon_uses (contact);

update coupons set
    used_phone = (
        select 'phone ' || case
            when ltrim(replace(replace(replace(buyer_mobile_phone, '-', ''), ' ', ''), '+', ''), '0')
                 like '82%'
            then ltrim(substr(ltrim(replace(replace(replace(buyer_mobile_phone, '-', ''), ' ', ''),
                                            '+', ''), '0'), 3), '0')
            else ltrim(replace(replace(replace(buyer_mobile_phone, '-', ''), ' ', ''), '+', ''), '0')
            end
        from orders where orders.id = coupons.used_order
    ),
    used_email = (
        select 'email ' || lower(buyer_email) from orders where orders.id = coupons.used_order
    )
where used_order is not null;

insert into coupon_uses (offer_id, contact, used)
select offer_id, contact, count(*) from (
    select offer_id, used_phone as contact from coupons where used_phone is not null
    union all
    select offer_id, used_email as contact from coupons where used_email is not null
) as uses group by offer_id, contact;

-- Of the shop itself, made once; with the first of them cookies are signed.
create table shop_secrets (
    name text not null,
    value text not null,
    made_at bigint not null,
    constraint shop_secrets_pk primary key (name)
);

-- What the visitor's cookie was before the last one, and since when it is no longer.
alter table customers add column former_hash text;
alter table customers add column renewed_at bigint;
create index customers_former on customers (former_hash) where former_hash is not null;
