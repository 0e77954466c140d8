//! What a buyer has chosen: products and how many, within limits.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::id::ProductId;
use crate::domain::rule::Rule;

/// A page of lines; nobody reads more, and each costs a row.
pub const LINES_MAX: usize = 20;

/// What one buyer may take of one product; more is wholesale.
pub const QUANTITY_MAX: u32 = 99;

/// How many of one product: 1 to [`QUANTITY_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u32", try_from = "u32")]
pub struct Quantity(u32);

impl Quantity {
    pub fn new(count: u32) -> Result<Quantity, CartRefused> {
        if (1..=QUANTITY_MAX).contains(&count) {
            Ok(Quantity(count))
        } else {
            Err(CartRefused::Quantity)
        }
    }

    pub fn get(self) -> u32 {
        self.0
    }
}

impl From<Quantity> for u32 {
    fn from(quantity: Quantity) -> u32 {
        quantity.0
    }
}

impl TryFrom<u32> for Quantity {
    type Error = CartRefused;

    fn try_from(count: u32) -> Result<Quantity, CartRefused> {
        Quantity::new(count)
    }
}

/// Why a cart is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CartRefused {
    Empty,
    TooManyLines,
    Quantity,
}

impl CartRefused {
    pub fn rule(self) -> Rule {
        match self {
            CartRefused::Empty => Rule::NoLines,
            CartRefused::TooManyLines => Rule::TooManyLines { most: LINES_MAX },
            CartRefused::Quantity => Rule::Quantity { most: QUANTITY_MAX },
        }
    }
}

impl fmt::Display for CartRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rule().fmt(f)
    }
}

impl std::error::Error for CartRefused {}

/// One product and how many of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CartLine {
    pub product_id: ProductId,
    pub quantity: Quantity,
}

/// The lines a buyer has chosen, each product once, in the order of choice. May be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cart(Vec<CartLine>);

impl Cart {
    /// Lines of the same product become one.
    pub fn of(lines: Vec<CartLine>) -> Result<Cart, CartRefused> {
        let mut cart = Cart::default();
        for line in lines {
            let had = cart.quantity(&line.product_id);
            cart.set(line.product_id, had.saturating_add(line.quantity.get()))?;
        }
        Ok(cart)
    }

    /// As [`Cart::of`], but there must be something to buy.
    pub fn to_order(lines: Vec<CartLine>) -> Result<Cart, CartRefused> {
        let cart = Cart::of(lines)?;
        if cart.0.is_empty() { Err(CartRefused::Empty) } else { Ok(cart) }
    }

    pub fn lines(&self) -> &[CartLine] {
        &self.0
    }

    /// 0 when it is not in the cart.
    pub fn quantity(&self, product: &ProductId) -> u32 {
        self.0.iter().find(|line| line.product_id == *product).map_or(0, |line| line.quantity.get())
    }

    /// Puts `count` of the product into the cart, in place of what was there; 0 takes it out.
    pub fn set(&mut self, product: ProductId, count: u32) -> Result<(), CartRefused> {
        if count == 0 {
            self.0.retain(|line| line.product_id != product);
            return Ok(());
        }
        let quantity = Quantity::new(count)?;
        if let Some(line) = self.0.iter_mut().find(|line| line.product_id == product) {
            line.quantity = quantity;
            return Ok(());
        }
        if self.0.len() >= LINES_MAX {
            return Err(CartRefused::TooManyLines);
        }
        self.0.push(CartLine { product_id: product, quantity });
        Ok(())
    }

    /// `tee*2~mug*1`: what a cookie may hold without escapes.
    pub fn to_text(&self) -> String {
        let lines = self.0.iter().map(|line| format!("{}*{}", line.product_id, line.quantity.0));
        lines.collect::<Vec<_>>().join("~")
    }

    /// Reads [`Cart::to_text`]. What cannot be read is left out: a cookie is the browser's, and
    /// a damaged one should cost a line, not the page.
    pub fn from_text(text: &str) -> Cart {
        let mut cart = Cart::default();
        for part in text.split('~').take(LINES_MAX) {
            let Some((product, count)) = part.split_once('*') else { continue };
            let (Ok(product), Ok(count)) = (ProductId::parse(product), count.parse()) else {
                continue;
            };
            if cart.set(product, count).is_err() {
                continue;
            }
        }
        cart
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Cart, CartLine, CartRefused, LINES_MAX, ProductId, Quantity};

    fn line(product: &str, count: u32) -> CartLine {
        let quantity = Quantity::new(count).unwrap();
        CartLine { product_id: ProductId::parse(product).unwrap(), quantity }
    }

    #[test]
    fn lines_of_one_product_are_added_up_within_the_limit() {
        let cart = Cart::of(vec![line("tee", 2), line("mug", 1), line("tee", 3)]).unwrap();
        assert_eq!(cart.to_text(), "tee*5~mug*1");
        assert_eq!(Cart::of(vec![line("tee", 60), line("tee", 60)]), Err(CartRefused::Quantity));
        assert_eq!(Cart::to_order(vec![]), Err(CartRefused::Empty));
        let many = (0..=LINES_MAX).map(|n| line(&format!("p{n}"), 1)).collect();
        assert_eq!(Cart::of(many), Err(CartRefused::TooManyLines));
    }

    #[test]
    fn a_damaged_cookie_costs_its_damaged_lines_only() {
        for (text, read) in [
            ("", ""),
            ("tee*2", "tee*2"),
            ("tee*2~~mug", "tee*2"),
            ("tee*0~mug*100~cap*-1~pen*1", "pen*1"),
            ("<b>*1~tee*2", "tee*2"),
        ] {
            assert_eq!(Cart::from_text(text).to_text(), read, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reading_what_was_written_gives_the_same_cart(
            lines in prop::collection::vec(("[a-z0-9-]{1,40}", 1u32..=9), 0..10),
        ) {
            let lines = lines.iter().map(|(product, count)| line(product, *count)).collect();
            let cart = Cart::of(lines).unwrap();
            prop_assert_eq!(Cart::from_text(&cart.to_text()), cart);
        }

        #[test]
        fn any_text_is_read_without_harm(text in ".{0,300}") {
            prop_assert!(Cart::from_text(&text).lines().len() <= LINES_MAX);
        }
    }
}
