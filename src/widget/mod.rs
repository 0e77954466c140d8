//! Toss's browser script, typed: the only JavaScript the shop calls.
//!
//! Everything here is called from effects and event handlers, which run in the browser alone.
//! The bindings compile on the server too and are never reached there.

mod payment_widget;
mod script;
mod sdk_error;

pub use payment_widget::{Customer, Happened, PaymentWidget, Request, Setup};
pub use script::load;
pub use sdk_error::SdkError;
