//! The manual held against the code it is about.

use std::path::Path;

use crate::sandbox::Assumptions;
use crate::sandbox::tests::{Twin, facts};

/// The assumptions as the manual lists them.
fn assumptions() -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    let rows: String = Assumptions::default()
        .list()
        .iter()
        .map(|it| format!("| {} | {} | {} |\n", cell(it.about), cell(&it.chosen), it.source))
        .collect();
    format!("| about | here | open in |\n| --- | --- | --- |\n{rows}")
}

/// Lists are made here and nowhere else (`make manual`), so that a failure mends itself.
#[test]
fn the_manual_lists_assumptions_and_facts_as_they_are() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox/README.md");
    let found = std::fs::read_to_string(&file).unwrap();
    let mut manual = found.clone();
    for (name, list) in [("assumptions", assumptions()), ("facts", facts::table())] {
        let (begin, end) = (format!("<!-- {name}:begin -->\n"), format!("<!-- {name}:end -->"));
        let (before, rest) = manual.split_once(&begin).unwrap();
        let (_, after) = rest.split_once(&end).unwrap();
        manual = format!("{before}{begin}{list}{end}{after}");
    }
    if found != manual {
        std::fs::write(&file, manual).unwrap();
        panic!("the manual was not up to date and has been rewritten: look at it and keep it");
    }
}

#[tokio::test]
async fn every_address_that_the_manual_names_exists() {
    let manual = include_str!("../README.md");
    let description = include_str!("../control/openapi.json");
    let mut named = 0;
    for part in manual.split("$S/").skip(1) {
        let word: String =
            part.chars().take_while(|it| it.is_ascii_alphabetic() || *it == '-').collect();
        assert!(description.contains(&format!("\"/__sandbox/{word}\"")), "{word}");
        named += 1;
    }
    assert!(named > 15);
    for form in ["fault", "webhook-fault", "event", "webhook", "clock", "latency", "authenticate"] {
        assert!(manual.contains(&format!("#{form}?")), "{form}");
        let page = Twin::new().control("GET", "", serde_json::Value::Null).await;
        assert!(page.text.contains(&format!("data-form=\"{form}\"")), "{form}");
    }
}
