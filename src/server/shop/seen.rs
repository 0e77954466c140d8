//! What a buyer saw of a product when it was put into the cart, so that the cart can say by name what
//! is sold no more and what has become dearer since.
//!
//! How: a cookie beside the cart's, a part for each product: `tee*29000*ed86a0…`, with the name in
//! hexadecimal. It is the browser's: what cannot be read is left out, and costs a sentence at most.

use crate::contract::ProductView;
use crate::domain::cart::{Cart, LINES_MAX};
use crate::domain::id::ProductId;
use crate::domain::typed;
use crate::domain::won::Won;

/// A full cart of Korean names stays below what a browser keeps, which is 4 KiB.
const LETTERS_MAX: usize = 20;

/// By product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen(Vec<(ProductId, Sight)>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Sight {
    price: Won,
    name: String,
}

impl Seen {
    pub fn price(&self, product: &ProductId) -> Option<Won> {
        self.of(product).map(|sight| sight.price)
    }

    pub fn name(&self, product: &ProductId) -> Option<&str> {
        self.of(product).map(|sight| sight.name.as_str())
    }

    fn of(&self, product: &ProductId) -> Option<&Sight> {
        self.0.iter().find(|(id, _)| id == product).map(|(_, sight)| sight)
    }

    /// As the product is now.
    pub fn note(&mut self, product: &ProductView) {
        self.0.retain(|(id, _)| *id != product.product_id);
        let name: String = product.name.chars().take(LETTERS_MAX).collect();
        let sight = Sight { price: product.price, name: typed::line(&name) };
        self.0.push((product.product_id.clone(), sight));
    }

    /// Forgets what is in the cart no more.
    pub fn keep_only(&mut self, cart: &Cart) {
        self.0.retain(|(id, _)| cart.quantity(id) > 0);
    }

    /// What a cookie may hold without escapes.
    pub fn to_text(&self) -> String {
        let part = |(id, sight): &(ProductId, Sight)| {
            let name = hex::encode(&sight.name);
            format!("{id}*{}*{name}", sight.price.get())
        };
        self.0.iter().map(part).collect::<Vec<_>>().join("~")
    }

    /// Reads [`Seen::to_text`].
    pub fn from_text(text: &str) -> Seen {
        Seen(text.split('~').take(LINES_MAX).filter_map(part).collect())
    }
}

fn part(text: &str) -> Option<(ProductId, Sight)> {
    let (id, rest) = text.split_once('*')?;
    let (price, name) = rest.split_once('*')?;
    let price = price.parse().ok().and_then(Won::new)?;
    let name = typed::line(&String::from_utf8(hex::decode(name).ok()?).ok()?);
    let fits = typed::is_name(&name) && name.chars().count() <= LETTERS_MAX;
    let id = ProductId::parse(id).ok()?;
    fits.then_some((id, Sight { price, name }))
}

#[cfg(test)]
mod tests {
    use super::{ProductId, ProductView, Seen, Won};
    use crate::domain::cart::{Cart, LINES_MAX};

    fn product(id: &str, name: &str, price: i64) -> ProductView {
        ProductView {
            product_id: ProductId::parse(id).unwrap(),
            name: name.to_owned(),
            description: String::new(),
            picture: String::new(),
            price: Won::new(price).unwrap(),
            stock: 1,
        }
    }

    #[test]
    fn what_was_seen_is_read_as_it_was_written_and_fits_a_cookie() {
        let mut seen = Seen::default();
        for number in 0..LINES_MAX {
            let name = format!("{number} {}", "긴 이름의 상품".repeat(9));
            seen.note(&product(&format!("p{number:0>39}"), &name, 100_000_000_000));
        }
        let text = seen.to_text();
        assert!(text.len() < 4_000, "{}", text.len());
        assert_eq!(Seen::from_text(&text), seen);
        seen.note(&product("tee", "토스 티셔츠", 1));
        seen.note(&product("tee", "토스 티셔츠", 29_000));
        let tee = ProductId::parse("tee").unwrap();
        assert_eq!(seen.price(&tee), Won::new(29_000));
        seen.keep_only(&Cart::from_text("tee*1"));
        assert_eq!(seen.to_text(), "tee*29000*ed86a0ec8aa420ed8bb0ec8594ecb8a0");
        assert_eq!(seen.name(&tee), Some("토스 티셔츠"));
        seen.keep_only(&Cart::default());
        assert_eq!(seen, Seen::default());
    }

    #[test]
    fn what_is_damaged_is_left_out() {
        for text in [
            "",
            "~",
            "tee",
            "tee*1",
            "tee*x*61",
            "tee*-1*61",
            "tee*1*6",
            "tee*1*zz",
            "tee*1*",
            "tee*1*ff",
            "<b>*1*61",
            "tee*1*e385a4",
            "tee*1*+1+1",
            "tee*1*가",
        ] {
            assert_eq!(Seen::from_text(text), Seen::default(), "{text}");
        }
    }
}
