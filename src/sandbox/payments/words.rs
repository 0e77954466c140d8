//! The values that Toss says in Korean or in English, by `Accept-Language` (Toss: api.md §1.4).
//!
//! That English is answered is documented; which words, only in part. They are listed as an
//! assumption.

use crate::sandbox::language::Word;

pub(crate) const CARD: Word = Word::new("카드", "CARD");
pub(crate) const EASY_PAY: Word = Word::new("간편결제", "EASY_PAY");
pub(crate) const FOREIGN_EASY_PAY: Word = Word::new("해외간편결제", "FOREIGN_EASY_PAY");
pub(crate) const VIRTUAL_ACCOUNT: Word = Word::new("가상계좌", "VIRTUAL_ACCOUNT");
pub(crate) const TRANSFER: Word = Word::new("계좌이체", "TRANSFER");
pub(crate) const MOBILE_PHONE: Word = Word::new("휴대폰", "MOBILE_PHONE");
pub(crate) const CULTURE_GIFT: Word = Word::new("문화상품권", "CULTURE_GIFT_CERTIFICATE");
pub(crate) const BOOK_GIFT: Word = Word::new("도서문화상품권", "BOOK_GIFT_CERTIFICATE");
pub(crate) const GAME_GIFT: Word = Word::new("게임문화상품권", "GAME_GIFT_CERTIFICATE");

pub(crate) const CREDIT: Word = Word::new("신용", "CREDIT");
pub(crate) const CHECK: Word = Word::new("체크", "CHECK");
pub(crate) const UNKNOWN: Word = Word::new("미확인", "UNKNOWN");
pub(crate) const PERSONAL: Word = Word::new("개인", "PERSONAL");
pub(crate) const CORPORATE: Word = Word::new("법인", "CORPORATE");

pub(crate) const ACCOUNT_GENERAL: Word = Word::new("일반", "GENERAL");
pub(crate) const ACCOUNT_FIXED: Word = Word::new("고정", "FIXED");

pub(crate) const INCOME_DEDUCTION: Word = Word::new("소득공제", "INCOME_DEDUCTION");
pub(crate) const EXPENSE_PROOF: Word = Word::new("지출증빙", "EXPENSE_PROOF");
pub(crate) const NOT_ISSUED: Word = Word::new("미발행", "NOT_ISSUED");

pub(crate) const EXPIRED_MESSAGE: Word = Word::new(
    "결제가 만료되었습니다. 다시 시도해주세요.",
    "The payment has expired. Please try again.",
);
