//! The manual held against the code it is about.

use std::path::Path;

use crate::sandbox::Assumptions;
use crate::sandbox::tests::Twin;

const BEGIN: &str = "<!-- assumptions:begin -->\n";
const END: &str = "<!-- assumptions:end -->";

/// The assumptions as the manual lists them.
fn table() -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    let rows: String = Assumptions::default()
        .list()
        .iter()
        .map(|it| format!("| {} | {} | {} |\n", cell(it.about), cell(&it.chosen), it.source))
        .collect();
    format!("| about | here | open in |\n| --- | --- | --- |\n{rows}")
}

#[test]
fn the_manual_lists_the_assumptions_as_they_are() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox/README.md");
    let manual = std::fs::read_to_string(&file).unwrap();
    let (before, rest) = manual.split_once(BEGIN).unwrap();
    let (listed, after) = rest.split_once(END).unwrap();
    if listed != table() {
        // Generated here and nowhere else, so that a failure mends itself.
        std::fs::write(&file, format!("{before}{BEGIN}{}{END}{after}", table())).unwrap();
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
