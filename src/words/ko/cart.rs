//! The cart, in Korean.

use std::borrow::Cow;

use crate::words::Cart;
use crate::words::ko::money;

pub(in crate::words) fn say(it: Cart<'_>) -> Cow<'static, str> {
    match it {
        Cart::Title => "장바구니".into(),
        Cart::About => "담은 상품을 확인하고 주문자 정보를 입력하는 장바구니입니다.".into(),
        Cart::Dearer { name, was, now } => {
            format!("‘{name}’ 가격이 담을 때 {}에서 {}으로 올랐습니다.", money(was), money(now))
                .into()
        }
        Cart::Gone { name } => {
            format!("‘{name}’ 상품은 더 이상 판매하지 않아 주문에서 빠졌습니다.").into()
        }
        Cart::GoneNameless => "더 이상 판매하지 않는 상품이 주문에서 빠졌습니다.".into(),
        Cart::TakeOutGone => "장바구니에서 지우기".into(),
        Cart::Short { name, pieces } => {
            format!("‘{name}’ 상품은 {pieces}개까지 주문할 수 있습니다.").into()
        }
        Cart::ShortOfAll { name } => format!("‘{name}’ 상품이 품절되었습니다.").into(),
        Cart::Empty => "장바구니가 비어 있습니다.".into(),
        Cart::ToShelf => "상품 보러 가기".into(),
        Cart::Lines => "담은 상품".into(),
        Cart::Removed => "상품을 장바구니에서 삭제했습니다.".into(),
        Cart::Less { name } => format!("{name} 하나 빼기").into(),
        Cart::LessNow { name, pieces } => format!("{name} 하나 빼기, 현재 {pieces}개").into(),
        Cart::More { name } => format!("{name} 하나 더하기").into(),
        Cart::MoreNow { name, pieces } => format!("{name} 하나 더하기, 현재 {pieces}개").into(),
        Cart::Quantity { name } => format!("{name} 수량").into(),
        Cart::Remove => "삭제".into(),
        Cart::RemoveLine { name } => format!("{name} 삭제").into(),
        Cart::Buyer => "주문자".into(),
        Cart::Name => "이름".into(),
        Cart::NameHint => "홍길동".into(),
        Cart::Email => "이메일".into(),
        Cart::Mobile => "휴대폰".into(),
        Cart::CouponsLater => "쿠폰은 다음 화면에서 고를 수 있습니다.".into(),
        Cart::Order { subtotal } => format!("{} 주문하기", money(subtotal)).into(),
    }
}
