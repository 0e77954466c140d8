//! How many virtual accounts may wait for one buyer and from one place.

use crate::domain::actor::Actor;
use crate::server::db::orders::OrderRow;
use crate::server::db::{awaited, repeated};
use crate::server::payment::verdict::account_end::TOO_MANY;
use crate::server::{App, Error};

/// Whether one more account may not wait for this buyer or from this place; then that is written
/// down. The ones that were there first stay.
pub(super) async fn is_one_too_many(app: &App, order: &OrderRow) -> Result<bool, Error> {
    let limits = &app.shop.deposits;
    if limits.per_person.is_none() && limits.per_address.is_none() {
        return Ok(false);
    }
    let before = awaited::before(app.db.read(), order.id.as_str()).await?;
    let is_over = |count: i64, most: Option<i64>| most.is_some_and(|most| count >= most);
    let is_too_many = is_over(before.of_phone, limits.per_person)
        || is_over(before.of_email, limits.per_person)
        || is_over(before.from_address, limits.per_address);
    if is_too_many {
        tracing::warn!(order.id = order.id.as_str(), "one account too many waits for a deposit");
        repeated(async || {
            let now = app.clock.now();
            let mut tx = app.db.write().await?;
            awaited::wish_end(
                &mut tx,
                order.id.as_str(),
                &Actor::Background,
                (TOO_MANY.code(), None),
                now,
            )
            .await?;
            tx.commit().await?;
            Ok(())
        })
        .await?;
    }
    Ok(is_too_many)
}
