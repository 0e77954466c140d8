//! Toss's names of methods, in Korean.

use crate::words::toss::TossWord;

pub(in crate::words) fn say(it: TossWord) -> &'static str {
    match it {
        TossWord::Card => "카드",
        TossWord::VirtualAccount => "가상계좌",
        TossWord::EasyPay => "간편결제",
        TossWord::Mobile => "휴대폰",
        TossWord::Transfer => "계좌이체",
        TossWord::CultureGift => "문화상품권",
        TossWord::BookGift => "도서문화상품권",
        TossWord::GameGift => "게임문화상품권",
        TossWord::TossPay => "토스페이",
        TossWord::NaverPay => "네이버페이",
        TossWord::KakaoPay => "카카오페이",
        TossWord::SamsungPay => "삼성페이",
        TossWord::ApplePay => "애플페이",
        TossWord::LPay => "엘페이",
        TossWord::Payco => "페이코",
        TossWord::SsgPay => "SSG페이",
        TossWord::PinPay => "핀페이",
        TossWord::Payment => "결제",
        TossWord::IncomeDeduction => "소득공제",
        TossWord::ProofOfExpense => "지출증빙",
    }
}
