//! An order as it is stored.

use sqlx::FromRow;

use crate::domain::claimant::Claimant;
use crate::domain::contact::Contact;
use crate::domain::id::{CouponId, OrderId};
use crate::domain::order::Status;
use crate::domain::won::Won;
use crate::server::db::reasons::{Reason, Stored};
use crate::server::db::stored::{FileRow, TableRow};

/// One order as stored.
#[derive(Clone, Debug, FromRow)]
pub struct OrderRow {
    pub id: OrderId,
    pub customer_id: String,
    pub order_name: String,
    pub subtotal: Won,
    pub discount: Won,
    pub amount: Won,
    pub coupon_id: Option<CouponId>,
    pub status: Status,
    pub failure_code: Option<String>,
    pub failure_reason: Option<String>,
    pub failure_words: Option<String>,
    pub failure_message: Option<String>,
    pub buyer_name: String,
    pub buyer_email: String,
    pub buyer_mobile_phone: String,
    pub created_at: i64,
    pub updated_at: i64,
    /// Same customer and same lines: the same key.
    pub cart_key: Option<String>,
    /// The cart of its browser that it was made from.
    pub cart_id: Option<String>,
    /// What Toss has taken for it, and of that what went back.
    pub paid: Won,
    pub refunded: Won,
}

impl TableRow for OrderRow {
    const TABLE: &'static str = "orders";
}

impl FileRow for OrderRow {
    fn of(row: &rusqlite::Row<'_>) -> rusqlite::Result<OrderRow> {
        Ok(OrderRow {
            id: row.get("id")?,
            customer_id: row.get("customer_id")?,
            order_name: row.get("order_name")?,
            subtotal: row.get("subtotal")?,
            discount: row.get("discount")?,
            amount: row.get("amount")?,
            coupon_id: row.get("coupon_id")?,
            status: row.get("status")?,
            failure_code: row.get("failure_code")?,
            failure_reason: row.get("failure_reason")?,
            failure_words: row.get("failure_words")?,
            failure_message: row.get("failure_message")?,
            buyer_name: row.get("buyer_name")?,
            buyer_email: row.get("buyer_email")?,
            buyer_mobile_phone: row.get("buyer_mobile_phone")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            cart_key: row.get("cart_key")?,
            cart_id: row.get("cart_id")?,
            paid: row.get("paid")?,
            refunded: row.get("refunded")?,
        })
    }
}

impl OrderRow {
    /// What is left for the buyer to get back.
    pub fn left(&self) -> Won {
        self.paid.minus(self.refunded).unwrap_or_default()
    }

    /// Whom its coupon counts for.
    pub fn claimant(&self) -> Claimant {
        Claimant::of(&self.buyer_mobile_phone, &self.buyer_email)
    }

    /// The buyer, as on the order form.
    pub fn contact(&self) -> Contact {
        Contact::kept(&self.buyer_name, &self.buyer_email, &self.buyer_mobile_phone)
    }

    /// Why it failed, if it did.
    pub fn failure(&self) -> Option<Reason> {
        let stored = Stored {
            code: self.failure_code.clone(),
            own: self.failure_reason.clone(),
            words: self.failure_words.clone(),
            sentence: self.failure_message.clone(),
        };
        stored.read()
    }
}
