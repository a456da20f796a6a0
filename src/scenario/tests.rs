//! Whole scenarios in a folder of their own.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;

const SCENARIO: &str = r#"
url = "https://shop.example/"
steps = [{ load = "/" }, { idle = "1s" }]

[device]
viewport = "desktop"

[[origin]]
host = "shop.example"
dir = "site"

[[origin]]
host = "cdn.vendor.example"
dir = "vendor"

[[origin]]
host = "static.example"
dir = "static"

[[tag]]
id = "heatmap"
script = { src = "https://cdn.vendor.example/h.js" }

[[tag]]
id = "own"
script = { src = "https://shop.example/own.js" }

[gate]
lcp = "50ms"
"#;

fn vocabulary() -> Vocabulary {
    let margin = Margin {
        absolute: 50.0,
        relative: 0.05,
    };
    let rule = |id, unit, weight| MetricRule {
        id,
        unit,
        floor: 20.0,
        margin,
        weight,
        needs_trace: id == "forced_layout",
        needs_steps: if id == "scroll_cpu" { &["scroll"] } else { &[] },
    };
    Vocabulary {
        metrics: vec![
            rule("lcp", Unit::Ms, 1.0),
            rule("cpu", Unit::Ms, 0.0),
            rule("bytes", Unit::Bytes, 0.0),
            rule("long_tasks", Unit::Count, 0.0),
            rule("cls", Unit::Score, 0.0),
        ],
        findings: vec![FindingRule {
            id: "runaway_scroll",
            severity: Severity::Severe,
            needs_steps: &["scroll"],
            thresholds: vec![LimitRule {
                id: "script_per_event",
                unit: Unit::Ms,
            }],
        }],
    }
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("site/index.html", "<h1>Shop</h1>");
        folder.write("site/own.js", "own()");
        folder.write("site/a/b.js", "page()");
        folder.write("vendor/h.js", "heatmap()");
        folder.write("static/app.css", "h1 { color: red }");
        folder
    }

    fn write(&self, path: &str, content: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn load(&self, text: &str) -> Scenario {
        self.write("landing.toml", text);
        match load(&self.0.path().join("landing.toml"), &vocabulary()) {
            Ok(scenario) => scenario,
            Err(error) => panic!("{}", error.render(false)),
        }
    }

    fn hash(&self, text: &str) -> String {
        self.load(text).hash
    }
}

#[test]
fn what_is_left_out_has_its_default() {
    let folder = Folder::new();
    let scenario = folder.load(
        "url = 'https://shop.example'\nsteps = [{ load = '/' }]\norigin = [{ host = 'shop.example', dir = 'site' }]",
    );
    assert_eq!(scenario.name, "landing");
    assert_eq!(scenario.url, "https://shop.example/");
    assert_eq!(scenario.device, Device::default());
    assert_eq!(scenario.trials, Trials::default());
    assert_eq!(scenario.origins[0].dir, folder.0.path().join("site"));
    assert!(scenario.tags.is_empty());
    assert_eq!(scenario.steps[0].line, 2);
    let info = scenario.info();
    assert_eq!(info.device, "1366x768@1, CPU 1x, network unshaped");
    assert_eq!(info.steps, ["load /"]);
    assert_eq!(info.hash.len(), 64);
    let stored = serde_json::to_string(&scenario).unwrap();
    let back: Scenario = serde_json::from_str(&stored).unwrap();
    assert_eq!(back, scenario);
}

#[test]
fn what_cannot_be_read_is_told() {
    let folder = Folder::new();
    let missing = folder.0.path().join("none.toml");
    let error = load(&missing, &vocabulary()).unwrap_err();
    let text = error.render(false);
    assert!(text.starts_with("cannot read scenario "), "{text}");
    assert!(text.contains("none.toml"), "{text}");
    let binary = folder.0.path().join("binary.toml");
    fs::write(&binary, [0xff, 0xfe]).unwrap();
    let error = load(&binary, &vocabulary()).unwrap_err();
    assert!(matches!(error, ScenarioError::Unreadable { .. }));
}

#[test]
fn the_hash_tells_when_another_page_would_be_measured() {
    let folder = Folder::new();
    let before = folder.hash(SCENARIO);
    for (from, to) in [
        ("https://shop.example/\"\n", "https://shop.example/a\"\n"),
        ("idle = \"1s\"", "idle = \"2s\""),
        ("viewport = \"desktop\"", "viewport = \"mobile\""),
        ("dir = \"static\"", "dir = \"static\"\nlatency = \"1ms\""),
        ("host = \"static.example\"", "host = \"static2.example\""),
        ("id = \"own\"", "id = \"own\"\nneeds = [\"heatmap\"]"),
        (
            "[gate]",
            "[[tag]]\nid = \"new\"\nrequests = [\"*://ads.example/*\"]\n[gate]",
        ),
    ] {
        let changed = SCENARIO.replacen(from, to, 1);
        assert_ne!(changed, SCENARIO);
        assert_ne!(folder.hash(&changed), before, "{to}");
    }
    for (file, content) in [
        ("site/index.html", "<h1>Sale</h1>"),
        ("site/a/b.js", "page(2)"),
        ("static/app.css", "h1 { color: blue }"),
        ("static/new.css", ""),
    ] {
        let folder = Folder::new();
        folder.write(file, content);
        assert_ne!(folder.hash(SCENARIO), before, "{file}");
    }
}

#[test]
fn the_hash_is_blind_to_the_tags_code_and_to_the_judge() {
    let folder = Folder::new();
    let before = folder.hash(SCENARIO);
    for (from, to) in [
        ("lcp = \"50ms\"", "lcp = \"80ms\""),
        ("[gate]", "[trials]\nmax_blocks = 9\n[gate]"),
        ("h.js\" }", "h.js\", load = \"sync\", place = \"body\" }"),
        (
            "[gate]",
            "[[tag]]\nid = \"new\"\nsnippet = { html = \"<b>\" }\n[gate]",
        ),
        (
            "viewport = \"desktop\"",
            "viewport = \"desktop\"\ncpu_slowdown = 2",
        ),
        ("url = ", "# a remark\nname = \"other\"\nurl = "),
    ] {
        let changed = SCENARIO.replacen(from, to, 1);
        assert_ne!(changed, SCENARIO);
        assert_eq!(folder.hash(&changed), before, "{to}");
    }
    folder.write("vendor/h.js", "heatmap(2)");
    folder.write("vendor/chunk.js", "more()");
    folder.write("site/own.js", "own(2)");
    assert_eq!(folder.hash(SCENARIO), before);
}

#[test]
fn the_hash_is_the_same_in_another_folder_and_order() {
    let one = Folder::new().hash(SCENARIO);
    let static_origin = "[[origin]]\nhost = \"static.example\"\ndir = \"static\"\n";
    let moved = SCENARIO.replace(static_origin, "") + static_origin;
    assert_eq!(Folder::new().hash(&moved), one);
}

#[cfg(unix)]
#[test]
fn a_folder_that_contains_itself_is_walked_once() {
    let folder = Folder::new();
    let link = folder.0.path().join("site/again");
    std::os::unix::fs::symlink(folder.0.path().join("site"), link).unwrap();
    assert_eq!(folder.hash(SCENARIO), folder.hash(SCENARIO));
}

/// Replaces the characters from `at` to `at + length` of `text` by `new`.
fn damage(text: &str, at: usize, length: usize, new: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = at % (characters.len() + 1);
    let end = (at + length).min(characters.len());
    let start: String = characters[..at].iter().collect();
    let rest: String = characters[end..].iter().collect();
    start + new + &rest
}

#[test]
fn the_scenario_that_is_damaged_below_is_good() {
    let file = Path::new("tests/scenarios/good/landing.toml");
    let text = fs::read_to_string(file).unwrap();
    assert_eq!(parse(&text, file, &vocabulary()).unwrap().steps.len(), 14);
}

proptest! {
    #[test]
    fn a_damaged_scenario_is_read_or_refused(
        at in 0_usize..3000,
        length in 0_usize..30,
        new in prop_oneof![
            Just(String::new()),
            ".{0,4}",
            proptest::sample::select(vec![
                "\"", "{", "}", "[", "]", "\n", " = ", ",", "#", "nan", "-1", "99999999999999999999",
                "\"0ms\"", "\"9e9s\"", "{}", "[]", "[[tag]]\n", "https://", "../", "\0",
            ]).prop_map(str::to_owned),
        ],
    ) {
        let file = Path::new("tests/scenarios/good/landing.toml");
        let text = fs::read_to_string(file).unwrap();
        let damaged = damage(&text, at, length, &new);
        if let Err(mistakes) = parse(&damaged, file, &vocabulary()) {
            prop_assert!(!mistakes.list().is_empty());
            for mistake in mistakes.list() {
                prop_assert!(mistake.span.start <= damaged.len(), "{}", mistake.message);
            }
            prop_assert!(mistakes.render(true).len() > mistakes.render(false).len());
        }
    }
}
