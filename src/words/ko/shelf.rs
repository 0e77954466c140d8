//! The shelf, in Korean.

use std::borrow::Cow;

use crate::words::Shelf;
use crate::words::ko::money;

pub(in crate::words) fn say(it: Shelf<'_>) -> Cow<'static, str> {
    match it {
        Shelf::Title => "상품".into(),
        Shelf::About { name } => {
            format!("상품을 골라 토스페이먼츠로 안전하게 결제하는 {name}입니다.").into()
        }
        Shelf::Nothing => "아직 상품이 없습니다.".into(),
        Shelf::InCart { pieces, subtotal } => {
            format!("장바구니 {pieces}개 · {}", money(subtotal)).into()
        }
        Shelf::ToOrder => "주문하기".into(),
        Shelf::SoldOut => "품절".into(),
        Shelf::FewLeft { pieces } => format!("{pieces}개 남음").into(),
        Shelf::InStock { pieces } => format!("재고 {pieces}개").into(),
        Shelf::PutIn => "담기".into(),
        Shelf::HasMost { pieces } => format!("{pieces}개 담음 (최대)").into(),
        Shelf::OneMore { pieces } => format!("{pieces}개 담음 · 하나 더").into(),
    }
}
