//! What an order is called.

/// Toss's limit for orderName, in characters (Toss: api.md §3).
const NAME_LENGTH_MAX: usize = 100;

/// What the buyer and Toss read: `토스 티셔츠 외 2건`, where 2 counts the other products.
pub fn name(first_product: &str, products: usize) -> String {
    let others = match products.saturating_sub(1) {
        0 => String::new(),
        others => format!(" 외 {others}건"),
    };
    let room = NAME_LENGTH_MAX - others.chars().count();
    let mut name: String = first_product.chars().take(room).collect();
    if first_product.chars().count() > room {
        name.pop();
        name.push('…');
    }
    name + &others
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn an_order_is_named_after_its_first_product() {
        for (first, products, text) in
            [("토스 티셔츠", 3, "토스 티셔츠 외 2건"), ("머그컵", 1, "머그컵")]
        {
            assert_eq!(name(first, products), text);
        }
        let long = name(&"긴".repeat(200), 3);
        assert_eq!(long.chars().count(), 100);
        assert!(long.ends_with("… 외 2건"), "{long}");
    }
}
