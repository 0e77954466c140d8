//! The table of facts about Toss, held against the tests that its rows name.
//!
//! `facts.tsv` has one fact in each row: its section of the reference, its source, and whether it
//! is tested, assumed or not emulated. A test of a fact is named after its section: `api_5_2_…`
//! in Rust, `sdk_3_5 …` in Playwright, whose titles are named by their beginnings.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::sandbox::Assumptions;

const FACTS: &str = include_str!("../facts.tsv");
const HEAD: &str = "section\tfact\tsource\tstate\tby";

/// Documents, as names of tests begin with them.
const DOCUMENTS: [&str; 3] = ["api_", "sdk_", "webhooks_"];

enum State {
    Tested,
    Assumed,
    NotEmulated,
}

struct Fact {
    section: &'static str,
    fact: &'static str,
    source: &'static str,
    state: State,
    /// The assumption's name, or why it is not emulated.
    why: &'static str,
    tests: Vec<&'static str>,
}

fn facts() -> Vec<Fact> {
    let mut lines = FACTS.lines();
    assert_eq!(lines.next(), Some(HEAD));
    lines.map(fact).collect()
}

fn fact(line: &'static str) -> Fact {
    let cells: Vec<&str> = line.split('\t').collect();
    let [section, fact, source, state, by] = cells[..] else { panic!("five cells: {line}") };
    for cell in [section, fact, source, by] {
        assert!(!cell.is_empty() && cell.trim() == cell, "{line}");
    }
    let mut parts: Vec<&str> = by.split(" + ").collect();
    let (state, why) = match state {
        "tested" => (State::Tested, ""),
        "assumed" => (State::Assumed, parts.remove(0)),
        "not emulated" => (State::NotEmulated, std::mem::take(&mut parts)[0]),
        other => panic!("{other}: {line}"),
    };
    Fact { section, fact, source, state, why, tests: parts }
}

impl Fact {
    /// `api 5.2` is `api_5_2`.
    fn prefix(&self) -> String {
        self.section.replace([' ', '.'], "_")
    }

    fn row(&self) -> String {
        let tests: Vec<String> = self.tests.iter().map(|it| format!("`{it}`")).collect();
        let tests = tests.join(", ");
        let state = match (&self.state, tests.as_str()) {
            (State::Tested, tests) => format!("tested: {tests}"),
            (State::Assumed, "") => format!("assumed: {}", self.why),
            (State::Assumed, tests) => format!("assumed: {}; {tests}", self.why),
            (State::NotEmulated, _) => format!("not emulated: {}", self.why),
        };
        let cells = [self.section, self.fact, self.source, &state].map(|it| it.replace('|', "\\|"));
        format!("| {} |\n", cells.join(" | "))
    }
}

/// The facts as the manual lists them.
pub(super) fn table() -> String {
    let facts = facts();
    let count = |is: fn(&State) -> bool| facts.iter().filter(|it| is(&it.state)).count();
    let (tested, assumed) =
        (count(|it| matches!(it, State::Tested)), count(|it| matches!(it, State::Assumed)));
    let rows: String = facts.iter().map(Fact::row).collect();
    format!(
        "{} facts: {tested} tested, {assumed} assumed, {} not emulated.\n\n\
         | section | fact | source | state |\n| --- | --- | --- | --- |\n{rows}",
        facts.len(),
        facts.len() - tested - assumed
    )
}

/// Names of Rust tests here and titles of Playwright's that begin with a document and a section.
fn tests_by_section() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    let files = files(&root.join("src/sandbox"), "rs");
    for file in files.into_iter().chain(files_of_playwright(root)) {
        let text = std::fs::read_to_string(&file).unwrap();
        let is_rust = file.extension().is_some_and(|it| it == "rs");
        let (before, ends): (&[&str], &[char]) =
            if is_rust { (&["fn "], &['(']) } else { (&["test(\"", "test(`"], &['"', '`']) };
        for before in before {
            let names = text.split(before).skip(1).filter_map(|it| it.split(ends).next());
            found.extend(names.filter(|name| is_of_a_section(name)).map(str::to_owned));
        }
    }
    found
}

fn is_of_a_section(name: &str) -> bool {
    let section = DOCUMENTS.iter().find_map(|document| name.strip_prefix(document));
    section.is_some_and(|it| it.starts_with(|first: char| first.is_ascii_digit()))
}

fn files_of_playwright(root: &Path) -> Vec<PathBuf> {
    files(&root.join("end2end/tests"), "ts")
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|it| it == ending) {
            found.push(path);
        }
    }
    found
}

/// Whether a row that says `named` means the test called `name`.
fn means(named: &str, name: &str) -> bool {
    if named.contains(' ') { name.starts_with(named) } else { name == named }
}

#[test]
fn every_fact_names_tests_that_exist_and_are_named_after_its_section() {
    let tests = tests_by_section();
    let mut wrong = Vec::new();
    for fact in facts() {
        for named in &fact.tests {
            let count = tests.iter().filter(|name| means(named, name)).count();
            if count != 1 {
                wrong.push(format!("{}: {count} tests are called {named}", fact.section));
            }
        }
        let prefix = fact.prefix();
        let is_of_it = |name: &str| {
            let rest = name.strip_prefix(prefix.as_str()).unwrap_or_default();
            let mut after = rest.chars();
            matches!(after.next(), Some('_' | ' '))
                && after.next().is_some_and(|it| !it.is_ascii_digit())
        };
        if matches!(fact.state, State::Tested) && !fact.tests.iter().any(|it| is_of_it(it)) {
            wrong.push(format!("{}: no test begins with {prefix}: {}", fact.section, fact.fact));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_test_that_is_named_after_a_section_is_named_by_a_fact() {
    let facts = facts();
    let unnamed: Vec<String> = tests_by_section()
        .into_iter()
        .filter(|name| !facts.iter().any(|it| it.tests.iter().any(|named| means(named, name))))
        .collect();
    assert!(unnamed.is_empty(), "add them to src/sandbox/facts.tsv:\n{}", unnamed.join("\n"));
}

#[test]
fn assumptions_and_facts_name_each_other() {
    let assumptions = Assumptions::default().list();
    let facts = facts();
    let assumed: Vec<&Fact> =
        facts.iter().filter(|it| matches!(it.state, State::Assumed)).collect();
    let mut wrong = Vec::new();
    for fact in &assumed {
        if !assumptions.iter().any(|it| it.about == fact.why) {
            wrong.push(format!("{}: no assumption is about {}", fact.section, fact.why));
        }
    }
    for assumption in &assumptions {
        if !assumed.iter().any(|it| it.why == assumption.about) {
            wrong.push(format!("no fact is left open for {}", assumption.about));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn facts_stand_in_the_order_of_their_sections_and_once() {
    let facts = facts();
    let place = |it: &Fact| {
        let (document, section) = it.section.split_once(' ').unwrap();
        let at = DOCUMENTS.iter().position(|name| name.trim_end_matches('_') == document).unwrap();
        let numbers: Vec<u32> = section.split('.').map(|it| it.parse().unwrap()).collect();
        (at, numbers)
    };
    assert!(facts.is_sorted_by_key(place));
    let different: BTreeSet<_> = facts.iter().map(|it| it.fact).collect();
    assert_eq!(different.len(), facts.len(), "a fact stands twice");
}
