-- Why an order failed, where the shop itself says so: a code with its values, as JSON, of which a sentence is
-- made when it is shown. And what Toss says, in Toss's own words. `failure_message` is a sentence of before.
alter table orders add column failure_reason text;
alter table orders add column failure_words text;

-- Sentences that the shop has written itself become codes; any other stays as it is.

update orders set failure_reason = '{"reason":"AMOUNT_MISMATCH"}'
where failure_code = 'AMOUNT_MISMATCH'
  and failure_message = '결제 금액 불일치';

update orders set failure_reason = '{"reason":"OTHER_AMOUNT_TAKEN"}'
where failure_code = 'AMOUNT_MISMATCH'
  and failure_message = '결제된 금액이 주문 금액과 달라 결제를 취소했습니다.';

update orders set failure_reason = '{"reason":"COMPLETION_FAILED"}'
where failure_code = 'COMPLETION_FAILED'
  and failure_message = '주문을 완료하지 못해 결제를 취소했습니다.';

update orders set failure_reason = '{"reason":"NOT_PAID_IN_TIME"}'
where failure_code = 'NOT_PAID_IN_TIME'
  and failure_message = '결제 시간이 지나 주문이 만료되었습니다.';

update orders set failure_reason = '{"reason":"CANCELED_PAYMENT"}'
where failure_code = 'CANCELED_PAYMENT'
  and failure_message = '결제가 취소되었습니다.';

update orders set failure_reason = '{"reason":"DEPOSIT_REVERSED"}'
where failure_code = 'CANCELED_PAYMENT'
  and failure_message = '은행이 입금을 되돌려 결제가 취소되었습니다.';

update orders set failure_reason = '{"reason":"EXPIRED_PAYMENT"}'
where failure_code = 'EXPIRED_PAYMENT'
  and failure_message = '결제가 만료되었습니다. 다시 시도해주세요.';

update orders set failure_reason = '{"reason":"NOT_MATCHED_PAYMENT"}'
where failure_code = 'NOT_MATCHED_PAYMENT'
  and failure_message = '주문과 결제 정보가 일치하지 않습니다.';

update orders set failure_reason = '{"reason":"NOT_FOUND_PAYMENT"}'
where failure_code = 'NOT_FOUND_PAYMENT'
  and failure_message = '존재하지 않는 결제 정보 입니다.';

update orders set failure_reason = '{"reason":"NOT_DEPOSITED_IN_TIME"}'
where failure_code = 'NOT_DEPOSITED_IN_TIME'
  and failure_message = '입금 기한이 지나 주문이 만료되었습니다.';

update orders set failure_reason = '{"reason":"ACCOUNT_CANCELED"}'
where failure_code = 'ACCOUNT_CANCELED'
  and failure_message = '입금 전에 가상계좌가 취소되었습니다. 이 계좌로 입금하지 마세요.';

update orders set failure_reason = '{"reason":"ACCOUNT_CANCELED_BY_SHOP"}'
where failure_code = 'ACCOUNT_CANCELED_BY_SHOP'
  and failure_message = '상점에서 입금 전에 주문을 취소했습니다. 이 계좌로 입금하지 마세요.';

update orders set failure_reason = '{"reason":"ACCOUNT_CANCELED_BY_BUYER"}'
where failure_code = 'ACCOUNT_CANCELED_BY_BUYER'
  and failure_message = '요청하신 대로 입금 전에 주문을 취소했습니다. 이 계좌로 입금하지 마세요.';

update orders set failure_reason = '{"reason":"TOO_MANY_ACCOUNTS"}'
where failure_code = 'TOO_MANY_ACCOUNTS'
  and failure_message = '입금을 기다리는 주문이 이미 있어 새 가상계좌를 취소했습니다. 앞선 주문에 먼저 입금하거나 그 주문을 취소해 주세요.';

update orders set failure_reason = '{"reason":"PAY_PROCESS_CANCELED"}'
where failure_code = 'PAY_PROCESS_CANCELED'
  and failure_message = '결제를 취소했습니다.';

update orders set failure_reason = '{"reason":"USER_CANCEL"}'
where failure_code = 'USER_CANCEL'
  and failure_message = '결제를 취소했습니다.';

update orders set failure_reason = '{"reason":"PAY_PROCESS_ABORTED"}'
where failure_code = 'PAY_PROCESS_ABORTED'
  and failure_message = '결제가 중단되어 결제되지 않았습니다.';

update orders set failure_reason = '{"reason":"REJECT_CARD_COMPANY"}'
where failure_code = 'REJECT_CARD_COMPANY'
  and failure_message = '카드사에서 승인을 거절해 결제되지 않았습니다.';

update orders set failure_reason = '{"reason":"NOT_PAID"}'
where failure_code = 'NOT_PAID'
  and failure_message = '결제를 마치지 않았습니다.';

update orders set failure_reason = '{"reason":"COUPON_UNAVAILABLE","values":{"charge":"NEVER"}}'
where failure_code = 'COUPON_UNAVAILABLE'
  and failure_message = '쿠폰을 더 이상 사용할 수 없어 결제하지 않았습니다.';

update orders set failure_reason = '{"reason":"COUPON_UNAVAILABLE","values":{"charge":"UNDONE"}}'
where failure_code = 'COUPON_UNAVAILABLE'
  and failure_message = '쿠폰을 더 이상 사용할 수 없어 결제를 취소했습니다.';

update orders set failure_reason = '{"reason":"COUPON_USED_BY_BUYER","values":{"charge":"NEVER"}}'
where failure_code = 'COUPON_USED_BY_BUYER'
  and failure_message = '같은 휴대폰 번호나 이메일로 이미 사용한 쿠폰이어서 결제하지 않았습니다.';

update orders set failure_reason = '{"reason":"COUPON_USED_BY_BUYER","values":{"charge":"UNDONE"}}'
where failure_code = 'COUPON_USED_BY_BUYER'
  and failure_message = '같은 휴대폰 번호나 이메일로 이미 사용한 쿠폰이어서 결제를 취소했습니다.';

-- Toss's code, and the shop's sentence.
update orders
set failure_reason = '{"reason":"KEYS_REFUSED","values":{"code":"' || failure_code || '"}}'
where failure_message = '결제 설정에 문제가 있어 결제하지 않았습니다. 상점에 문의해 주세요.'
  and failure_code in ('UNAUTHORIZED_KEY', 'INCORRECT_BASIC_AUTH_FORMAT', 'INVALID_API_KEY');

-- With the product's name between the quotes, and after them one ending or the other.

update orders
set failure_reason = '{"reason":"OUT_OF_STOCK","values":{"product":"'
    || replace(replace(substr(failure_message, 2, length(failure_message) - 26),
                       '\', '\' || '\'), '"', '\' || '"')
    || '","charge":"NEVER"}}'
where failure_code = 'OUT_OF_STOCK'
  and failure_message like '‘%’ 상품의 재고가 부족해 결제하지 않았습니다.';

update orders
set failure_reason = '{"reason":"OUT_OF_STOCK","values":{"product":"'
    || replace(replace(substr(failure_message, 2, length(failure_message) - 26),
                       '\', '\' || '\'), '"', '\' || '"')
    || '","charge":"UNDONE"}}'
where failure_code = 'OUT_OF_STOCK'
  and failure_message like '‘%’ 상품의 재고가 부족해 결제를 취소했습니다.';

update orders set failure_message = null where failure_reason is not null;
