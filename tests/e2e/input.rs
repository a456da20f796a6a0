use super::support::{Desk, LOAD};

const TAG: &str = r#"
[[tag]]
id = "nothing"
script = { src = "https://cdn.tag.example/nothing.js", file = "FIXTURES/tags/nothing.js" }
"#;

#[test]
fn bad_input_is_code_2_and_says_where() {
    let desk = Desk::new();
    let scenario = desk.scenario(LOAD, &format!("{TAG}\n[gate]\nlpc = \"50ms\"\n"));
    let told = desk.run(&scenario, &[]);
    told.ends_with_code(2);
    told.says("bench.toml:19:1: error: unknown key `lpc`");
    told.says("lcp");
    assert!(!desk.path("tagperf-out").exists());
    desk.tell(&["run"]).ends_with_code(2);
    desk.tell(&["run", "absent.toml"]).ends_with_code(2);
    desk.tell(&["--help"]).ends_with_code(0);
}

#[test]
fn no_browser_is_code_2_and_says_how_to_get_one() {
    let desk = Desk::new();
    let scenario = desk.scenario(LOAD, TAG);
    let told = desk.run(&scenario, &["--browser", "/no/such/chromium"]);
    told.ends_with_code(2);
    told.says("/no/such/chromium");
    let output = desk
        .command(&["run", scenario.to_str().unwrap(), "--browser", "/bin/false"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    desk.nothing_left();
}

#[test]
fn check_prints_the_plan_without_a_browser() {
    let desk = Desk::new();
    let scenario = desk.scenario(LOAD, TAG);
    let told = desk.tell(&["check", scenario.to_str().unwrap(), "--blocks", "9"]);
    told.ends_with_code(0);
    told.says("looks after 9");
    told.says("control, nothing");
    let told = desk.tell(&["check", scenario.to_str().unwrap(), "--blocks", "3"]);
    told.says("can never fail the gate");
}

#[test]
fn explain_knows_every_id_and_the_nearest_of_an_unknown_one() {
    let desk = Desk::new();
    let told = desk.tell(&["explain"]);
    told.ends_with_code(0);
    for line in told.out.lines().filter(|line| line.starts_with("  ")) {
        let id = line.split_whitespace().next().unwrap();
        desk.tell(&["explain", id]).ends_with_code(0);
    }
    let told = desk.tell(&["explain", "runaway_scrol"]);
    told.ends_with_code(2);
    told.says("runaway_scroll");
    let told = desk.tell(&["explain", "runaway_scroll"]);
    told.says("[gate.limits.runaway_scroll] script_per_event = \"4ms\"");
    told.says("only a scenario with a step `scroll` can show it");
}
