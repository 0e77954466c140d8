//! Whom a coupon counts for: what forms have in common that the same person filled in.
//!
//! Why: a browser is a person only until its cookies are deleted. Two ways of writing one phone
//! number or one mailbox are one here; what the buyer typed stays as it was on the order.

/// A person, as far as a form tells.
#[derive(Clone, PartialEq, Eq)]
pub struct Claimant {
    phone: String,
    email: String,
}

// Personal data.
impl std::fmt::Debug for Claimant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Claimant")
    }
}

impl Claimant {
    pub fn of(mobile_phone: &str, email: &str) -> Claimant {
        Claimant {
            phone: format!("phone {}", number(mobile_phone)),
            email: format!("email {}", mailbox(email)),
        }
    }

    /// `phone 1012345678`
    pub fn phone(&self) -> &str {
        &self.phone
    }

    /// `email hong@example.com`
    pub fn email(&self) -> &str {
        &self.email
    }
}

/// The digits after Korea's prefix, or after the zero that stands for it.
fn number(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    digits.strip_prefix("82").unwrap_or(digits).trim_start_matches('0').to_owned()
}

/// The address in small letters, without what a mailbox passes over: `+` and what follows it, and
/// at Google the dots.
fn mailbox(text: &str) -> String {
    let email = text.trim().to_lowercase();
    let Some((user, domain)) = email.rsplit_once('@') else { return email };
    let user = match user.split_once('+') {
        Some((user, _)) if !user.is_empty() => user,
        Some(_) | None => user,
    };
    if matches!(domain, "gmail.com" | "googlemail.com") {
        return format!("{}@gmail.com", user.replace('.', ""));
    }
    format!("{user}@{domain}")
}

#[cfg(test)]
mod tests {
    use super::Claimant;

    #[test]
    fn one_person_is_one_however_it_is_written() {
        let one = Claimant::of("01012345678", "hong@example.com");
        for phone in ["010-1234-5678", "+82 10-1234-5678", "821012345678", "+82 (0)10.1234.5678"] {
            assert_eq!(Claimant::of(phone, "").phone(), one.phone(), "{phone}");
        }
        for email in [" Hong@Example.COM ", "hong+shop@example.com", "HONG+1+2@example.com"] {
            assert_eq!(Claimant::of("", email).email(), one.email(), "{email}");
        }
        assert_eq!(
            Claimant::of("", "Hong.Gil+x@googlemail.com").email(),
            Claimant::of("", "honggil@gmail.com").email()
        );
    }

    #[test]
    fn others_are_others() {
        let one = Claimant::of("01012345678", "hong@example.com");
        for (phone, email) in [
            ("01012345679", "hong@example.co"),
            ("01112345678", "hong.gil@example.com"),
            ("0212345678", "+hong@example.com"),
        ] {
            let other = Claimant::of(phone, email);
            assert_ne!(other.phone(), one.phone(), "{phone}");
            assert_ne!(other.email(), one.email(), "{email}");
        }
    }
}
