//! The shop's colour, and shades of it on which text can be read, by day and by night.

/// Red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shade([u8; 3]);

const WHITE: Shade = Shade([255; 3]);
const BLACK: Shade = Shade([0; 3]);
/// Of a card by night.
const NIGHT: Shade = Shade([0x1a, 0x20, 0x2a]);

/// What text needs (WCAG 2.2, 1.4.3).
const CONTRAST_MIN: f64 = 4.5;

impl Shade {
    /// `#2458d3`
    pub fn parse(text: &str) -> Option<Shade> {
        let digits = text.trim().strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Shade([part(0)?, part(2)?, part(4)?]))
    }

    /// The properties of the style sheet that follow the colour.
    pub fn style(self) -> String {
        let day = self.until_readable_on(WHITE, BLACK);
        let night = self.until_readable_on(NIGHT, WHITE);
        format!(
            ":root{{--brand:{day};--brand-press:{};--tint:{}}}\
             @media(prefers-color-scheme:dark){{:root{{--brand:{night};--brand-press:{};--tint:{}}}}}",
            day.towards(BLACK, 20),
            day.towards(WHITE, 90),
            night.towards(WHITE, 30),
            night.towards(NIGHT, 75),
        )
    }

    /// Moved towards black or white as little as text needs.
    fn until_readable_on(self, ground: Shade, end: Shade) -> Shade {
        let steps = (0..=100).step_by(5).map(|per_cent| self.towards(end, per_cent));
        let mut readable = steps.filter(|shade| shade.contrast(ground) >= CONTRAST_MIN);
        readable.next().unwrap_or(end)
    }

    fn towards(self, other: Shade, per_cent: u32) -> Shade {
        let mix = |own: u8, other: u8| {
            let mixed = u32::from(own) * (100 - per_cent) + u32::from(other) * per_cent;
            u8::try_from(mixed / 100).unwrap_or(u8::MAX)
        };
        let (Shade([r, g, b]), Shade([to_r, to_g, to_b])) = (self, other);
        Shade([mix(r, to_r), mix(g, to_g), mix(b, to_b)])
    }

    #[expect(clippy::float_arithmetic, reason = "as the recommendation defines it; no money")]
    fn contrast(self, other: Shade) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    #[expect(clippy::float_arithmetic, reason = "as the recommendation defines it; no money")]
    fn luminance(self) -> f64 {
        let part = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let Shade([r, g, b]) = self;
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }
}

impl std::fmt::Display for Shade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Shade([r, g, b]) = self;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::{BLACK, CONTRAST_MIN, NIGHT, Shade, WHITE};

    #[test]
    fn text_on_every_shade_can_be_read() {
        for colour in ["#2458d3", "#ffff00", "#000000", "#ffffff", "#ff6f61", "#03c75a", "#123456"]
        {
            let shade = Shade::parse(colour).unwrap();
            assert!(shade.until_readable_on(WHITE, BLACK).contrast(WHITE) >= CONTRAST_MIN);
            assert!(shade.until_readable_on(NIGHT, WHITE).contrast(NIGHT) >= CONTRAST_MIN);
        }
        assert!(Shade::parse("#2458d3").unwrap().style().starts_with(":root{--brand:#2458d3;"));
    }

    #[test]
    fn a_colour_is_six_digits_and_nothing_else() {
        for wrong in ["", "red", "#fff", "2458d3", "#2458dg", "#2458d3;}", "#+458d3", "#파란"] {
            assert_eq!(Shade::parse(wrong), None, "{wrong}");
        }
    }
}
