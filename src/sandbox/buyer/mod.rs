//! What a buyer does in the payment window, read from fields: for the window and the control API alike.

mod agreements;
mod choices;

pub(crate) use agreements::{Whom, agree_to_billing, recognise};
pub(crate) use choices::{account, choice, order};
