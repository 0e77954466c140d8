//! Toss's names of methods, in English.

use crate::words::toss::TossWord;

pub(in crate::words) fn say(it: TossWord) -> &'static str {
    match it {
        TossWord::Card => "Card",
        TossWord::VirtualAccount => "Virtual account",
        TossWord::EasyPay => "Easy pay",
        TossWord::Mobile => "Mobile phone",
        TossWord::Transfer => "Bank transfer",
        TossWord::CultureGift => "Culture gift certificate",
        TossWord::BookGift => "Book and culture gift certificate",
        TossWord::GameGift => "Game and culture gift certificate",
        TossWord::TossPay => "Toss Pay",
        TossWord::NaverPay => "Naver Pay",
        TossWord::KakaoPay => "KakaoPay",
        TossWord::SamsungPay => "Samsung Pay",
        TossWord::ApplePay => "Apple Pay",
        TossWord::LPay => "L.Pay",
        TossWord::Payco => "PAYCO",
        TossWord::SsgPay => "SSG Pay",
        TossWord::PinPay => "PinPay",
        TossWord::Payment => "Payment",
        TossWord::IncomeDeduction => "Income deduction",
        TossWord::ProofOfExpense => "Proof of expense",
    }
}
