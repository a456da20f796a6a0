use std::fs;

use serde_json::Value;

use super::support::{Desk, LOAD};

const GATE: &str = r#"
[[tag]]
id = "chat"
requests = ["*://widget.chat.example/*"]
[gate]
metrics = ["cpu"]
cpu = "200ms"
"#;

#[test]
fn a_page_against_itself_is_examined_and_its_noise_plans_a_run() {
    let desk = Desk::new();
    let scenario = desk.scenario(LOAD, GATE);
    let file = scenario.to_str().unwrap();
    desk.tell(&["check", file, "--power"]).ends_with_code(2);

    let told = desk.tell(&["doctor", file, "--blocks", "8", "--seed", "1", "--json"]);
    assert!(
        matches!(told.code, Some(0 | 3)),
        "{}\n{}",
        told.out,
        told.err
    );
    desk.nothing_left();
    let examined: Value = serde_json::from_str(&told.out).unwrap();
    let kept = fs::read_to_string(desk.path("tagperf-out/bench/doctor.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&kept).unwrap(), examined);

    let certificate = &examined["session"]["certificate"];
    assert_eq!(
        (&certificate["blocks"], &certificate["effects"]),
        (&8.into(), &1.into())
    );
    assert_eq!(certificate["regressed"], 0);
    assert_eq!(certificate["fitness"], examined["fitness"]);
    assert!(examined["session"]["noise"][0]["sd"].as_f64().unwrap() > 0.0);
    assert!(
        examined["environment"]["browser"]
            .as_str()
            .unwrap()
            .contains("Chrome")
    );
    let checks: Vec<&str> = examined["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["id"].as_str().unwrap())
        .collect();
    for id in ["browser", "busy", "throttle", "waiting", "false_alarms"] {
        assert!(checks.contains(&id), "{checks:?}");
    }
    // The session's own folder is a run like any other, and its page has no tag.
    let run = certificate["run"].as_str().unwrap();
    let dir = format!("tagperf-out/bench/doctor-{run}");
    desk.tell(&["report", &dir]).says("A/A");
    let asked = fs::read_dir(desk.path(&dir).join("visits"))
        .unwrap()
        .flatten()
        .next()
        .unwrap();
    let visit: Value = serde_json::from_slice(&fs::read(asked.path()).unwrap()).unwrap();
    let requests = visit["requests"].as_array().unwrap();
    let chat = requests
        .iter()
        .find(|r| r["url"].as_str().unwrap().contains("widget.chat"));
    assert!(
        chat.is_none_or(|request| request["answer"] == "blocked"),
        "{chat:?}"
    );

    let planned = desk.tell(&["check", file, "--power"]);
    planned.ends_with_code(0);
    planned.says("This gate needs about");
    desk.tell(&["check", file, "--power", "--pilot", &dir])
        .says("from the pilot in");

    let other = desk.scenario(LOAD, &format!("{GATE}\n[device]\nviewport = \"mobile\"\n"));
    let refused = desk.tell(&["check", other.to_str().unwrap(), "--power"]);
    refused.ends_with_code(2);
    refused.says("device was");
}

#[test]
fn without_a_browser_the_machine_is_unfit_and_still_looked_at() {
    let desk = Desk::new();
    let told = desk.tell(&["doctor", "--browser", "/nowhere/chromium"]);
    told.ends_with_code(5);
    told.says("/nowhere/chromium (from --browser)");
    told.says("of the CPU time");
    told.says("UNFIT");
    desk.nothing_left();
    desk.tell(&["doctor", "nowhere.toml"]).ends_with_code(2);
    desk.tell(&["doctor", "--blocks", "0"]).ends_with_code(2);
}
