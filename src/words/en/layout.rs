//! Around every page, in English.

use std::borrow::Cow;

use crate::words::Layout;

pub(in crate::words) fn say(it: Layout) -> Cow<'static, str> {
    match it {
        Layout::Sandbox => "This is a test shop. No real payment is made.",
        Layout::Skip => "Skip to content",
        Layout::Menu => "Main menu",
        Layout::Cart => "Cart",
        Layout::WhoPays => {
            "Payments are processed by Toss Payments. The shop does not store your card details."
        }
        Layout::Languages => "Language",
        Layout::ToShop => "Go to the shop",
        Layout::NotFound => "Not found",
        Layout::BadAddress => "This address is not valid",
        Layout::Impossible => "This cannot be done",
        Layout::Trouble => "Something went wrong",
        Layout::NoSuchPage => "There is no page at this address. Please check it and try again.",
    }
    .into()
}
