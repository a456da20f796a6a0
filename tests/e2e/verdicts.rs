use super::support::{Desk, LOAD, cell};

const TAG: &str = r#"
[[tag]]
id = "TAG"
script = { src = "https://cdn.tag.example/TAG.js", file = "FIXTURES/tags/TAG.js", load = "async" }

[trials]
traced = 1

[gate]
metrics = ["cpu"]
cpu = "25ms"
"#;

fn tag(name: &str) -> String {
    TAG.replace("TAG", name)
}

#[test]
fn a_tag_that_burns_cpu_fails_and_is_named() {
    let desk = Desk::new();
    let told = desk.run(&desk.scenario(LOAD, &tag("burn")), &["--blocks", "8"]);
    told.ends_with_code(1);
    told.says("FAIL");
    told.says("burn: main-thread CPU");
    let report = desk.report();
    assert_eq!(report["judgement"]["reasons"][0]["id"], "beyond_margin");
    assert_eq!(cell(&report, "burn", "cpu")["verdict"], "regressed");
    let script = cell(&report, "burn", "script")["effect"]["estimate"]
        .as_f64()
        .unwrap();
    let cpu = cell(&report, "burn", "cpu")["effect"]["estimate"]
        .as_f64()
        .unwrap();
    assert!(
        (0.5..1.2).contains(&(script / cpu)),
        "the cost is script: {script} of {cpu}"
    );
    for file in [
        "run.json",
        "summary.md",
        "cost.svg",
        "cost.png",
        "journal.jsonl",
    ] {
        assert!(
            desk.run_dir().join(file).metadata().unwrap().len() > 100,
            "{file}"
        );
    }
}

#[test]
fn a_tag_that_does_nothing_passes_and_its_run_can_be_a_baseline() {
    let desk = Desk::new();
    let scenario = desk.scenario(LOAD, &tag("nothing"));
    let told = desk.run(&scenario, &["--max-blocks", "20"]);
    told.ends_with_code(0);

    let run = desk.run_dir();
    let run = run.to_str().unwrap();
    let accept = ["baseline", "accept", run, "--by", "Ada", "--reason"];
    desk.tell(&[&accept[..], &[""]].concat()).ends_with_code(2);
    let told = desk.tell(&[&accept[..], &["first run"]].concat());
    told.ends_with_code(2);
    told.says("tagperf doctor");
    let told = desk.tell(&[
        "baseline",
        "accept",
        run,
        "--by",
        "Ada",
        "--reason",
        "first run",
        "--uncertified",
    ]);
    told.ends_with_code(0);
    desk.tell(&["baseline", "list"])
        .says("without A/A certificate");
    desk.tell(&["baseline", "check"]).ends_with_code(0);
    desk.tell(&["baseline", "show", "bench"])
        .says("by Ada: first run");
    desk.tell(&["baseline", "diff", run])
        .says("would change nothing");

    // The same again compares, on a slower machine, too; another device does not.
    let told = desk.run(&scenario, &["--blocks", "10"]);
    told.ends_with_code(0);
    assert!(desk.report()["baseline"]["compared"].is_object());
    let slower = desk.scenario(
        LOAD,
        &format!("{}\n[device]\ncpu_slowdown = 1.5\n", tag("nothing")),
    );
    desk.run(&slower, &["--blocks", "8"]);
    let baseline = &desk.report()["baseline"]["compared"];
    assert_eq!(baseline["speed"]["indirect"], true, "{baseline}");
    assert_ne!(desk.report()["judgement"]["outcome"], "fail");
    let other = desk.scenario(
        LOAD,
        &format!("{}\n[device]\nviewport = \"mobile\"\n", tag("nothing")),
    );
    let told = desk.run(&other, &["--blocks", "8"]);
    told.ends_with_code(4);
    told.says("device");
}

#[test]
fn a_request_of_the_pages_own_is_measured_by_blocking_it() {
    let desk = Desk::new();
    let rest = r#"
[[tag]]
id = "chat"
requests = ["*://widget.chat.example/*"]
[trials]
traced = 0
[gate]
forbid = []
metrics = ["cpu"]
cpu = "15ms"
"#;
    let told = desk.run(&desk.scenario(LOAD, rest), &["--blocks", "8"]);
    told.ends_with_code(1);
    let report = desk.report();
    let requests = &cell(&report, "chat", "requests")["effect"];
    assert!(requests["estimate"].as_f64().unwrap() >= 1.0, "{requests}");
    let hosts = report["network"].as_array().unwrap();
    assert!(
        hosts
            .iter()
            .any(|h| h["host"] == "collect.chat.example" && h["answer"] == "beacon"),
        "{hosts:?}"
    );
}

#[test]
fn a_pattern_that_matched_nothing_is_not_measured() {
    let desk = Desk::new();
    let rest = r#"
[[tag]]
id = "ghost"
requests = ["*://ghost.example/*"]
"#;
    let told = desk.run(&desk.scenario(LOAD, rest), &[]);
    told.ends_with_code(5);
    assert_eq!(
        desk.report()["judgement"]["reasons"][0]["id"],
        "pattern_matched_nothing"
    );
}

#[test]
fn a_tag_that_is_never_served_is_not_measured() {
    let desk = Desk::new();
    let rest = r#"
[[tag]]
id = "lost"
script = { src = "https://widget.chat.example/lost.js" }
"#;
    let told = desk.run(&desk.scenario(LOAD, rest), &[]);
    told.ends_with_code(5);
    assert_eq!(
        desk.report()["judgement"]["reasons"][0]["id"],
        "tag_did_not_run"
    );
}

#[test]
fn what_nobody_plays_is_refused_and_listed() {
    let desk = Desk::new();
    let rest = r#"
[[tag]]
id = "caller"
snippet = { html = "<script>fetch('https://api.nobody.example/config.json?token=hush').catch(() => {}); new Image().src = 'https://192.0.2.1/x.png'</script>" }
[trials]
traced = 0
[gate]
forbid = []
"#;
    let told = desk.run(&desk.scenario(LOAD, rest), &["--blocks", "3"]);
    let report = desk.report();
    let hosts = report["network"].as_array().unwrap();
    let refused: Vec<&str> = hosts
        .iter()
        .filter(|h| h["answer"] == "refused")
        .map(|h| h["host"].as_str().unwrap())
        .collect();
    assert!(
        refused.contains(&"api.nobody.example") && refused.contains(&"192.0.2.1"),
        "{hosts:?}"
    );
    told.says("api.nobody.example");
    assert!(
        !told.out.contains("hush") && !report.to_string().contains("hush"),
        "queries may hold tokens"
    );
}

#[test]
fn errors_of_a_page_cannot_write_to_the_terminal() {
    let desk = Desk::new();
    let told = desk.run(&desk.scenario(LOAD, &tag("throws")), &["--blocks", "2"]);
    assert!(!told.out.contains('\u{1b}') && !told.err.contains('\u{1b}'));
}
