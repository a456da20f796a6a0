//! Baselines from acceptance to renewal, on a pretend bench and with the program itself: no browser.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tagperf::app::{self, Accepted, Event, Limits, Run, RunWish, Watch};
use tagperf::lab::{Bench, Journal, Recorded};
use tagperf::model::*;
use tagperf::plan::{Layout, Wanted};
use tagperf::stats::Rng;

const SCENARIO: &str = r#"name = "shop"
url = "https://shop.example/"
steps = [{ load = "/" }]
[[origin]]
host = "shop.example"
dir = "site"
[[tag]]
id = "chat"
snippet = { html = "<script>chat()</script>" }
[gate]
metrics = ["cpu"]
cpu = "30ms"
"#;

/// A page of 100 ms on a machine that is `slower` times slower than the first.
struct Pretend {
    cost: f64,
    slower: f64,
    random: Rng,
}

impl Bench for Pretend {
    async fn visit(&mut self, slot: &Slot) -> Result<Visit, Fault> {
        let cost = if slot.arm.has("chat") { self.cost } else { 0.0 };
        let task_ms = (100.0 + cost + 3.0 * self.random.unit()) * self.slower;
        Ok(Visit {
            format: Visit::FORMAT,
            counters: Counters {
                task_ms,
                ..Counters::default()
            },
            pages: vec![PageRecord {
                first_contentful_paint_ms: Some(100.0),
                ..PageRecord::default()
            }],
            ..Visit::default()
        })
    }

    async fn calibrate(&mut self) -> Option<Calibration> {
        Some(Calibration {
            cpu_ms: 14.0,
            slowdown: self.slower,
            slowdown_counted: self.slower,
        })
    }

    fn firing(&self, _: &Slot, _: &Visit) -> Vec<TagFired> {
        vec![TagFired {
            tag: "chat".into(),
            problem: None,
        }]
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(5)
    }
}

struct Deaf;

impl Watch for Deaf {
    fn hear(&mut self, _: Event) {}
}

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        desk.write("shop.toml", SCENARIO);
        desk.write("site/index.html", "<head></head><h1>Shop</h1>");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn fingerprint(&self) -> Fingerprint {
        let wish = RunWish {
            scenario: self.path("shop.toml"),
            ..RunWish::default()
        };
        let hash = app::check(&wish).unwrap().scenario.hash;
        let entries = [
            ("browser", "HeadlessChrome/156 (chromium)"),
            ("device", "1366x768@1, network unshaped"),
            ("method", "1"),
            ("page", &hash[..16]),
        ];
        let entries = entries.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Fingerprint(BTreeMap::from(entries))
    }

    fn header(&self, run: &str, slowdown: f64) -> RunHeader {
        let wish = RunWish {
            scenario: self.path("shop.toml"),
            ..RunWish::default()
        };
        let outlook = app::check(&wish).unwrap();
        let gate = Gate {
            forbid_chosen: false,
            limits: vec![],
            metrics: vec![GatedMetric {
                metric: "cpu".into(),
                margin: Margin {
                    absolute: 30.0,
                    relative: 0.0,
                },
                weight: 1.0,
            }],
            exploratory: vec![],
            forbid: vec![],
            inconclusive: Inconclusive::Report,
            require_baseline: false,
        };
        let layout = Layout {
            tags: vec![Wanted {
                id: "chat".into(),
                needs: vec![],
                group: None,
            }],
            design: None,
            seed: 3,
            max_blocks: Some(12),
            fixed: true,
            warm_up_blocks: 1,
            traced_blocks: 0,
        };
        RunHeader {
            format: RunHeader::FORMAT,
            run: run.into(),
            scenario: ScenarioInfo {
                file: "shop.toml".into(),
                ..outlook.scenario
            },
            environment: environment(slowdown),
            fingerprint: self.fingerprint(),
            plan: layout.plan(&gate),
            gate,
            tags: outlook.tags,
        }
    }

    /// Measures a tag of `cost` at a CPU slowdown that counts a tenth more than was asked for.
    async fn measure(&self, run: &str, cost: f64, slowdown: f64) -> String {
        let header = self.header(run, slowdown);
        let mut bench = Pretend {
            cost,
            slower: header.environment.cpu_slowdown_counted,
            random: Rng::seeded(1),
        };
        let dir = format!("out/shop/{run}");
        let mut journal = Journal::create(&self.path(&dir), &header).unwrap();
        let mut run = Run::new(Recorded {
            header,
            trials: vec![],
            calibrations: vec![],
            confirmation: None,
            stop: None,
        });
        let limits = Limits {
            time: None,
            began: Instant::now(),
            before: Duration::ZERO,
        };
        let (_sender, mut interrupt) = tokio::sync::watch::channel(false);
        let accepted = self.accepted();
        run.measure(
            &mut bench,
            &mut journal,
            &limits,
            accepted.as_ref(),
            &mut interrupt,
            &mut Deaf,
        )
        .await;
        dir
    }

    fn accepted(&self) -> Option<Accepted> {
        let text = fs::read_to_string(self.path("baselines/shop.json")).ok()?;
        Some(Accepted {
            file: "baselines/shop.json".into(),
            baseline: tagperf::baseline::parse(&text),
            renew: String::new(),
        })
    }

    fn examine(&self, change: impl FnOnce(&mut Examination)) {
        let mut examination = Examination {
            format: Examination::FORMAT,
            scenario: "shop".into(),
            environment: environment(1.0),
            fingerprint: self.fingerprint(),
            fitness: Fitness::Fit,
            checks: vec![],
            session: Some(Session {
                certificate: Certificate {
                    run: "2026-01-01T00-00-00Z".into(),
                    fitness: Fitness::Fit,
                    blocks: 20,
                    effects: 1,
                    regressed: 0,
                    false_alarms: 0.008,
                    relabelled: 1000,
                },
                noise: vec![],
                trial_s: 2.5,
            }),
        };
        change(&mut examination);
        let text = serde_json::to_string(&examination).unwrap();
        self.write("out/shop/doctor.json", &text);
    }

    /// What the program says, and its exit code.
    fn tell(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_tagperf"))
            .args(arguments)
            .current_dir(self.0.path())
            .env("NO_COLOR", "1")
            .env("GIT_DIR", "/dev/null")
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    }

    fn accept(&self, run: &str, more: &[&str]) -> (Option<i32>, String) {
        let mut arguments = vec![
            "baseline", "accept", run, "--by", "Ada", "--reason", "agreed",
        ];
        arguments.extend(more);
        self.tell(&arguments)
    }

    fn report(&self, run: &str) -> Report {
        let text = fs::read_to_string(self.path(run).join("run.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

fn environment(slowdown: f64) -> Environment {
    Environment {
        browser: "HeadlessChrome/156.0.8078.79".into(),
        sandbox: true,
        tagperf: "0.1.0".into(),
        cpu_model: "Xeon".into(),
        cpu_count: 2,
        cpu_slowdown_asked: slowdown,
        cpu_slowdown_achieved: slowdown,
        cpu_slowdown_counted: if slowdown == 1.0 { 1.0 } else { slowdown * 1.1 },
        ..Environment::default()
    }
}

fn says(told: &(Option<i32>, String), code: i32, text: &str) {
    let flat = told.1.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.0 == Some(code) && flat.contains(text),
        "`{text}`: {told:?}"
    );
}

fn reasons(report: &Report) -> Vec<ReasonId> {
    let reasons = report.judgement.reasons.iter();
    reasons.map(|reason| reason.id).collect()
}

#[tokio::test(flavor = "current_thread")]
async fn a_baseline_travels_to_a_slower_machine() {
    let desk = Desk::new();
    let first = desk.measure("2026-01-01T00-00-00Z", 15.0, 1.0).await;
    says(&desk.accept(&first, &["--uncertified"]), 0, "written");

    let same = desk.measure("2026-01-02T00-00-00Z", 15.0, 1.5).await;
    let told = desk.tell(&["report", &same]);
    says(&told, 0, "PASS");
    says(
        &told,
        0,
        "CPU times of this run were multiplied by 0.606 (1.000 for the machine's speed, 0.606 for the CPU slowdown)",
    );
    says(&told, 0, "compared on one machine at one CPU slowdown only");

    let grown = desk.measure("2026-01-03T00-00-00Z", 95.0, 1.5).await;
    says(&desk.tell(&["report", &grown]), 1, "FAIL");
    let report = desk.report(&grown);
    assert!(reasons(&report).contains(&ReasonId::GrewSinceBaseline));
    let mut cells = report.judgement.cells.iter();
    let cell = cells.find(|cell| cell.effect.basis == Basis::Baseline && cell.gated);
    let cell = cell.unwrap();
    assert!((77.0..83.0).contains(&cell.effect.estimate.unwrap()));
    assert!(
        cell.reason.text.contains("indirect"),
        "{}",
        cell.reason.text
    );

    // On the same machine at the same speed the page itself is compared, too.
    let again = desk.measure("2026-01-04T00-00-00Z", 15.0, 1.0).await;
    says(
        &desk.tell(&["report", &again]),
        0,
        "the page without tags, now against then (not judged): main-thread CPU",
    );
}

#[tokio::test(flavor = "current_thread")]
async fn an_acceptance_needs_a_certificate_or_says_that_it_has_none() {
    let desk = Desk::new();
    let run = desk.measure("2026-01-01T00-00-00Z", 15.0, 1.0).await;
    says(
        &desk.accept(&run, &[]),
        2,
        "`tagperf doctor shop.toml --out out`",
    );
    desk.examine(|examination| examination.fitness = Fitness::Unfit);
    says(&desk.accept(&run, &[]), 2, "unfit");
    desk.examine(|examination| examination.environment.cpu_model = "EPYC".into());
    says(&desk.accept(&run, &[]), 2, "2 x EPYC");
    assert!(!desk.path("baselines").exists());

    says(
        &desk.accept(&run, &["--uncertified"]),
        0,
        "certificate none",
    );
    says(
        &desk.tell(&["baseline", "list"]),
        0,
        "without A/A certificate",
    );
    says(
        &desk.tell(&["baseline", "check"]),
        0,
        "good, 1 tags, without A/A certificate",
    );
    desk.examine(|_| {});
    says(
        &desk.tell(&["baseline", "diff", &run]),
        0,
        "certificate: none",
    );
    says(
        &desk.accept(&run, &[]),
        0,
        "0 of 1 true-zero effects regressed",
    );
    says(
        &desk.tell(&["baseline", "diff", &run]),
        0,
        "would change nothing",
    );
}

#[tokio::test(flavor = "current_thread")]
async fn differences_and_history_are_readable() {
    let desk = Desk::new();
    desk.examine(|_| {});
    let first = desk.measure("2026-01-01T00-00-00Z", 15.0, 1.0).await;
    assert_eq!(desk.accept(&first, &[]).0, Some(0));
    let second = desk.measure("2026-01-02T00-00-00Z", 25.0, 1.5).await;
    let (code, diff) = desk.tell(&["baseline", "diff", &second]);
    assert_eq!(code, Some(0));
    let here = fs::canonicalize(desk.0.path()).unwrap();
    insta::assert_snapshot!("diff", diff.replace(here.to_str().unwrap(), "HERE"));
    for cost in 3..=5 {
        let run = format!("2026-01-0{cost}T00-00-00Z");
        let run = desk.measure(&run, f64::from(cost) * 10.0, 1.0).await;
        let told = desk.accept(&run, &["--uncertified", "--keep", "2"]);
        assert_eq!(told.0, Some(0), "{}", told.1);
    }
    insta::assert_snapshot!("history", desk.tell(&["baseline", "history", "shop"]).1);
    let (_, shown) = desk.tell(&["baseline", "show", "shop"]);
    let accepted = shown.lines().nth(1).unwrap();
    insta::assert_snapshot!(
        "show",
        shown.replace(accepted, "accepted TIME by Ada: agreed")
    );
}

#[tokio::test(flavor = "current_thread")]
async fn edited_and_stale_files_are_found() {
    let desk = Desk::new();
    let mut all = String::new();
    let mut check = |code: i32| {
        let (found, told) = desk.tell(&["baseline", "check"]);
        assert_eq!(found, Some(code), "{told}");
        all += &format!("{code} {told}");
    };
    check(0);
    let run = desk.measure("2026-01-01T00-00-00Z", 15.0, 1.0).await;
    assert_eq!(desk.accept(&run, &["--uncertified"]).0, Some(0));
    check(0);

    let file = "baselines/shop.json";
    let accepted = fs::read_to_string(desk.path(file)).unwrap();
    desk.write(
        file,
        &accepted.replace("\"margin\": 30.0", "\"margin\": 90.0"),
    );
    check(1);
    says(&desk.tell(&["report", &run]), 4, "edited by hand");
    says(
        &desk.tell(&["report", &run]),
        4,
        &format!("tagperf baseline accept {run}"),
    );
    desk.write(file, r#"{"format": 1, "scenario": "shop"}"#);
    check(4);
    says(&desk.tell(&["report", &run]), 4, "its format was 1, is 2");
    let renewed = desk.accept(&run, &["--uncertified"]);
    says(&renewed, 0, "its history starts anew");

    desk.write(file, &accepted);
    desk.write("site/index.html", "<head></head><h1>Sale</h1>");
    check(4);
    fs::remove_file(desk.path("shop.toml")).unwrap();
    check(4);
    fs::rename(desk.path(file), desk.path("baselines/old.json")).unwrap();
    check(1);
    insta::assert_snapshot!("check", stable(&all, &accepted));
    says(
        &desk.tell(&["baseline", "check", "absent.json"]),
        2,
        "absent.json",
    );
}

/// Rewrites a run's journal, so that the run is another one.
fn rewritten(desk: &Desk, run: &str, changes: &[(&str, &str)]) {
    let journal = desk.path(run).join("journal.jsonl");
    let mut text = fs::read_to_string(&journal).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    fs::write(journal, text).unwrap();
}

const REQUIRED: (&str, &str) = ("\"require_baseline\":false", "\"require_baseline\":true");

#[tokio::test(flavor = "current_thread")]
async fn a_gate_that_requires_a_baseline_passes_nothing_that_it_lacks() {
    let desk = Desk::new();
    let run = desk.measure("2026-01-01T00-00-00Z", 15.0, 1.0).await;
    assert_eq!(desk.accept(&run, &["--uncertified"]).0, Some(0));
    let again = desk.measure("2026-01-02T00-00-00Z", 15.0, 1.0).await;
    let strict = desk.measure("2026-01-03T00-00-00Z", 15.0, 1.0).await;
    rewritten(&desk, &strict, &[REQUIRED]);
    says(&desk.tell(&["report", &strict]), 0, "PASS");

    let text = fs::read_to_string(desk.path("baselines/shop.json")).unwrap();
    let whole = tagperf::baseline::parse(&text).unwrap();
    let mut no_tag = whole.clone();
    no_tag.tags.clear();
    let mut no_metric = whole;
    no_metric.tags.get_mut("chat").unwrap().remove("cpu");
    for lacking in [no_tag, no_metric] {
        let sealed = tagperf::baseline::sealed(lacking);
        desk.write("baselines/shop.json", &tagperf::baseline::render(&sealed));
        let told = desk.tell(&["report", &strict]);
        says(&told, 4, "does not know chat's cost in main-thread CPU");
        says(&told, 4, &format!("next: tagperf baseline accept {strict}"));
        assert_eq!(reasons(&desk.report(&strict)), [ReasonId::BaselineMissing]);
        says(
            &desk.tell(&["report", &again]),
            0,
            "the baseline does not know chat: its growth is not judged",
        );
    }
    assert_eq!(desk.accept(&strict, &["--uncertified"]).0, Some(0));
    says(&desk.tell(&["report", &strict]), 0, "PASS");
}

#[tokio::test(flavor = "current_thread")]
async fn a_run_that_lost_what_the_gate_judges_is_not_accepted() {
    let desk = Desk::new();
    let run = desk.measure("2026-01-01T00-00-00Z", 15.0, 1.0).await;
    rewritten(&desk, &run, &[("\"metric\":\"cpu\"", "\"metric\":\"lcp\"")]);
    assert_eq!(desk.tell(&["report", &run]).0, Some(5));
    says(
        &desk.accept(&run, &["--uncertified"]),
        2,
        "did not measure all that the gate judges",
    );
    let told = desk.tell(&["baseline", "diff", &run]);
    says(&told, 0, "accept would refuse: out/shop");
    assert!(!desk.path("baselines/shop.json").exists());
}

#[tokio::test(flavor = "current_thread")]
async fn a_difference_is_shown_with_all_that_accept_would_refuse() {
    let desk = Desk::new();
    desk.examine(|_| {});
    let first = desk.measure("2026-01-01T00-00-00Z", 15.0, 1.0).await;
    assert_eq!(desk.accept(&first, &[]).0, Some(0));
    let second = desk.measure("2026-01-02T00-00-00Z", 25.0, 1.0).await;
    let diff = || desk.tell(&["baseline", "diff", &second]);
    assert!(!diff().1.contains("note:"), "{:?}", diff());

    desk.examine(|examination| examination.fitness = Fitness::Unfit);
    says(&diff(), 0, "accept would refuse");
    says(&diff(), 0, "it found this machine unfit to judge");
    says(&diff(), 0, "~ chat cpu: +14.8 ms");

    let file = "baselines/shop.json";
    let accepted = fs::read_to_string(desk.path(file)).unwrap();
    let edited = accepted.replace("\"margin\": 30.0", "\"margin\": 90.0");
    assert_ne!(edited, accepted);
    desk.write(file, &edited);
    says(
        &diff(),
        0,
        "note: baselines/shop.json cannot be used: its content is not what was accepted",
    );
    says(&diff(), 0, "~ chat cpu margin: 90.0 ms -> 30.0 ms");
    desk.write(file, r#"{"format": 1, "scenario": "shop"}"#);
    says(&diff(), 0, "format 1 is not format 2");
    says(&diff(), 0, "accepting this run would replace all of it");

    rewritten(
        &desk,
        &second,
        &[("\"stop\":\"decided\"", "\"stop\":\"interrupted\"")],
    );
    says(
        &diff(),
        0,
        "accept would refuse: out/shop/2026-01-02T00-00-00Z did not end by itself",
    );
}

#[test]
fn beside_a_baseline_many_tags_have_blocks_of_their_own() {
    let desk = Desk::new();
    let more = |id: &str| format!("[[tag]]\nid = \"{id}\"\nsnippet = {{ html = \"<i></i>\" }}\n");
    let tags: String = ["maps", "video", "fonts"].map(more).concat();
    let scenario = SCENARIO.replace("[gate]", &(tags + "[gate]"));
    desk.write("shop.toml", &scenario);
    let check = |more: &[&str]| desk.tell(&[&["check", "shop.toml"], more].concat());
    says(&check(&[]), 0, "arms a screen");
    says(
        &check(&[]),
        0,
        "a screen cannot become one: `--design blocks` can",
    );

    desk.write("elsewhere/shop.json", "{}");
    let beside = ["--baselines", "elsewhere"];
    says(&check(&beside), 0, "compared with elsewhere/shop.json");
    says(&check(&beside), 0, "arms control, chat, maps");
    let screen = [&beside[..], &["--design", "screen"]].concat();
    let warning = "a screen of many tags cannot be compared with the baseline elsewhere/shop.json";
    says(&check(&screen), 0, &format!("warning: {warning}"));
    let run = [
        &["run", "shop.toml", "--browser", "/no/browser"],
        &screen[..],
    ]
    .concat();
    says(&desk.tell(&run), 2, &format!("notice: {warning}"));

    desk.write("shop.toml", &(scenario + "require_baseline = true\n"));
    says(
        &check(&[]),
        0,
        "required, and there is no baselines/shop.json yet",
    );
    says(&check(&[]), 0, "arms control, chat, maps");
    says(
        &check(&["--design", "screen"]),
        2,
        "measure with `--design blocks`",
    );
    let run = [
        "run",
        "shop.toml",
        "--browser",
        "/no/browser",
        "--design",
        "screen",
    ];
    says(&desk.tell(&run), 2, "measure with `--design blocks`");
}

/// Hashes hold the time of acceptance.
fn stable(text: &str, accepted: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(accepted).unwrap();
    text.replace(value["hash"].as_str().unwrap(), "HASH")
}

#[tokio::test(flavor = "current_thread")]
async fn a_screen_of_many_tags_is_no_baseline() {
    let desk = Desk::new();
    let run = desk.measure("2026-01-01T00-00-00Z", 15.0, 1.0).await;
    let journal = desk.path(&run).join("journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    // Without control, as a screen has none.
    let screen = text
        .replace("\"design\":\"blocks\"", "\"design\":\"screen\"")
        .replace("\"arm\":[]", "\"arm\":[\"other\"]");
    assert_ne!(screen, text);
    fs::write(&journal, screen).unwrap();
    says(&desk.accept(&run, &["--uncertified"]), 2, "--design blocks");
    assert!(!Path::new(&desk.path("baselines/shop.json")).exists());
}
