//! The shelf and the cart, priced from the catalogue.

use crate::contract::{CartLineView, CartView, GoneView, ProductView, Told};
use crate::domain::cart::Cart;
use crate::domain::id::ProductId;
use crate::domain::price::Price;
use crate::domain::won::Won;
use crate::server::db::catalogue::{self, ProductRow};
use crate::server::db::shelf;
use crate::server::files;
use crate::server::shop::seen::Seen;
use crate::server::shop::{coupon, pictures};
use crate::server::{App, Error};
use crate::words::spoken;

/// All products, from memory: see [`shelf`].
pub async fn products(app: &App) -> Result<Vec<ProductView>, Error> {
    let rows = shelf::of_shop(&app.db, app.clock.uptime().ms).await?;
    Ok(rows.iter().map(|row| product(app, row)).collect())
}

/// One of those, and where the shelf does not show it one that is sold all the same.
async fn shown(
    app: &App,
    all: &[ProductRow],
    id: &ProductId,
) -> Result<Option<ProductView>, Error> {
    match all.iter().find(|row| row.id == *id) {
        Some(row) => Ok(Some(product(app, row))),
        None => find(app, id).await,
    }
}

/// One product; `None` when it is not sold (any more).
pub async fn find(app: &App, id: &ProductId) -> Result<Option<ProductView>, Error> {
    let row = catalogue::by_id(app.db.read(), id.as_str()).await?;
    Ok(row.map(|row| product(app, &row)))
}

/// The cart as it would be ordered now, and what has changed since its buyer saw it.
pub async fn cart(app: &App, cart: &Cart, seen: &Seen) -> Result<CartView, Error> {
    let mut view = CartView::default();
    if cart.lines().is_empty() {
        return Ok(view);
    }
    let all = shelf::of_shop(&app.db, app.clock.uptime().ms).await?;
    for line in cart.lines() {
        let product_id = &line.product_id;
        let Some(product) = shown(app, &all, product_id).await? else {
            let name = seen.name(product_id).map(str::to_owned);
            view.gone.push(GoneView { product_id: product_id.clone(), name });
            continue;
        };
        let was = seen.price(product_id).filter(|was| *was < product.price);
        let amount = product.price.times(line.quantity.get()).unwrap_or(Won::MAX);
        view.pieces += line.quantity.get();
        view.subtotal = view.subtotal.plus(amount).unwrap_or(Won::MAX);
        if product.stock < line.quantity.get() && view.problem.is_none() {
            view.problem = Some(product.short());
        }
        let quantity = line.quantity;
        view.lines.push(CartLineView { product, quantity, amount, was });
    }
    if view.problem.is_none() && !view.lines.is_empty() {
        let lines = view.lines.iter().map(|line| (line.product.price, line.quantity.get()));
        let refused = Price::of(lines, None, app.clock.now()).err();
        view.problem = refused.map(|it| coupon::reason(it).say(spoken()).into_owned());
    }
    Ok(view)
}

/// Puts `count` of one product into the cart, in place of what was there.
pub async fn set(
    app: &App,
    mut chosen: Cart,
    product: ProductId,
    count: u32,
) -> Result<Cart, Error> {
    if count > 0 && find(app, &product).await?.is_none() {
        return Err(Error::Told(Told::Unsold));
    }
    chosen.set(product, count).map_err(|refused| Error::Told(refused.into()))?;
    Ok(chosen)
}

fn product(app: &App, row: &ProductRow) -> ProductView {
    let own = pictures::named(&app.shop.face, &row.picture);
    ProductView {
        product_id: row.id.clone(),
        name: row.name.clone(),
        description: row.description.clone(),
        picture: own.unwrap_or_else(|| files::named(&row.picture)),
        price: row.price,
        stock: row.stock,
    }
}
