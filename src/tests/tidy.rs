//! What lints cannot see, in tables anyone can read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::CommandFactory;

use crate::domain::order::Status;
use crate::server::config::Cli;

/// Which part may name which.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("toss", &[]),
    ("words", &["domain"]),
    ("contract", &["domain", "words"]),
    ("widget", &["domain"]),
    ("sandbox", &["toss"]),
    ("server", &["domain", "words", "toss", "contract"]),
    ("api", &["domain", "words", "contract", "server"]),
    ("components", &["domain", "words", "toss", "contract", "widget"]),
    ("pages", &["domain", "words", "contract", "api", "components", "widget"]),
    // Where everything meets; then what tries it, and what people type.
    ("startup", &["domain", "words", "toss", "contract", "sandbox", "server", "api", "pages"]),
    ("trials", &["domain", "words", "toss", "contract", "sandbox", "server", "startup"]),
    (
        "commands",
        &["domain", "words", "toss", "contract", "sandbox", "server", "startup", "trials"],
    ),
];

/// The rooms of a folder from the ground up: what stands on one floor names only what is below it.
const LAYERS: &[(&str, &[&[&str]])] = &[
    (
        "src/server",
        &[
            // What a refusal and a failure are, and what the process runs on.
            &["damage", "refusal"],
            &["error"],
            &["files", "limits", "runtime"],
            &["config"],
            &["db"],
            // One writer of an order's state; who is told; how Toss is called.
            &["ledger", "token", "toss_api"],
            &["app"],
            // Who is asking, what becomes of money, what is sold.
            &["identity"],
            &["payment"],
            &["proof", "shop"],
            &["ops", "web"],
        ],
    ),
    (
        "src/sandbox",
        &[
            &[
                "assumptions",
                "clock",
                "connection",
                "dice",
                "gate",
                "language",
                "merchants",
                "reach",
            ],
            &["fields", "lifecycle"],
            &["codes", "json_body"],
            &["payments"],
            &["faults", "vault"],
            &["calls", "processor", "webhooks"],
            &["buyer", "config"],
            &["state"],
            &["background", "direct", "middleware", "not_found", "store"],
            &["api", "browser", "control"],
        ],
    ),
    (
        "src/sandbox/api",
        &[
            &["authorization", "card_entry", "operation", "parameters"],
            &["request"],
            &["incoming", "log_entry", "sale"],
            &[
                "brandpay",
                "cancel",
                "cash_receipts",
                "confirm",
                "promotions",
                "read",
                "settlements",
            ],
            &["billing", "key_in", "transactions", "virtual_accounts"],
            &["dispatch"],
            &["reply"],
            &["fault_injection"],
            &["reception"],
        ],
    ),
    ("src/sandbox/browser", &[&["page"], &["receipt", "window"]]),
    ("src/sandbox/buyer", &[&["choices"], &["agreements"]]),
    ("src/sandbox/calls", &[&["answer", "log", "rate_limit"], &["idempotency"]]),
    (
        "src/sandbox/control",
        &[
            &[
                "agreements",
                "clock",
                "latency",
                "merchants",
                "page",
                "reference",
                "rows",
                "webhooks",
            ],
            &["calls", "deliveries", "faults", "timeline", "webhook_faults"],
            &["payments"],
            &["authenticate"],
        ],
    ),
    ("src/sandbox/faults", &[&["fault"], &["description", "in_force"]]),
    (
        "src/sandbox/payments",
        &[
            &["institutions", "links", "order", "pending", "words"],
            &["receipts"],
            &["virtual_account"],
            &["means"],
            &["payment"],
            &["cancel", "deposit", "payment_object", "receipt_issue"],
            &["outbox"],
            &["book"],
            &["snapshot", "transactions"],
        ],
    ),
    (
        "src/sandbox/webhooks",
        &[
            &["delivery", "event_type", "signature"],
            &["event", "registration"],
            &["fault", "samples"],
            &["queue"],
            &["courier", "queue_faults"],
        ],
    ),
];

/// Each effect has one home.
const HOMES: &[(&str, &[&str])] = &[
    ("sqlx::query", &["src/server/db/"]),
    // One writer of an order's state: whatever moves is told.
    ("orders::advanc", &["src/server/ledger/mod.rs"]),
    ("order_moved(", &["src/server/ledger/mod.rs", "src/server/runtime/metrics.rs"]),
    ("feature = \"", &["src/lib.rs"]),
    (
        "reqwest::Client",
        &[
            "src/server/toss_api/client.rs",
            "src/trials/bench/load.rs",
            "src/trials/drill/case.rs",
            "src/sandbox/webhooks/",
        ],
    ),
    // A call under a fault goes on when its caller hangs up, hence the sandbox's; so does a commit
    // that others wait for, hence the writer's.
    (
        "tokio::spawn",
        &[
            "src/startup/",
            "src/trials/",
            "src/sandbox/api/reception.rs",
            "src/server/db/writer/queue.rs",
            "src/server/db/sets/mod.rs",
            "src/server/db/pieces.rs",
        ],
    ),
    ("Timestamp::now", &["src/server/runtime/clock.rs", "src/sandbox/clock.rs"]),
    ("/proc/uptime", &["src/server/runtime/clock.rs"]),
    ("rand::rng", &["src/server/runtime/clock.rs", "src/sandbox/dice.rs"]),
    ("println!", &[]),
    // It would carry the text of inner errors to the browser.
    ("ServerFnError>", &[]),
    // It prints a title raw, and this would anything.
    ("leptos_meta", &["src/pages/head.rs"]),
    ("inner_html", &[]),
];

/// Names that say nothing: a thing that has no better one has no home yet.
const NO_NAMES: &[&str] = &["utils", "helpers", "common", "types", "manager", "service"];

/// Files that say what something is called in Korean: an example that staff may type, the menu of another
/// program, the unit of money as staff read it.
const KOREAN_QUOTED: &[&str] = &[
    "src/commands/product.rs",
    "src/commands/sandbox.rs",
    "src/commands/serve.rs",
    "src/domain/won.rs",
    "src/server/config/toss.rs",
];

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
        let mut product = Vec::new();
        let mut lines = self.text.lines();
        while let Some(line) = lines.next() {
            if line.trim() == "#[cfg(test)]" {
                skip_item(&mut lines);
            } else if !line.trim_start().starts_with("//") {
                product.push(line);
            }
        }
        product.join("\n")
    }
}

/// Goes past one item, attributes included: to the bracket that closes what its first line opens, at that
/// line's depth, as the formatter sets it.
fn skip_item<'a>(lines: &mut impl Iterator<Item = &'a str>) {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let first = lines.find(|line| !line.trim_start().starts_with("#[")).unwrap_or_default();
    let opens = first.ends_with(['{', '(', '[']);
    let is_end = |line: &str| {
        depth(line) == depth(first) && ["}", "},", "};", ");", "];"].contains(&line.trim())
    };
    if opens {
        lines.find(|line| is_end(line));
    }
}

#[test]
fn what_is_compiled_for_tests_alone_is_no_code_and_what_comes_after_it_is() {
    let text = "//! It.\n#[cfg(test)]\nuse a::b;\nfn c() {}\n#[cfg(test)]\n#[expect(x)]\nmod d {\n    \
                fn e() {\n    }\n}\nfn f() {\n    #[cfg(test)]\n    g();\n    h();\n}\n";
    let source = Source { path: String::new(), text: text.to_owned() };
    assert_eq!(source.code(), "fn c() {}\nfn f() {\n    h();\n}");
}

#[test]
fn each_part_knows_only_the_parts_it_points_to() {
    let parts: Vec<_> = MAY_USE.iter().map(|(part, _)| *part).collect();
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
fn inside_a_folder_arrows_run_down() {
    let sources = sources();
    for (root, floors) in LAYERS {
        let faults = layers(&sources, root, floors);
        assert!(faults.is_empty(), "{root}: {faults:#?}");
    }
}

/// Whether the rooms of a folder, its files and folders, stand on these floors, the ground first, and each
/// names only rooms of floors below its own, so that no circle is among them. Its `mod.rs` is above all of
/// them; what it hands on counts as named where it is defined.
fn layers(sources: &[Source], root: &str, floors: &[&[&str]]) -> Vec<String> {
    let here = format!("{}::", root.replacen("src", "crate", 1).replace('/', "::"));
    let floor = |room: &str| floors.iter().position(|rooms| rooms.contains(&room));
    let handed_on = handed_on(sources, root);
    let (mut faults, mut standing) = (Vec::new(), BTreeSet::new());
    for source in sources.iter().filter(|source| !source.is_test()) {
        let Some(inside) = source.path.strip_prefix(&format!("{root}/")) else { continue };
        if inside == "mod.rs" {
            continue;
        }
        let room = inside.split(['/', '.']).next().unwrap();
        standing.insert(room);
        let (own, code) = (floor(room), source.code());
        let named = first_names(&code, &here);
        let named = named.iter().map(|name| handed_on.get(name).unwrap_or(name));
        for named in named.filter(|named| *named != room) {
            if floor(named).is_none_or(|floor| Some(floor) >= own) {
                faults.push(format!("{}: {room} may not name {named}", source.path));
            }
        }
        // A module inside of a file may name what is around it so, and nothing else may.
        let is_inner = |line: &str| line.starts_with(' ') && line.trim().starts_with("use super::");
        let hidden =
            |line: &&str| line.contains("crate::{") || line.contains("super::") && !is_inner(line);
        faults.extend(code.lines().find(hidden).map(|line| format!("{}: {line}", source.path)));
    }
    let listed: BTreeSet<&str> = floors.iter().flat_map(|rooms| rooms.iter().copied()).collect();
    faults
        .extend(standing.symmetric_difference(&listed).map(|room| format!("{room}: which floor?")));
    faults
}

#[test]
fn an_arrow_that_runs_up_is_told() {
    let of = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
    let told = |upper: &str, lower: &str| {
        let sources = [
            of("src/a/mod.rs", "pub use lower::It;\nuse crate::a::upper::Other;\n"),
            of("src/a/upper/mod.rs", upper),
            of("src/a/lower.rs", lower),
        ];
        layers(&sources, "src/a", &[&["lower"], &["upper"]])
    };
    let (down, own) = ("use crate::a::{lower::It, upper::Own};\n", "use crate::b::upper;\n");
    for down in [down, "use crate::a::It;\n"] {
        assert_eq!(told(down, own), Vec::<String>::new());
    }
    for up in
        ["use crate::a::upper::Own;\n", "use crate::a::{\n    lower::It,\n    upper::Own,\n};\n"]
    {
        assert_eq!(told(down, up), ["src/a/lower.rs: lower may not name upper"]);
    }
    assert_eq!(told(down, "use crate::a::Own;\n"), ["src/a/lower.rs: lower may not name Own"]);
    for hidden in
        ["use crate::{a::upper, b};", "use super::upper;", "    let it = super::upper::it();"]
    {
        assert_eq!(told(down, hidden), [format!("src/a/lower.rs: {hidden}")]);
    }
    let unplaced = layers(&[of("src/a/other.rs", "")], "src/a", &[&["lower"]]);
    assert_eq!(unplaced, ["lower: which floor?", "other: which floor?"]);
}

/// What the `mod.rs` of a folder hands on, and from which of its rooms: `pub use app::{App, Shop};`.
fn handed_on(sources: &[Source], root: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let face = format!("{root}/mod.rs");
    let Some(face) = sources.iter().find(|it| it.path == face) else { return found };
    for line in face.text.lines().filter_map(|line| line.strip_prefix("pub use ")) {
        if let Some((room, names)) = line.trim_end_matches(';').split_once("::") {
            for name in names.trim_matches(['{', '}']).split(',') {
                found.insert(name.trim().to_owned(), room.to_owned());
            }
        }
    }
    found
}

/// What comes first in each path that begins so: of `start::{a::B, c}` it is `a` and `c`.
fn first_names(code: &str, start: &str) -> BTreeSet<String> {
    let name = |path: &str| -> String {
        path.trim_start().chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect()
    };
    let mut found = BTreeSet::new();
    for path in code.split(start).skip(1) {
        let Some(group) = path.strip_prefix('{') else {
            found.insert(name(path));
            continue;
        };
        let (mut depth, mut begun) = (0, true);
        for (at, byte) in group.bytes().enumerate() {
            if begun {
                found.insert(name(&group[at..]));
            }
            begun = byte == b',' && depth == 0;
            match byte {
                b'{' => depth += 1,
                b'}' if depth == 0 => break,
                b'}' => depth -= 1,
                _ => {}
            }
        }
    }
    found.remove("");
    found
}

#[test]
fn first_names_are_found_in_groups_too() {
    let code =
        "use crate::a::{b::{C, d}, e,\n    f::G,\n};\nuse crate::a::h;\nlet i = crate::a::j::k();";
    let names = ["b", "e", "f", "h", "j"].map(str::to_owned);
    assert_eq!(first_names(code, "crate::a::"), BTreeSet::from(names));
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

/// A state that is left out of the list would not be read back, and no table would miss it.
#[test]
fn every_state_of_an_order_is_among_all() {
    let sources = sources();
    let source = sources.iter().find(|source| source.path == "src/domain/order.rs").unwrap();
    let (_, states) = source.text.split_once("pub enum Status {").unwrap();
    let (states, _) = states.split_once("\n}").unwrap();
    let names = states.lines().filter_map(|line| line.trim().strip_suffix(','));
    let names: Vec<_> = names.filter(|name| name.starts_with(char::is_uppercase)).collect();
    assert_eq!(names, Status::ALL.map(|it| format!("{it:?}")));
}

/// What people read stands in one place for each language.
#[test]
fn no_korean_stands_outside_the_words() {
    let is_hangul = |letter: char| matches!(letter, 'ㄱ'..='ㆎ' | '가'..='힣');
    let is_home = |path: &str| {
        ["src/words/", "src/sandbox/", "src/trials/", "src/server/db/seed.rs"]
            .iter()
            .any(|it| path.starts_with(it))
    };
    let mut left = Vec::new();
    for source in sources().iter().filter(|it| !it.is_test() && !is_home(&it.path)) {
        let code = source.code();
        let lines = code.lines().map(|line| line.split(" // ").next().unwrap_or_default());
        if lines.into_iter().any(|line| line.contains(is_hangul)) {
            left.push(source.path.clone());
        }
    }
    left.sort();
    assert_eq!(left, KOREAN_QUOTED);
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

/// A file of the repository that people read or that cites what they read.
struct Written {
    path: String,
    text: String,
}

/// All of them, with what is in the folders given.
fn written(folders: &[&str], endings: &[&str]) -> Vec<Written> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match path.is_dir() {
                true if ["node_modules", "test-results"].contains(&name.as_str()) => {}
                true => walk(&path, found),
                false => found.push(path),
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<_> = std::fs::read_dir(root).unwrap().map(|it| it.unwrap().path()).collect();
    found.retain(|path| path.is_file());
    for folder in folders {
        walk(&root.join(folder), &mut found);
    }
    let is_text = |path: &Path| {
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        endings.contains(&ending.as_str())
    };
    found.sort();
    found
        .into_iter()
        .filter(|path| is_text(path))
        .map(|path| Written {
            text: std::fs::read_to_string(&path).unwrap(),
            path: path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"),
        })
        .collect()
}

/// One text without the marks of comments, so that a citation may go over the end of a line, and the
/// line of each of its bytes.
fn joined(text: &str) -> (String, Vec<usize>) {
    let (mut all, mut lines) = (String::new(), Vec::new());
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_start().trim_start_matches(['/', '!', '#', '*']).trim_start();
        all.push_str(line);
        all.push(' ');
        lines.resize(all.len(), at + 1);
    }
    (all, lines)
}

/// Sections of a document about Toss, `5.2`, and the numbered rules in them, `10 rule 6`.
fn sections(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut section = String::new();
    for line in text.lines() {
        let number = |text: &str| text.split([' ', '.']).next().unwrap_or_default().to_owned();
        if let Some((_, title)) = line.split_once("# §") {
            section = title.split(' ').next().unwrap_or_default().to_owned();
            found.push(section.clone());
        } else if line.starts_with(|first: char| first.is_ascii_digit()) && line.contains(". ") {
            found.push(format!("{section} rule {}", number(line)));
        }
    }
    found
}

/// What stands at the beginning of a text: `§5.2`, `§3, §5`, `§3 and §7`, `§3.1 to §3.4`, `§6.4–6.8`,
/// `§10 rule 6`; and how long that is.
fn cited(text: &str) -> (Vec<String>, usize) {
    let number = |text: &str| -> String {
        let digits = |it: &char| it.is_ascii_digit() || *it == '.';
        text.chars().take_while(digits).collect::<String>().trim_end_matches('.').to_owned()
    };
    let after = |text: &str, starts: &[&str]| -> Option<usize> {
        starts.iter().find(|start| text.starts_with(**start)).map(|start| start.len())
    };
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(mark) = after(&text[at..], &[" §", ", §", "; §", " and §", "§"]) {
        let section = number(&text[at + mark..]);
        at += mark + section.len();
        if let Some(word) = after(&text[at..], &[" rule ", " no. "]) {
            let rule = number(&text[at + word..]);
            at += word + rule.len();
            found.push(format!("{section} rule {rule}"));
        } else if let Some(to) = after(&text[at..], &[" to §", "–§", "–"]) {
            let last = number(&text[at + to..]);
            at += to + last.len();
            found.extend(between(&section, &last));
        } else {
            found.push(section);
        }
    }
    (found, at)
}

/// `3.1` to `3.4`: all four. What is no range is the two as they are, of which no document has one.
fn between(first: &str, last: &str) -> Vec<String> {
    let split = |it: &str| -> (String, Option<u32>) {
        let (before, number) = it.rsplit_once('.').unwrap_or(("", it));
        (before.to_owned(), number.parse().ok())
    };
    match (split(first), split(last)) {
        ((before, Some(first)), (also, Some(last))) if before == also && first < last => (first
            ..=last)
            .map(|number| match before.as_str() {
                "" => number.to_string(),
                _ => format!("{before}.{number}"),
            })
            .collect(),
        _ => vec![format!("{first} to {last}")],
    }
}

/// What is wrong with the citations of one file, by line. `own` is its name, if it is a document about
/// Toss itself: then a section without a name is one of its own.
fn false_citations(
    text: &str,
    own: Option<&str>,
    documents: &[(String, Vec<String>)],
) -> (usize, Vec<String>) {
    let (text, lines) = joined(text);
    let (mut count, mut wrong, mut last) = (0, Vec::new(), 0);
    let mut check = |at: usize, name: &str, found: &[String]| {
        let sections = documents.iter().find(|(known, _)| known == name).map(|(_, all)| all);
        for section in found {
            count += 1;
            if !sections.is_some_and(|all| all.contains(section)) {
                wrong.push(format!("{}: {name} §{section}", lines[at]));
            }
        }
    };
    while last < text.len() {
        let rest = &text[last..];
        // A name is a word of its own, and no part of a path or a link.
        let names = [".md", ".csv"].iter().flat_map(|ending| rest.match_indices(ending));
        let name = names
            .filter_map(|(at, ending)| {
                let is_letter = |it: char| it.is_ascii_lowercase();
                let start = rest[..at].trim_end_matches(is_letter).len();
                let before = rest[..start].chars().next_back();
                let is_word = start < at && !before.is_some_and(|it| "/_-.(".contains(it));
                let name = &rest[start..at + ending.len()];
                let is_known = documents.iter().any(|(known, _)| known == name);
                let is_cited = rest[..start].ends_with("Toss: ");
                let is_bare = !cited(&rest[at + ending.len()..]).0.is_empty();
                (is_word && (is_known || is_cited || is_bare)).then_some((start, name))
            })
            .min();
        let alone = rest.find('§').filter(|at| name.is_none_or(|(start, _)| *at < start));
        match (alone, name) {
            (Some(at), _) => {
                let (found, length) = cited(&rest[at..]);
                check(last + at, own.unwrap_or("a section of no document,"), &found);
                last += at + length.max('§'.len_utf8());
            }
            (None, Some((at, name))) => {
                let (found, length) = cited(&rest[at + name.len()..]);
                // A document may speak of another as a whole.
                if found.is_empty() && own.is_none() {
                    check(last + at, name, &["(which?)".to_owned()]);
                }
                check(last + at, name, &found);
                last += at + name.len() + length;
            }
            (None, None) => break,
        }
    }
    (count, wrong)
}

fn documents_about_toss() -> Vec<(String, Vec<String>)> {
    let documents = written(&["docs/toss"], &["md"]).into_iter();
    let named =
        documents.filter_map(|it| Some((it.path.strip_prefix("docs/toss/")?.to_owned(), it)));
    named.map(|(name, it)| (name, sections(&it.text))).collect()
}

/// A fact that nobody can look up is a rumour.
#[test]
fn every_citation_of_toss_opens() {
    let documents = documents_about_toss();
    let names: Vec<_> = documents.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["api.md", "errors.md", "sdk.md", "webhooks.md"]);
    let endings = ["rs", "js", "ts", "mjs", "json", "html", "css", "tsv", "sql", "md"];
    let (mut count, mut wrong) = (0, Vec::new());
    for file in written(&["src", "end2end", "style", "migrations", "docs"], &endings) {
        // Citations here are examples.
        if file.path == "src/tests/tidy.rs" || file.path.ends_with("package-lock.json") {
            continue;
        }
        let own = file.path.strip_prefix("docs/toss/");
        let (found, told) = false_citations(&file.text, own, &documents);
        count += if own.is_none() { found } else { 0 };
        wrong.extend(told.into_iter().map(|it| format!("{}:{it}", file.path)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 300, "{count}");
    // The sandbox's table of facts names sections in words of its own.
    let facts = include_str!("../sandbox/facts.tsv").lines().skip(1);
    for section in facts.filter_map(|line| line.split('\t').next()) {
        let (name, number) = section.split_once(' ').unwrap();
        let document = documents.iter().find(|(known, _)| *known == format!("{name}.md"));
        assert!(document.is_some_and(|(_, all)| all.iter().any(|it| it == number)), "{section}");
    }
}

#[test]
fn a_citation_that_leads_nowhere_is_told_with_its_line() {
    let documents =
        [("api.md".to_owned(), sections("# §1 a\n## §1.1 b\n## §1.2 c\n# §10 d\n4. e\n"))];
    let told = |text: &str| false_citations(text, None, &documents).1;
    for good in [
        "(Toss: api.md §1)",
        "(Toss: api.md §1.1, §10 rule 4)",
        "(Toss: api.md §1.1 to §1.2)",
        "(Toss: api.md §1.1–1.2)",
        "/// (Toss: api.md\n/// §1.2); without",
        "Toss: a claim is compared with the order",
        "[the document](docs/toss/api.md)",
    ] {
        assert_eq!(told(good), Vec::<String>::new(), "{good}");
    }
    for (bad, line) in [
        ("(Toss: api.md §2)", 1),
        ("\n(Toss: api.md §1.3)", 2),
        ("(Toss: api.md §1, §3)", 1),
        ("(Toss: api.md §1.1 to §1.3)", 1),
        ("(Toss: api.md §10 rule 5)", 1),
        ("\n\n/// (Toss: api.md)", 3),
        ("(Toss: api §1)", 1),
        ("(Toss: §1)", 1),
        ("(Toss: sdk.md §1)", 1),
        ("(Toss: errors.csv)", 1),
        ("see sdk.md §1", 1),
    ] {
        let told = told(bad);
        assert_eq!(told.len(), 1, "{bad}: {told:?}");
        assert!(told[0].starts_with(&format!("{line}: ")), "{bad}: {told:?}");
    }
}

/// Names of files in the books, the heads that links lead to, and what `make` is told to do.
#[test]
fn what_the_books_name_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let makefile = include_str!("../../Makefile");
    let books = written(&["docs", "src/sandbox"], &["md"]);
    let head = |line: &str| -> Option<String> {
        let title = line.strip_prefix('#')?.trim_start_matches('#').strip_prefix(' ')?;
        let kept = title.to_lowercase().replace(' ', "-");
        Some(kept.chars().filter(|it| it.is_alphanumeric() || *it == '-' || *it == '_').collect())
    };
    let mut named = 0;
    for book in &books {
        let folder = root.join(&book.path).parent().unwrap().to_owned();
        for folder in ["src/", "docs/", "end2end/", "migrations/", "style/", "public/"] {
            for (at, _) in book.text.match_indices(folder) {
                let is_name = |it: char| it.is_ascii_alphanumeric() || "_-./".contains(it);
                // The end of another path, or of a link, which is looked at below.
                if book.text[..at].chars().next_back().is_some_and(is_name) {
                    continue;
                }
                let path: String = book.text[at..].chars().take_while(|it| is_name(*it)).collect();
                let path = path.trim_end_matches('.');
                assert!(root.join(path).exists(), "{}: {path}", book.path);
                named += 1;
            }
        }
        for told in book.text.split('`').skip(1).step_by(2) {
            if let Some(target) = told.strip_prefix("make ") {
                let target = target.split([' ', '\n']).next().unwrap_or_default();
                assert!(makefile.contains(&format!("\n{target}:")), "{}: {told}", book.path);
            }
        }
        for link in book.text.split("](").skip(1).filter_map(|it| it.split(')').next()) {
            if link.contains("://") {
                continue;
            }
            let (path, place) = link.split_once('#').unwrap_or((link, ""));
            let file = if path.is_empty() { root.join(&book.path) } else { folder.join(path) };
            assert!(file.exists(), "{}: {link}", book.path);
            let text = if place.is_empty() { None } else { std::fs::read_to_string(&file).ok() };
            if let Some(text) = text {
                let there = text.lines().filter_map(head).any(|it| it == place);
                assert!(there, "{}: {link}", book.path);
            }
            named += 1;
        }
    }
    assert!(named > 150, "{named}");
}

/// A setting of tests and of `gyesan bench` alone.
const OF_NO_SHOP: &str = "GYESAN_TEST_POSTGRES";

#[test]
fn every_setting_is_in_the_books() {
    fn walk(command: &clap::Command, found: &mut Vec<String>) {
        let envs = command.get_arguments().filter_map(|it| it.get_env());
        found.extend(envs.map(|env| env.to_string_lossy().into_owned()));
        for inner in command.get_subcommands() {
            walk(inner, found);
        }
    }
    let mut settings = Vec::new();
    walk(&Cli::command(), &mut settings);
    settings.retain(|name| name != OF_NO_SHOP);
    assert!(settings.len() > 40, "{settings:?}");
    let example = include_str!("../../.env.example");
    let operations = include_str!("../../docs/OPERATIONS.md");
    for name in settings {
        assert!(example.contains(&name), ".env.example: {name}");
        assert!(operations.contains(&format!("`{name}")), "docs/OPERATIONS.md: {name}");
    }
}
