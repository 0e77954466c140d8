//! Who did something to an order.

use std::fmt;

/// Who moved an order, or wrote something down about it. Kept with each of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A browser that knows the order's number: the buyer's, unless the number was given away.
    Buyer,
    /// Staff, under the name that they gave.
    Staff(String),
    /// The shop by itself, because it was time.
    Background,
    /// A notice of Toss's.
    Webhook,
}

/// Characters of a staff member's name.
pub const NAME_LENGTH_MAX: usize = 60;

impl Actor {
    /// Staff of this name: 1 to 60 characters that can be seen.
    pub fn staff(name: &str) -> Option<Actor> {
        let name = name.trim();
        let fits = (1..=NAME_LENGTH_MAX).contains(&name.chars().count());
        (fits && !name.chars().any(char::is_control)).then(|| Actor::Staff(name.to_owned()))
    }
}

/// As stored: `buyer`, `staff:kim`.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::Buyer => f.write_str("buyer"),
            Actor::Staff(name) => write!(f, "staff:{name}"),
            Actor::Background => f.write_str("background"),
            Actor::Webhook => f.write_str("webhook"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Actor;

    #[test]
    fn staff_have_a_name_that_can_be_read() {
        assert_eq!(Actor::staff(" 김민지 ").unwrap().to_string(), "staff:김민지");
        assert!(Actor::staff(&"가".repeat(60)).is_some());
        for name in ["", "  ", "a\nb", &"가".repeat(61)] {
            assert_eq!(Actor::staff(name), None, "{name:?}");
        }
    }
}
