//! How an order was paid, in English.

use std::borrow::Cow;

use crate::words::Means;

pub(in crate::words) fn say(it: Means) -> Cow<'static, str> {
    match it {
        Means::Title => "Payment details".into(),
        Means::Method => "Payment method".into(),
        Means::ApprovedAt => "Approved at".into(),
        Means::Detail => "Details".into(),
        Means::Receipt => "Receipt".into(),
        Means::SeeReceipt => "See the receipt".into(),
        Means::CashReceipt => "Cash receipt".into(),
        Means::SeeCashReceipt => "See the cash receipt".into(),
        Means::Card => "Card".into(),
        Means::Plan => "Instalments".into(),
        Means::CardPoints => "Card points".into(),
        Means::Used => "Used".into(),
        Means::ByCard => "Paid by card".into(),
        Means::ByBalance => "Paid from an account or balance".into(),
        Means::ByPoints => "Points and discounts".into(),
        Means::Bank => "Bank".into(),
        Means::Mobile => "Mobile number".into(),
        Means::Approval => "Approval number".into(),
        Means::Promotion => "Instant discount".into(),
        Means::AtOnce => "Single payment".into(),
        Means::FreeMonths { months } => format!("{months} months, interest-free").into(),
        Means::Months { months } => format!("{months} months (interest as set by the card company)").into(),
        Means::OnTheBill => "The amount is added to your mobile phone bill. A refund by cancelling the payment is possible only within the month of payment.".into(),
        Means::ToTheGift => "A refund goes back to the gift certificate you paid with.".into(),
    }
}
