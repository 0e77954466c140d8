//! What people type, as they mean it: letters of either width, blanks and dashes of any kind, and
//! none of the letters that nobody sees.

/// `Ａ` as `A`, and the blanks and dashes of a word processor as those of the key: the full-width
/// forms stand as far from ASCII as their block does.
pub fn narrow(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ if letter.is_whitespace() && !letter.is_control() => ' ',
        _ => letter,
    }
}

/// A line without letters that nobody sees and without blanks around it.
pub fn line(text: &str) -> String {
    let seen: String = text.chars().filter(|letter| !is_unseen(*letter)).collect();
    seen.trim().to_owned()
}

/// Whether somebody can be called that: there is a letter in it, and no end of a line.
pub fn is_name(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric) && !text.chars().any(char::is_control)
}

/// The digits of a number as people write it, behind the `+` that stands before it if there is one;
/// `None` where anything else is.
pub fn digits(text: &str) -> Option<String> {
    let mut digits = String::new();
    for letter in text.trim().chars().filter(|letter| !is_unseen(*letter)).map(narrow) {
        match letter {
            '0'..='9' => digits.push(letter),
            '+' if digits.is_empty() => digits.push(letter),
            // With the dot in the middle, and the vowel that looks like a dash on a Korean keyboard.
            ' ' | '-' | '.' | '(' | ')' | '[' | ']' | '/' | ',' | '\u{b7}' | '\u{3161}' => {}
            _ => return None,
        }
    }
    Some(digits)
}

/// Fillers, joiners, marks of direction and their like.
fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::{digits, is_name, line};

    #[test]
    fn digits_are_read_as_people_write_them() {
        for (text, read) in [
            ("010-1234-5678", "01012345678"),
            ("010.1234.5678", "01012345678"),
            ("(010) 1234/5678", "01012345678"),
            ("０１０－１２３４－５６７８", "01012345678"),
            ("010\u{2013}1234\u{a0}5678", "01012345678"),
            ("010ㅡ1234·5678", "01012345678"),
            ("\u{202a}+82 10\u{202c}", "+8210"),
            ("＋８２", "+82"),
            ("", ""),
            ("-", ""),
        ] {
            assert_eq!(digits(text).as_deref(), Some(read), "{text}");
        }
        for text in ["010-abcd", "٠١٠", "1+1", "++82", "010\n1234", "전화", "<b>"] {
            assert_eq!(digits(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_is_what_can_be_seen() {
        for (text, read) in [
            (" 홍길동 ", "홍길동"),
            ("홍\u{200b}길\u{202e}동", "홍길동"),
            ("\u{3164}홍 길동\u{3164}", "홍 길동"),
            ("O'Neil", "O'Neil"),
        ] {
            assert_eq!(line(text), read);
            assert!(is_name(&line(text)), "{text}");
        }
        for text in [
            "",
            " ",
            "\u{3164}",
            "\u{3164} \u{3164}",
            "\u{ffa0}",
            "\u{115f}\u{1160}",
            "\u{200b}\u{feff}",
            "\u{2800}",
            "\u{3000}",
            "\u{e0041}",
            "\u{fe0f}",
            "\u{301}",
            "-",
            "...",
            "a\u{0}b",
            "a\nb",
        ] {
            assert!(!is_name(&line(text)), "{text:?}");
        }
    }
}
