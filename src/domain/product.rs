//! What staff put on the shelf: checked once, whichever way it comes in.

use crate::domain::id::{Malformed, ProductId};
use crate::domain::won::Won;

/// Room for a name on a phone's shelf; Toss takes 100 for an order's.
const NAME_LENGTH_MAX: usize = 100;

const DESCRIPTION_LENGTH_MAX: usize = 500;

/// Above the dearest thing that anybody buys here, so that a typing error is seen.
const PRICE_MAX: i64 = 1_000_000_000;

const STOCK_MAX: i64 = 1_000_000_000;

/// What is wrong, by the name of its option and of its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub field: &'static str,
    pub rule: String,
}

fn wrong(field: &'static str, rule: impl Into<String>) -> Wrong {
    Wrong { field, rule: rule.into() }
}

/// As it was typed; what is absent is not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed<'a> {
    pub id: &'a str,
    pub name: Option<&'a str>,
    pub price: Option<&'a str>,
    pub stock: Option<&'a str>,
    pub description: Option<&'a str>,
    pub picture: Option<&'a str>,
    pub tax_free: Option<&'a str>,
}

/// What is to be on the shelf; what is absent stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub id: ProductId,
    pub name: Option<String>,
    pub price: Option<Won>,
    /// Pieces that can be sold now.
    pub stock: Option<i64>,
    pub description: Option<String>,
    /// A file of the folder of pictures.
    pub picture: Option<String>,
    pub is_tax_free: Option<bool>,
}

impl Change {
    /// Everything that is wrong with it, or what is meant.
    pub fn parse(typed: &Typed<'_>) -> Result<Change, Vec<Wrong>> {
        let mut all_wrong = Vec::new();
        let id = ProductId::parse(typed.id.trim()).map_err(|Malformed { .. }| {
            wrong("id", "must be 1 to 40 letters (A-Z), digits, - and _")
        });
        let name = text("name", typed.name, 1, NAME_LENGTH_MAX);
        let description = text("description", typed.description, 0, DESCRIPTION_LENGTH_MAX);
        let price = whole("price", typed.price, 1, PRICE_MAX);
        let stock = whole("stock", typed.stock, 0, STOCK_MAX);
        let picture = typed.picture.map(picture_name).transpose();
        let is_tax_free = typed.tax_free.map(flag).transpose();
        let mut keep = |found: Option<Wrong>| all_wrong.extend(found);
        keep(id.as_ref().err().cloned());
        keep(name.as_ref().err().cloned());
        keep(price.as_ref().err().cloned());
        keep(stock.as_ref().err().cloned());
        keep(description.as_ref().err().cloned());
        keep(picture.as_ref().err().cloned());
        keep(is_tax_free.as_ref().err().cloned());
        match (id, name, price, stock, description, picture, is_tax_free) {
            (
                Ok(id),
                Ok(name),
                Ok(price),
                Ok(stock),
                Ok(description),
                Ok(picture),
                Ok(is_tax_free),
            ) => Ok(Change {
                id,
                name,
                price: price.and_then(Won::new),
                stock,
                description,
                picture,
                is_tax_free,
            }),
            _ => Err(all_wrong),
        }
    }

    /// What a new product has to say.
    pub fn is_whole(&self) -> Result<(), Vec<Wrong>> {
        let missing = |is_there: bool, field| (!is_there).then(|| wrong(field, "is missing"));
        let missing = [
            missing(self.name.is_some(), "name"),
            missing(self.price.is_some(), "price"),
            missing(self.stock.is_some(), "stock"),
        ];
        let missing: Vec<_> = missing.into_iter().flatten().collect();
        if missing.is_empty() { Ok(()) } else { Err(missing) }
    }
}

fn text(
    field: &'static str,
    typed: Option<&str>,
    least: usize,
    most: usize,
) -> Result<Option<String>, Wrong> {
    let Some(typed) = typed.map(str::trim) else { return Ok(None) };
    let is_shown = typed.chars().any(|c| !c.is_whitespace() && !is_blank(c));
    let fits = (least..=most).contains(&typed.chars().count()) && (is_shown || typed.is_empty());
    if !fits || typed.chars().any(char::is_control) {
        return Err(wrong(field, format!("must be {least} to {most} characters on one line")));
    }
    Ok(Some(typed.to_owned()))
}

/// Letters that show nothing.
fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{3164}' | '\u{feff}' | '\u{115f}' | '\u{1160}'
    )
}

/// As people write it: `29,000`, `29000원`.
fn whole(
    field: &'static str,
    typed: Option<&str>,
    least: i64,
    most: i64,
) -> Result<Option<i64>, Wrong> {
    let Some(typed) = typed else { return Ok(None) };
    let plain = typed.trim().trim_end_matches('\u{c6d0}').trim_end().replace(',', "");
    let number = plain.parse::<i64>().ok().filter(|number| (least..=most).contains(number));
    match number {
        Some(number) => Ok(Some(number)),
        None => Err(wrong(field, format!("must be a whole number from {least} to {most}"))),
    }
}

fn flag(typed: &str) -> Result<bool, Wrong> {
    match typed.trim().to_ascii_lowercase().as_str() {
        "1" | "y" | "yes" | "true" | "o" => Ok(true),
        "" | "0" | "n" | "no" | "false" | "x" => Ok(false),
        _ => Err(wrong("tax-free", "must be yes or no")),
    }
}

/// Endings of pictures that every browser shows.
pub const PICTURES: [&str; 7] = ["avif", "gif", "jpeg", "jpg", "png", "svg", "webp"];

/// A file's name without a folder, such as `tee.jpg`.
pub fn picture_name(typed: &str) -> Result<String, Wrong> {
    const LENGTH_MAX: usize = 100;
    let name = typed.trim();
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ');
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let fits = name.len() <= LENGTH_MAX
        && !name.starts_with('.')
        && name.chars().all(is_plain)
        && ending.is_some_and(|ending| PICTURES.contains(&ending.as_str()));
    if fits {
        return Ok(name.to_owned());
    }
    let endings = PICTURES.join(", ");
    Err(wrong("picture", format!("must be the name of a file such as tee.jpg ({endings})")))
}

#[cfg(test)]
mod tests {
    use super::{Change, Typed};

    fn told(typed: &Typed<'_>) -> Vec<&'static str> {
        Change::parse(typed)
            .map_or_else(|wrong| wrong.into_iter().map(|it| it.field).collect(), |_| Vec::new())
    }

    #[test]
    fn numbers_are_taken_as_people_write_them() {
        for (typed, price) in
            [("29000", 29_000), (" 29,000 ", 29_000), ("29,000원", 29_000), ("1", 1)]
        {
            let typed = Typed { id: "tee", price: Some(typed), ..Typed::default() };
            assert_eq!(Change::parse(&typed).unwrap().price.unwrap().get(), price);
        }
        for price in ["", "0", "-5", "1.5", "천원", "1e3", "99999999999999"] {
            let typed = Typed { id: "tee", price: Some(price), ..Typed::default() };
            assert_eq!(told(&typed), ["price"], "{price}");
        }
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let typed = Typed {
            id: "a b",
            name: Some("\u{3164}"),
            price: Some("many"),
            stock: Some("-1"),
            description: Some("a\nb"),
            picture: Some("../../etc/passwd"),
            tax_free: Some("perhaps"),
        };
        let all = ["id", "name", "price", "stock", "description", "picture", "tax-free"];
        assert_eq!(told(&typed), all);
        let bare = Change::parse(&Typed { id: "tee", ..Typed::default() }).unwrap();
        let missing: Vec<_> = bare.is_whole().unwrap_err().into_iter().map(|it| it.field).collect();
        assert_eq!(missing, ["name", "price", "stock"]);
    }

    #[test]
    fn a_picture_is_a_file_of_its_folder() {
        for (name, fits) in [
            ("tee.jpg", true),
            ("티셔츠 1.PNG", true),
            ("a-b_c.webp", true),
            ("tee", false),
            ("tee.exe", false),
            (".jpg", false),
            ("..jpg", false),
            ("a/b.jpg", false),
            ("a\\b.jpg", false),
            ("a?b.jpg", false),
            ("a\"b.jpg", false),
        ] {
            let typed = Typed { id: "tee", picture: Some(name), ..Typed::default() };
            assert_eq!(told(&typed).is_empty(), fits, "{name}");
        }
    }
}
