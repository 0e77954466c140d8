//! What an order is called.

/// Toss's limit for orderName, in characters (Toss: api.md §3).
const NAME_LENGTH_MAX: usize = 100;

/// The first product, as far as there is room for it, and what is said of the others.
pub fn fitted(first_product: &str, others: &str) -> String {
    let room = NAME_LENGTH_MAX.saturating_sub(others.chars().count());
    let mut name: String = first_product.chars().take(room).collect();
    if first_product.chars().count() > room {
        name.pop();
        name.push('…');
    }
    name + others
}

#[cfg(test)]
mod tests {
    use super::fitted;

    #[test]
    fn an_order_is_named_after_its_first_product() {
        let two = " 외 2건";
        for (first, others, text) in
            [("토스 티셔츠", two, "토스 티셔츠 외 2건"), ("머그컵", "", "머그컵")]
        {
            assert_eq!(fitted(first, others), text);
        }
        let long = fitted(&"긴".repeat(200), two);
        assert_eq!(long.chars().count(), 100);
        assert!(long.ends_with("… 외 2건"), "{long}");
    }
}
