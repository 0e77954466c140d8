//! What lints cannot see, in tables anyone can read.

use std::path::{Path, PathBuf};

use crate::domain::order::Status;

/// Which part may name which. `startup` alone may name all; nobody names `startup`.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("toss", &[]),
    ("contract", &["domain"]),
    ("widget", &["domain"]),
    ("sandbox", &["toss"]),
    ("server", &["domain", "toss", "contract"]),
    ("api", &["domain", "contract", "server"]),
    ("components", &["domain", "toss", "contract", "widget"]),
    ("pages", &["domain", "contract", "api", "components", "widget"]),
];

/// Each effect has one home.
const HOMES: &[(&str, &[&str])] = &[
    ("sqlx::query", &["src/server/db/"]),
    ("feature = \"", &["src/lib.rs"]),
    (
        "reqwest::Client",
        &[
            "src/server/toss_client.rs",
            "src/startup/bench/load.rs",
            "src/startup/drill/case.rs",
            "src/sandbox/webhooks/",
        ],
    ),
    // A call under a fault goes on when its caller hangs up, hence the sandbox's; so does a commit
    // that others wait for, hence the writer's.
    (
        "tokio::spawn",
        &["src/startup/", "src/sandbox/api/reception.rs", "src/server/db/writer/mod.rs"],
    ),
    ("Timestamp::now", &["src/server/clock.rs", "src/sandbox/clock.rs"]),
    ("/proc/uptime", &["src/server/clock.rs"]),
    ("rand::rng", &["src/server/clock.rs", "src/sandbox/dice.rs"]),
    ("println!", &[]),
    // It would carry the text of inner errors to the browser.
    ("ServerFnError>", &[]),
    // It prints a title raw, and this would anything.
    ("leptos_meta", &["src/pages/head.rs"]),
    ("inner_html", &[]),
];

/// Names that say nothing: a thing that has no better one has no home yet.
const NO_NAMES: &[&str] = &["utils", "helpers", "common", "types", "manager", "service"];

/// A file past 400 lines is the one its owners complain about.
const LINES_MAX: usize = 400;

struct Source {
    path: String,
    text: String,
}

fn sources() -> Vec<Source> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(&root.join("src"), &mut found);
    found
        .into_iter()
        .map(|path| Source {
            text: std::fs::read_to_string(&path).unwrap(),
            path: path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"),
        })
        .collect()
}

impl Source {
    fn part(&self) -> &str {
        let inside = self.path.trim_start_matches("src/");
        inside.split(['/', '.']).next().unwrap_or_default()
    }

    fn is_test(&self) -> bool {
        self.path.starts_with("src/tests/") || self.path.contains("/tests")
    }

    /// What is compiled into the product, without comments.
    fn code(&self) -> String {
        let product = self.text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = product.lines().filter(|line| !line.trim_start().starts_with("//"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn each_part_knows_only_the_parts_it_points_to() {
    let parts: Vec<_> = MAY_USE.iter().map(|(part, _)| *part).chain(["startup"]).collect();
    for source in sources().iter().filter(|source| !source.is_test()) {
        let Some((part, may)) = MAY_USE.iter().find(|(part, _)| *part == source.part()) else {
            continue;
        };
        let code = source.code();
        for other in parts.iter().filter(|other| *other != part && !may.contains(other)) {
            let named = format!("crate::{other}");
            let names = code.match_indices(&named).any(|(at, _)| {
                let next = code[at + named.len()..].chars().next();
                !next.is_some_and(|c| c.is_alphanumeric() || c == '_')
            });
            assert!(!names, "{}: {part} may not name {other}", source.path);
        }
    }
}

#[test]
fn each_effect_has_one_home() {
    for source in sources().iter().filter(|source| !source.is_test()) {
        for (effect, homes) in HOMES {
            let home = homes.iter().any(|home| source.path.starts_with(home));
            assert!(home || !source.code().contains(effect), "{}: {effect}", source.path);
        }
    }
    for (effect, homes) in HOMES {
        for home in *homes {
            let used = sources()
                .iter()
                .any(|source| source.path.starts_with(home) && source.text.contains(effect));
            assert!(used, "{home} no longer needs its exemption for {effect}");
        }
    }
}

#[test]
fn files_begin_with_what_they_are_for_and_have_names() {
    for source in sources() {
        assert!(source.text.starts_with("//! "), "{}: no first line", source.path);
        let name = Path::new(&source.path).file_stem().unwrap().to_string_lossy().into_owned();
        assert!(!NO_NAMES.contains(&name.as_str()), "{}", source.path);
        let folder = source.path.trim_end_matches(".rs");
        let twin = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        assert!(!twin.is_dir(), "{}: folders have a mod.rs", source.path);
    }
}

#[test]
fn files_stay_small() {
    for source in sources().iter().filter(|source| !source.is_test()) {
        let lines = source.text.lines().count();
        assert!(lines <= LINES_MAX, "{} has {lines} lines", source.path);
    }
}

#[test]
fn no_unwrapping_outside_tests() {
    for source in sources().iter().filter(|source| !source.is_test()) {
        for word in [".unwrap()", ".expect(\"", "panic!(", "todo!(", "unimplemented!("] {
            assert!(!source.code().contains(word), "{}: {word}", source.path);
        }
    }
}

/// The library prints what is inside of these as it comes.
#[test]
fn no_value_stands_where_it_would_be_markup() {
    for source in sources().iter().filter(|source| !source.is_test()) {
        if !["pages", "components"].contains(&source.part()) {
            continue;
        }
        let code = source.code();
        for tag in ["script", "style", "noscript", "textarea"] {
            for inside in code.split(&format!("<{tag}")).skip(1) {
                let inside = inside.split(&format!("</{tag}>")).next().unwrap_or_default();
                // What stands between quotes is text as it is.
                let outside: String = inside.split('"').step_by(2).collect();
                assert!(!outside.contains('{'), "{}: <{tag}{inside}", source.path);
            }
        }
    }
}

/// A list of states that is typed by hand forgets the next one.
#[test]
fn lists_of_states_in_sql_are_rendered() {
    let mut rendered = 0;
    for source in sources().iter().filter(|it| it.path.starts_with("src/server/") && !it.is_test())
    {
        let code = source.code();
        rendered += code.matches("status in [").count();
        for list in code.split(" in (").skip(1) {
            let list = list.split(')').next().unwrap_or_default();
            // Toss has a state of that name too.
            let ours = Status::ALL.into_iter().filter(|it| *it != Status::WaitingForDeposit);
            for status in ours {
                let named = format!("'{}'", status.as_str());
                assert!(!list.contains(&named), "{}: ({list})", source.path);
            }
        }
    }
    assert!(rendered > 5, "{rendered}");
}

/// SQLite plans a statement again whenever a bare bound limit is bound.
#[test]
fn bound_limits_are_cast() {
    let statements =
        sources().into_iter().filter(|source| source.path.starts_with("src/server/db"));
    let (mut cast, bare) = (0, concat!("limit", " $"));
    for source in statements {
        assert!(!source.text.contains(bare), "{}", source.path);
        cast += source.text.matches("limit cast($").count();
    }
    assert!(cast > 10, "{cast}");
}

/// The WASM tests cannot name the sandbox, which is of the server's side: they list its files.
#[test]
fn the_wasm_tests_load_the_whole_script_of_the_sandbox() {
    let script = |path: &str| -> Vec<String> {
        let source = sources().into_iter().find(|source| source.path == path).unwrap();
        let lines = source.text.lines().filter(|line| line.contains("include_str!("));
        let files = lines.filter_map(|line| line.split("script/").nth(1).map(str::to_owned));
        files.map(|file| file.split('"').next().unwrap_or_default().to_owned()).collect()
    };
    let served = script("src/sandbox/browser/mod.rs");
    assert!(served.len() > 5, "{served:?}");
    assert_eq!(served, script("src/tests/web.rs"));
}

/// What is promised with a test must have it.
#[test]
fn every_test_that_the_security_page_names_is_there() {
    let page = include_str!("../../SECURITY.md");
    let sources = sources();
    let is_name = |text: &&str| {
        let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        text.matches('_').count() > 1 && text.bytes().all(letters)
    };
    let mut named = 0;
    for test in page.split('`').skip(1).step_by(2).filter(is_name) {
        let test = format!("fn {test}(");
        assert!(sources.iter().any(|source| source.text.contains(&test)), "{test}");
        named += 1;
    }
    assert!(named > 30, "{named}");
}
