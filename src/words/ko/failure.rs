//! Why an order failed, in Korean.

use std::borrow::Cow;

use crate::words::{Charge, Failure};

pub(in crate::words) fn say(it: &Failure) -> Cow<'static, str> {
    match it {
        Failure::OutOfStock { product, charge } => {
            format!("‘{product}’ 상품의 재고가 부족해 {}.", end(*charge)).into()
        }
        Failure::CouponUnavailable { charge } => {
            format!("쿠폰을 더 이상 사용할 수 없어 {}.", end(*charge)).into()
        }
        Failure::CouponUsedByBuyer { charge } => {
            format!("같은 휴대폰 번호나 이메일로 이미 사용한 쿠폰이어서 {}.", end(*charge)).into()
        }
        Failure::AmountMismatch => "결제 금액 불일치".into(),
        Failure::OtherAmountTaken => "결제된 금액이 주문 금액과 달라 결제를 취소했습니다.".into(),
        Failure::CompletionFailed => "주문을 완료하지 못해 결제를 취소했습니다.".into(),
        Failure::KeysRefused { .. } => {
            "결제 설정에 문제가 있어 결제하지 않았습니다. 상점에 문의해 주세요.".into()
        }
        Failure::NotPaidInTime => "결제 시간이 지나 주문이 만료되었습니다.".into(),
        Failure::CanceledPayment => "결제가 취소되었습니다.".into(),
        Failure::DepositReversed => "은행이 입금을 되돌려 결제가 취소되었습니다.".into(),
        Failure::ExpiredPayment => "결제가 만료되었습니다. 다시 시도해주세요.".into(),
        Failure::NotMatchedPayment => "주문과 결제 정보가 일치하지 않습니다.".into(),
        Failure::NotFoundPayment => "존재하지 않는 결제 정보 입니다.".into(),
        Failure::NotDepositedInTime => "입금 기한이 지나 주문이 만료되었습니다.".into(),
        Failure::AccountCanceled => {
            "입금 전에 가상계좌가 취소되었습니다. 이 계좌로 입금하지 마세요.".into()
        }
        Failure::AccountCanceledByShop => {
            "상점에서 입금 전에 주문을 취소했습니다. 이 계좌로 입금하지 마세요.".into()
        }
        Failure::AccountCanceledByBuyer => {
            "요청하신 대로 입금 전에 주문을 취소했습니다. 이 계좌로 입금하지 마세요.".into()
        }
        Failure::TooManyAccounts => {
            "입금을 기다리는 주문이 이미 있어 새 가상계좌를 취소했습니다. 앞선 주문에 먼저 입금하거나 그 주문을 취소해 주세요.".into()
        }
        Failure::PayProcessCanceled | Failure::UserCancel => "결제를 취소했습니다.".into(),
        Failure::PayProcessAborted => "결제가 중단되어 결제되지 않았습니다.".into(),
        Failure::RejectCardCompany => "카드사에서 승인을 거절해 결제되지 않았습니다.".into(),
        Failure::NotPaid => "결제를 마치지 않았습니다.".into(),
    }
}

fn end(charge: Charge) -> &'static str {
    match charge {
        Charge::Never => "결제하지 않았습니다",
        Charge::Undone => "결제를 취소했습니다",
    }
}
