use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::support::{Desk, LOAD, Told, browsers};

const TAG: &str = r#"
[[tag]]
id = "nothing"
script = { src = "https://cdn.tag.example/nothing.js", file = "FIXTURES/tags/nothing.js" }
[trials]
traced = 0
[gate]
forbid = []
metrics = ["cpu"]
cpu = "1000ms"
"#;

fn signal(name: &str, id: u32) {
    assert!(
        Command::new("kill")
            .args([name, &id.to_string()])
            .status()
            .unwrap()
            .success()
    );
}

fn wait_for(what: &str, mut there: impl FnMut() -> bool) {
    let began = Instant::now();
    while !there() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "{what} did not come"
        );
        sleep(Duration::from_millis(50));
    }
}

/// Trials in the journal so far.
fn trials(desk: &Desk) -> usize {
    let Ok(dirs) = fs::read_dir(desk.path("tagperf-out/bench")) else {
        return 0;
    };
    dirs.filter_map(|dir| fs::read_to_string(dir.ok()?.path().join("journal.jsonl")).ok())
        .map(|text| {
            text.lines()
                .filter(|line| line.starts_with("{\"trial\""))
                .count()
        })
        .sum()
}

#[test]
fn a_step_that_fails_names_itself_its_line_and_what_it_saw() {
    let desk = Desk::new();
    let steps = format!("{LOAD},\n  {{ click = {{ selector = \"#sell\", timeout = \"300ms\" }} }}");
    let told = desk.run(&desk.scenario(&steps, TAG), &["--blocks", "3"]);
    told.ends_with_code(5);
    told.says("line 4");
    told.says("#sell");
    let shots: Vec<_> = fs::read_dir(desk.run_dir().join("screenshots"))
        .unwrap()
        .collect();
    assert!(!shots.is_empty());
}

#[test]
fn ctrl_c_ends_with_a_report_and_the_run_goes_on_where_it_was() {
    let desk = Desk::new();
    let scenario = desk.scenario(LOAD, TAG);
    let scenario = scenario.to_str().unwrap();
    for name in ["-INT", "-TERM"] {
        let before = trials(&desk);
        let child = desk.start(&["run", scenario, "--blocks", "8", "--seed", "1"]);
        wait_for("the fifth trial", || trials(&desk) >= before + 5);
        signal(name, child.id());
        let told = Told::of(child.wait_with_output().unwrap());
        told.ends_with_code(3);
        told.says("interrupted");
        desk.nothing_left();
        sleep(Duration::from_millis(1100));
    }
    let dir = desk.run_dir();
    let told = desk.run(desk.path("bench.toml").as_path(), &[]);
    assert_ne!(told.code, Some(2));
    let told = desk.tell(&["run", scenario, "--resume", dir.to_str().unwrap()]);
    told.ends_with_code(0);
    told.says("going on after");
}

#[test]
fn a_browser_that_is_killed_is_a_fault_and_not_the_end() {
    let desk = Desk::new();
    let scenario = desk.scenario(LOAD, TAG);
    let child = desk.start(&[
        "run",
        scenario.to_str().unwrap(),
        "--blocks",
        "8",
        "--seed",
        "1",
    ]);
    wait_for("the third trial", || trials(&desk) >= 3);
    let mark = desk.dir.path().to_str().unwrap().to_owned();
    // The main process is the one without a type.
    let ids: Vec<u32> = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok()?.parse().ok())
        .filter(|id: &u32| {
            let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).into_owned();
            line.contains("--user-data-dir") && line.contains(&mark) && !line.contains("--type=")
        })
        .collect();
    assert_eq!(ids.len(), 1, "{:?}", browsers(&mark));
    signal("-KILL", ids[0]);
    let told = Told::of(child.wait_with_output().unwrap());
    told.ends_with_code(0);
    told.says("the browser ended");
    desk.nothing_left();
    assert_eq!(desk.report()["judgement"]["outcome"], "pass");
}

#[test]
fn a_folder_that_cannot_be_written_is_told_and_nothing_measured_is_lost() {
    let desk = Desk::new();
    let scenario = desk.scenario(LOAD, TAG);
    let child = desk.start(&[
        "run",
        scenario.to_str().unwrap(),
        "--blocks",
        "8",
        "--seed",
        "1",
    ]);
    wait_for("the third trial", || trials(&desk) >= 3);
    // Visits can no longer be written; what is in the journal stays.
    let visits = desk.run_dir().join("visits");
    fs::rename(&visits, desk.run_dir().join("moved")).unwrap();
    fs::write(&visits, "in the way").unwrap();
    let told = Told::of(child.wait_with_output().unwrap());
    told.ends_with_code(2);
    told.says("write");
    told.says("--resume");
    assert!(!told.out.contains("PASS"), "{}", told.out);
    desk.nothing_left();
    assert!(trials(&desk) >= 3);
}
