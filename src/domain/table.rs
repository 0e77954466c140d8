//! A table as spreadsheets save it: values with commas between, a row a line, quotes around what has
//! either in it (RFC 4180).

/// A row and the line of the file that it begins on.
pub type Row = (usize, Vec<String>);

/// Reads all rows; rows of nothing are left out. Fails with the line on which a quote is left open.
pub fn rows(text: &str) -> Result<Vec<Row>, usize> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut rows, mut row, mut value) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut began, mut is_quoted) = (1, 1, false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                value.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '"' if value.is_empty() => is_quoted = true,
            ',' if !is_quoted => row.push(std::mem::take(&mut value)),
            '\r' if !is_quoted => {}
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut value));
                rows.push((began, std::mem::take(&mut row)));
                line += 1;
                began = line;
            }
            letter => {
                line += usize::from(letter == '\n');
                value.push(letter);
            }
        }
    }
    if is_quoted {
        return Err(began);
    }
    if !value.is_empty() || !row.is_empty() {
        row.push(value);
        rows.push((began, row));
    }
    rows.retain(|(_, row)| row.iter().any(|value| !value.trim().is_empty()));
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn values_lines_and_quotes_are_told_apart() {
        let text = "\u{feff}id,name\r\ntee,\"티셔츠, 흰\"\n\n,,\nmug,\"a \"\"b\"\" c\"\nx,\"two\nlines\"\ny,";
        let read = rows(text).unwrap();
        let read: Vec<_> = read.iter().map(|(line, row)| (*line, row.join("|"))).collect();
        let expected = [
            (1, "id|name"),
            (2, "tee|티셔츠, 흰"),
            (5, "mug|a \"b\" c"),
            (6, "x|two\nlines"),
            (8, "y|"),
        ];
        assert_eq!(read, expected.map(|(line, row)| (line, row.to_owned())));
        assert_eq!(rows("a,b\nc,\"d"), Err(2));
        assert_eq!(rows(""), Ok(Vec::new()));
    }
}
