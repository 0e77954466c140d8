//! From a cart to an order that is ready to be paid: placing, looking at it, starting again
//! after a failure.

use crate::contract::{BuyerView, CheckoutView, Placed, Reason, Told};
use crate::domain::actor::Actor;
use crate::domain::cart::{Cart, CartLine, Quantity};
use crate::domain::claimant::Claimant;
use crate::domain::contact::Contact;
use crate::domain::id::{CartId, CustomerKey, OrderId, RequestId};
use crate::domain::order::Status;
use crate::domain::won::Won;
use crate::server::db::orders::{self, LineRow, OrderRow, load};
use crate::server::db::sheets::{self, Sheet};
use crate::server::db::{self, awaited, customers, events, repeated_briefly};
use crate::server::identity::visitor::Visitor;
use crate::server::runtime::clock;
use crate::server::shop::order::lines_of;
use crate::server::shop::order_keys::{again_key, cart_key, form_key};
use crate::server::shop::pricing::{chosen_coupon, price};
use crate::server::shop::repeat::{InTheWay, in_the_way};
use crate::server::shop::wish::{Source, Wish};
use crate::server::shop::{catalogue, coupon};
use crate::server::{App, Damage, Error};
use crate::words::{self, spoken};

/// A name for one filling-in of the order form.
pub fn new_form() -> Result<RequestId, Error> {
    RequestId::parse(&clock::random_text(18))
        .map_err(|_| Error::Impossible("a random name that is no name"))
}

/// What this browser last typed into the order form.
pub async fn last_buyer(app: &App, visitor: &Visitor) -> Result<BuyerView, Error> {
    let Some(customer) = visitor.customer(app).await? else { return Ok(BuyerView::default()) };
    Ok(BuyerView {
        name: customer.name.unwrap_or_default(),
        email: customer.email.unwrap_or_default(),
        mobile_phone: customer.mobile_phone.unwrap_or_default(),
    })
}

/// Keeps what was typed, right or wrong, to fill the form in with.
pub async fn remember_buyer(app: &App, visitor: &Visitor, typed: &BuyerView) -> Result<(), Error> {
    // One more than fits: what is too long must not look right when it comes back.
    const LENGTH_MAX: usize = 101;
    let cut = |text: &str| text.chars().take(LENGTH_MAX).collect::<String>();
    let (name, email, mobile) = (cut(&typed.name), cut(&typed.email), cut(&typed.mobile_phone));
    repeated_briefly(async || {
        let mut tx = app.db.write().await?;
        let customer = visitor.become_customer(&mut tx, app.clock.now()).await?;
        customers::remember(&mut tx, &customer.id, &name, &email, &mobile).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// Prices a wish and stores it as a PENDING order, once per form.
pub async fn place(app: &App, visitor: &Visitor, wish: Wish) -> Result<Placed, Error> {
    repeated_briefly(async || place_once(app, visitor, &wish).await).await
}

async fn place_once(app: &App, visitor: &Visitor, wish: &Wish) -> Result<Placed, Error> {
    let now = app.clock.now();
    if let Some(placed) = placed_before(app, visitor, wish, now).await? {
        return Ok(placed);
    }
    let mut lines = Vec::new();
    for (place, line) in (1_i64..).zip(wish.cart.lines()) {
        let Some(product) = catalogue::find(app, &line.product_id).await? else {
            let product = line.product_id.to_string();
            return Err(Error::invalid("lines", Reason::UnsoldProduct { product }));
        };
        let quantity = line.quantity.get();
        if product.stock < quantity {
            return Err(Error::Short(Box::new(product)));
        }
        lines.push(LineRow {
            line: place,
            product_id: product.product_id.clone(),
            name: product.name.clone(),
            unit_price: product.price,
            quantity,
            discount: Won::ZERO,
        });
    }
    let mut tx = app.db.write().await?;
    let (customer, token) = match &wish.source {
        Source::Unnamed | Source::Form(_) => visitor.become_renewed(app, &mut tx, now).await?,
        // The same order once more gives no right that its buyer did not have.
        Source::Failed(_) => (visitor.become_customer(&mut tx, now).await?, None),
    };
    let place_key = match &wish.source {
        Source::Unnamed => clock::row_id(),
        Source::Form(id) => form_key(&customer.id, wish, id),
        Source::Failed(order_id) => again_key(order_id),
    };
    let Contact { name, email, mobile_phone } = &wish.customer;
    let buyer = Claimant::of(mobile_phone.as_str(), email.as_str());
    let chosen = chosen_coupon(&mut tx, &customer, &buyer, wish.coupon_id.as_ref(), now).await?;
    let price = price(&mut lines, chosen.as_ref(), now)?;
    let first = lines.first().map(|line| line.name.as_str()).unwrap_or_default();
    let row = OrderRow {
        id: OrderId::parse(&clock::order_id(now))
            .map_err(|_| Error::Impossible("a new number that is none"))?,
        customer_id: customer.id.clone(),
        order_name: words::order_name(first, lines.len(), spoken()),
        subtotal: price.subtotal,
        discount: price.discount,
        amount: price.total,
        coupon_id: chosen.map(|coupon| coupon.id),
        status: Status::Pending,
        failure_code: None,
        failure_reason: None,
        failure_words: None,
        failure_message: None,
        buyer_name: name.as_str().to_owned(),
        buyer_email: email.as_str().to_owned(),
        buyer_mobile_phone: mobile_phone.as_str().to_owned(),
        created_at: now,
        updated_at: now,
        cart_key: Some(cart_key(&customer.id, &wish.cart)),
        cart_id: wish.cart_id.as_ref().map(CartId::to_string),
        paid: Won::ZERO,
        refunded: Won::ZERO,
    };
    match orders::insert(&mut tx, &row, &place_key, &lines).await {
        Ok(()) => {}
        Err(error) if db::is_taken(&error) => {
            drop(tx);
            let placed = placed_beside(app, &place_key).await?;
            if let Some(customer) = visitor.acts_for(app, now).await? {
                visitor.catch_up(app, &customer);
            }
            return Ok(placed);
        }
        Err(error) => return Err(error.into()),
    }
    if let Some(address) = visitor.address() {
        awaited::came_from(&mut tx, row.id.as_str(), &address.to_string()).await?;
    }
    let detail = format!("amount={} discount={}", row.amount.get(), row.discount.get());
    let pending = (Status::Pending, Status::Pending);
    events::adding(row.id.as_str(), "Placed", pending, &Actor::Buyer, &detail, now)
        .run(&mut tx)
        .await?;
    let typed = (name.as_str(), email.as_str(), mobile_phone.as_str());
    customers::remember(&mut tx, &customer.id, typed.0, typed.1, typed.2).await?;
    tx.commit().await?;
    visitor.renew(token);
    tracing::info!(order.id = row.id.as_str(), order.amount = row.amount.get(), "order placed");
    placed(app, &row)
}

/// What starting again came to.
#[derive(Clone, Debug)]
pub enum Again {
    /// There is an order to pay.
    Placed(Placed),
    /// It has been paid meanwhile, or is in doubt: there is an order to look at.
    Underway(OrderId),
}

/// Starts again after a failure: the same lines and buyer as a new order, once per failure.
pub async fn again(app: &App, visitor: &Visitor, order_id: &OrderId) -> Result<Again, Error> {
    let mut failed = load(&app.db, order_id).await?;
    if !visitor.is_buyer_of(app, &failed).await? {
        return Err(Error::Told(Told::NotHere));
    }
    // Someone who goes back and starts again twice should find the newest try.
    const TRIES_MAX: usize = 50;
    for _ in 0..TRIES_MAX {
        let Some(next) = orders::id_by_place_key(app.db.read(), &again_key(&failed.id)).await?
        else {
            break;
        };
        failed = load(&app.db, &next).await?;
    }
    if failed.status == Status::Pending {
        return placed(app, &failed).map(Again::Placed);
    }
    if !failed.status.ended_unpaid() {
        return Ok(Again::Underway(failed.id));
    }
    let damaged = |_| Damage::new("order_lines", "quantity", failed.id.as_str());
    let mut lines = Vec::new();
    for line in orders::lines(app.db.read(), failed.id.as_str()).await? {
        let quantity = Quantity::new(line.quantity).map_err(damaged)?;
        lines.push(CartLine { product_id: line.product_id, quantity });
    }
    let mut wish = Wish {
        cart: Cart::to_order(lines).map_err(damaged)?,
        customer: failed.contact(),
        coupon_id: failed.coupon_id.clone(),
        cart_id: failed.cart_id.as_deref().and_then(|id| CartId::parse(id).ok()),
        source: Source::Failed(failed.id.clone()),
    };
    match place(app, visitor, wish.clone()).await {
        // A coupon that has ended meanwhile should not stand in the way; the page shows the price.
        Err(Error::Refused(refused)) if refused.reason.is_about_coupon() => {
            wish.coupon_id = None;
            place(app, visitor, wish).await
        }
        placed => placed,
    }
    .map(Again::Placed)
}

/// The PENDING order this browser placed last, if that was within the hour.
pub async fn last_unpaid(app: &App, visitor: &Visitor) -> Result<Option<OrderId>, Error> {
    const HOUR_MS: i64 = 3_600_000;
    let Some(customer) = visitor.customer(app).await? else { return Ok(None) };
    let since = app.clock.now() - HOUR_MS;
    Ok(orders::last_pending(app.db.read(), &customer.id, since).await?)
}

/// The order as its checkout page needs it; what is the buyer's for the buyer alone.
pub async fn view(app: &App, visitor: &Visitor, order_id: &OrderId) -> Result<CheckoutView, Error> {
    let sheet = sheets::load(&app.db, order_id).await?;
    let tax_free = sheet.tax_free();
    let Sheet { order, lines, customer } = sheet;
    let subtotal = order.subtotal;
    let owner = visitor.if_buyer(app, &order, customer).await?;
    let (customer_key, coupons, other) = match &owner {
        Some(customer) => {
            let key = CustomerKey::parse(&customer.customer_key)
                .map_err(|_| Damage::new("customers", "customer_key", &customer.id))?;
            let coupons = coupon::list(app, customer, subtotal).await?;
            (Some(key), coupons, in_the_way(app, &order).await?)
        }
        None => (None, Vec::new(), None),
    };
    let (in_doubt, repeat) = match other {
        Some(InTheWay::Doubt(other)) => (Some(other), None),
        Some(InTheWay::Repeat(other)) => (None, Some(other)),
        None => (None, None),
    };
    Ok(CheckoutView {
        order_id: order_id.clone(),
        order_name: order.order_name.clone(),
        amount: order.amount,
        status: order.status,
        customer_key,
        client_key: app.shop.client_key.clone(),
        lines: lines_of(lines, order_id)?,
        subtotal,
        discount: order.discount,
        tax_free: tax_free
            .ok_or_else(|| Damage::new("order_lines", "unit_price", order_id.as_str()))?,
        coupon_id: order.coupon_id.clone().filter(|_| owner.is_some()),
        coupons,
        customer: owner.map(|_| order.contact()),
        script_url: app.shop.script_url.clone(),
        in_doubt,
        repeat,
    })
}

/// The order of the same form that was placed at the same moment. Read as a writer: it may be
/// part of a batch that is still to be committed, and nobody is told of it before it is.
async fn placed_beside(app: &App, place_key: &str) -> Result<Placed, Error> {
    let mut tx = app.db.write().await?;
    let missing = Error::Impossible("an order placed before is not there");
    let id = orders::id_by_place_key_in(&mut tx, place_key).await?.ok_or(missing)?;
    let order = orders::by_id_in(&mut tx, id.as_str()).await?;
    let order = order.ok_or_else(|| Damage::new("orders", "id", id.as_str()))?;
    tx.commit().await?;
    placed(app, &order)
}

/// The order that this wish has made already. Whoever sends the same form again may not have got its
/// answer, and so not the token that came with it.
async fn placed_before(
    app: &App,
    visitor: &Visitor,
    wish: &Wish,
    now: i64,
) -> Result<Option<Placed>, Error> {
    let customer = visitor.acts_for(app, now).await?;
    let place_key = match (&wish.source, &customer) {
        (Source::Unnamed, _) | (Source::Form(_), None) => return Ok(None),
        (Source::Form(id), Some(customer)) => form_key(&customer.id, wish, id),
        (Source::Failed(order_id), _) => again_key(order_id),
    };
    let Some(id) = orders::id_by_place_key(app.db.read(), &place_key).await? else {
        return Ok(None);
    };
    if let Some(customer) = customer {
        visitor.catch_up(app, &customer);
    }
    placed(app, &load(&app.db, &id).await?).map(Some)
}

fn placed(app: &App, order: &OrderRow) -> Result<Placed, Error> {
    Ok(Placed {
        order_id: order.id.clone(),
        order_name: order.order_name.clone(),
        amount: order.amount,
        checkout_url: format!("{}/checkout?orderId={}", app.shop.public_url, order.id),
    })
}
