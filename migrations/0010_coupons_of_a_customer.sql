-- How many of an offer a customer has been issued is asked for each new customer. By the offer alone
-- that would go through all coupons of it.
drop index coupons_of_offer;
create index coupons_of_offer on coupons (offer_id, customer_id);
