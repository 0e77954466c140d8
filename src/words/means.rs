//! How an order was paid: what each method needs to say.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    Title,
    Method,
    ApprovedAt,
    Detail,
    Receipt,
    SeeReceipt,
    CashReceipt,
    SeeCashReceipt,
    Card,
    Plan,
    CardPoints,
    Used,
    ByCard,
    ByBalance,
    ByPoints,
    Bank,
    Mobile,
    Approval,
    Promotion,
    AtOnce,
    FreeMonths { months: u32 },
    Months { months: u32 },
    OnTheBill,
    ToTheGift,
}

impl Means {
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::means::say(self),
            Language::En => en::means::say(self),
        }
    }
}
