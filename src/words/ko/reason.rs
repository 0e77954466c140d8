//! Why something cannot be, in Korean.

use std::borrow::Cow;

use crate::domain::code::CouponCode;
use crate::words::ko::{cart, coupon, order, rule};
use crate::words::{Cart, Coupon, OrderPage, Reason};

pub(in crate::words) fn say(it: &Reason) -> Cow<'static, str> {
    match it {
        Reason::Buyer => "주문자 정보를 다시 확인해 주세요.",
        Reason::Unsold => "판매하지 않는 상품입니다.",
        Reason::Quantity { most } => {
            return format!("수량은 0~{most} 사이의 숫자여야 합니다.").into();
        }
        Reason::TooManyLines { most } => {
            return format!("한 번에 {most}가지 상품까지 주문할 수 있습니다.").into();
        }
        Reason::NoLines => "주문할 상품이 없습니다.",
        Reason::Short => "주문하신 수량만큼 남지 않은 상품이 있습니다. 수량을 확인해 주세요.",
        Reason::Lines => "이대로는 주문할 수 없습니다. 상품과 금액을 확인해 주세요.",
        Reason::Risen => "그사이 가격이 올랐습니다. 금액을 확인하고 다시 주문해 주세요.",
        Reason::CodeForm => return rule::say(CouponCode::RULE),
        Reason::CodeTries => {
            "쿠폰 코드를 여러 번 시도했습니다. 잠시 기다린 뒤에 다시 시도해 주세요."
        }
        Reason::CodeUnknown => "등록되지 않은 쿠폰 코드입니다. 코드를 다시 확인해 주세요.",
        Reason::CodeNotYet => "아직 받을 수 없는 쿠폰입니다.",
        Reason::CodeOver => "기간이 끝난 쿠폰입니다.",
        Reason::CodeAllGone => "선착순 마감된 쿠폰입니다.",
        Reason::CodeHasIt => "이미 받은 쿠폰입니다. 쿠폰 목록에서 확인해 주세요.",
        Reason::CodeUsed => "같은 휴대폰 번호나 이메일로 이미 사용한 쿠폰입니다.",
        Reason::CouponUnusable => {
            "쿠폰을 이 주문에 적용하지 않았습니다. 쿠폰 목록에서 조건과 할인 금액을 확인해 주세요."
        }
        Reason::NotHere => "이 브라우저에서 한 주문이 아닙니다.",
        Reason::PaymentBegun => "이미 결제가 시작된 주문은 바꿀 수 없습니다.",
        Reason::Method => "지원하지 않는 요청 방식입니다.",
        Reason::NoOrder => return order::say(OrderPage::NotFound),
        Reason::UnsoldProduct { product } => {
            return format!("판매하지 않는 상품입니다 ({product})").into();
        }
        Reason::ShortOf { product, pieces } => return short(product, *pieces),
        Reason::ShortNow { product, pieces } => {
            let short = short(product, *pieces);
            return format!("{short} 결제하지 않았으니, 수량을 바꿔 새로 주문해 주세요.").into();
        }
        Reason::TooLittle { least } | Reason::CouponTooLittle { least } => {
            return coupon::say(Coupon::TooLittle { least: *least });
        }
        Reason::TooMuch { most } => return coupon::say(Coupon::TooMuch { most: *most }),
        Reason::CouponUnknown => "쿠폰을 찾을 수 없습니다",
        Reason::CouponUsed => return coupon::say(Coupon::Used),
        Reason::CouponUsedElsewhere => "다른 주문에 사용한 쿠폰입니다.",
        Reason::CouponUsedByBuyer => return say(&Reason::CodeUsed),
        Reason::CouponNotYet => return coupon::say(Coupon::NotYet),
        Reason::CouponOver => return coupon::say(Coupon::Over),
        Reason::CouponMinimum { minimum } => {
            return coupon::say(Coupon::BelowMinimum { minimum: *minimum });
        }
        Reason::CouponLost { why } => {
            let why = say(why);
            return format!("{why} 쿠폰을 바꾸거나 ‘사용 안 함’을 선택해 주세요.").into();
        }
        Reason::CodeWait { seconds } => {
            return again("쿠폰 코드를 여러 번 잘못 입력했습니다", *seconds);
        }
        Reason::CodeWaitAddress { seconds } => {
            return again("같은 인터넷 주소에서 쿠폰 코드를 여러 번 잘못 입력했습니다", *seconds);
        }
        Reason::CodeWaitClaims { seconds } => {
            return again("같은 인터넷 주소에서 쿠폰을 많이 받았습니다", *seconds);
        }
        Reason::Crowd => {
            "같은 주소에서 한꺼번에 너무 많은 요청이 왔습니다. 잠시 후 다시 시도해 주세요."
        }
        Reason::Unrecorded => {
            "아직 결제를 접수하지 못했습니다. 다시 결제하지 말고 잠시 후 이 화면을 새로 고쳐 주세요."
        }
        Reason::OtherPayment => {
            "이 주문에는 이미 다른 결제가 진행되었습니다. 이 결제는 승인하지 않았습니다."
        }
        Reason::RepeatedPayment => {
            "같은 장바구니로 이미 주문하여 이 결제는 승인하지 않았습니다. 한 번 더 결제하려면 주문한 브라우저에서 확인해 주세요."
        }
        Reason::DoubtedPayment => {
            "같은 장바구니의 다른 결제를 확인하고 있어 이 결제는 승인하지 않았습니다. 확인이 끝날 때까지 다시 결제하지 마세요."
        }
        Reason::RepeatedCart => {
            "같은 장바구니로 이미 주문했습니다. 화면을 새로 고쳐 한 번 더 결제할지 확인해 주세요."
        }
        Reason::DoubtedCart => {
            "같은 장바구니의 다른 결제를 확인하고 있습니다. 확인이 끝날 때까지 다시 결제하지 마세요."
        }
        Reason::NotYoursToLeave => "이 주문을 한 브라우저에서만 결제를 그만둘 수 있습니다.",
        Reason::OtherSite => "다른 사이트에서 보낸 요청은 받지 않습니다.",
        Reason::NoOrigin => "쿠키로 하는 요청에는 상점의 주소를 적은 Origin 헤더가 있어야 합니다.",
        Reason::ContentType { expected } => {
            return format!("Content-Type은 {expected}이어야 합니다.").into();
        }
        Reason::BodyTooLarge { most } => {
            return format!("요청 본문은 {most}바이트 이하여야 합니다.").into();
        }
        Reason::Missing => "값이 없습니다",
        Reason::Unreadable { text } => return format!("요청을 읽을 수 없습니다: {text}").into(),
        Reason::NoSuchApi => "없는 API 주소입니다.",
        Reason::NoStream => "지금은 실시간으로 알려 드릴 수 없습니다. 잠시 후 다시 확인해 주세요.",
        Reason::Refused => "요청하신 대로 할 수 없습니다. 다시 확인해 주세요.",
        Reason::Unavailable => "지금은 주문을 처리할 수 없습니다. 잠시 후 다시 시도해 주세요.",
        Reason::Failed => "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해 주세요.",
    }
    .into()
}

fn short(product: &str, pieces: i64) -> Cow<'static, str> {
    cart::say(match pieces {
        0 => Cart::ShortOfAll { name: product },
        pieces => Cart::Short { name: product, pieces },
    })
}

fn again(what: &str, seconds: i64) -> Cow<'static, str> {
    let wait = match seconds {
        ..60 => format!("{seconds}초"),
        60..3_600 => format!("{}분", (seconds + 59) / 60),
        3_600.. => format!("{}시간", (seconds + 3_599) / 3_600),
    };
    format!("{what}. {wait} 뒤에 다시 시도해 주세요.").into()
}
