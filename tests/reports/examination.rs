//! What the doctor and the planning of power say, on a terminal and as JSON.

use tagperf::model::{
    Certificate, Design, Environment, Examination, Fingerprint, Fitness, Longest, MachineCheck,
    MetricInfo, Needed, Noise, Power, Session, Unit,
};
use tagperf::report::{self, terminal};

use super::sample::{assert_inert, expect_file};

fn check(id: &str, fitness: Fitness, seen: &str, advice: &str) -> MachineCheck {
    MachineCheck {
        id: id.into(),
        fitness,
        seen: seen.into(),
        advice: advice.into(),
    }
}

fn noise(metric: &str, sd: f64, margin: f64) -> Noise {
    Noise {
        metric: metric.into(),
        pairs: 20,
        sd: Some(sd),
        detectable: Some([sd * 1.1, sd * 0.78, sd * 0.55]),
        without: Some(118.0),
        margin,
        drifted: false,
    }
}

fn examination() -> Examination {
    Examination {
        format: Examination::FORMAT,
        scenario: "landing".into(),
        environment: Environment::default(),
        fingerprint: Fingerprint::default(),
        fitness: Fitness::Noisy,
        checks: vec![
            check(
                "browser",
                Fitness::Fit,
                "HeadlessChrome/156.0.8078.79 (chromium-headless-shell)",
                "",
            ),
            check(
                "busy",
                Fitness::Noisy,
                "others kept 1.9 of 2 CPUs busy during the session, 1.9 of them by `yes`; load average 5.25",
                "stop what runs beside it, or use a machine that is left alone",
            ),
            check(
                "pressure",
                Fitness::Fit,
                "cannot be told here: the kernel has no /proc/pressure/cpu",
                "",
            ),
            check(
                "disk",
                Fitness::Unfit,
                "0.1 GB free where runs are kept",
                "free some space, or keep runs elsewhere with --out",
            ),
        ],
        session: Some(Session {
            certificate: Certificate {
                run: "2026-01-31T10-00-00Z".into(),
                fitness: Fitness::Noisy,
                blocks: 20,
                effects: 2,
                regressed: 0,
                false_alarms: 0.007,
                relabelled: 1000,
            },
            noise: vec![
                noise("cpu", 3.2, 20.0),
                Noise {
                    sd: None,
                    detectable: None,
                    ..noise("lcp", 41.3, 150.0)
                },
            ],
            trial_s: 1.93,
        }),
    }
}

fn metrics() -> Vec<MetricInfo> {
    let info = |id: &str, name: &str| MetricInfo {
        scaling: Default::default(),
        id: id.into(),
        name: name.into(),
        unit: Unit::Ms,
        what: String::new(),
        floor: 1.0,
    };
    vec![info("cpu", "main-thread CPU"), info("lcp", "LCP")]
}

fn power() -> Power {
    let needed = |metric: &str, sd: f64, margin: f64, blocks: usize| Needed {
        metric: metric.into(),
        sd: Some(sd),
        margin,
        blocks: Some(blocks),
        least_margin: Some(margin * 1.6),
    };
    Power {
        metrics: vec![needed("cpu", 3.2, 20.0, 11), needed("lcp", 41.3, 50.0, 29)],
        design: Design::Blocks,
        budget: 40,
        blocks: Some(29),
        effort: Some((64, 123.5)),
        longest: Some(Longest {
            metric: "lcp".into(),
            margin: 80.0,
            blocks: 11,
        }),
    }
}

fn options(width: usize, colour: bool) -> terminal::Options {
    terminal::Options {
        width,
        colour,
        folder: None,
    }
}

fn shown(of: &Examination, file: Option<&str>, width: usize, colour: bool) -> String {
    terminal::examination(
        of,
        Some(&power()),
        &metrics(),
        file,
        &options(width, colour),
    )
}

#[test]
fn the_doctor_speaks_plainly() {
    let file = Some("scenarios/my landing.toml");
    let all = shown(&examination(), file, 100, false);
    insta::assert_snapshot!("doctor_100", all);
    insta::assert_snapshot!("doctor_60", shown(&examination(), file, 60, false));
    let coloured = shown(&examination(), file, 100, true);
    assert!(coloured.contains('\u{1b}'));
    let mut fit = examination();
    (fit.fitness, fit.checks) = (Fitness::Fit, vec![]);
    let last = |text: String| text.lines().last().unwrap_or_default().to_owned();
    let next = last(shown(&fit, file, 100, false));
    assert_eq!(
        next,
        "  next: tagperf check 'scenarios/my landing.toml' --power"
    );
    fit.session = None;
    assert_eq!(
        last(shown(&fit, None, 100, false)),
        "  next: tagperf doctor SCENARIO"
    );
}

#[test]
fn power_is_one_sentence_and_its_figures() {
    let say = |of: &Power| {
        terminal::power(
            of,
            "the doctor's session",
            Some("no browser was found here"),
            "scenarios/my landing.toml",
            &metrics(),
            &options(100, false),
        )
    };
    let mut texts = vec![say(&power())];
    let mut small = power();
    (small.budget, small.longest) = (20, None);
    texts.push(say(&small));
    let mut unknown = power();
    unknown.metrics[1].blocks = None;
    (unknown.blocks, unknown.effort, unknown.longest) = (None, None, None);
    texts.push(say(&unknown));
    let mut screen = power();
    (screen.design, screen.budget, screen.longest) = (Design::Screen, 20, None);
    (screen.metrics[1].blocks, screen.blocks) = (Some(1200), Some(1200));
    texts.push(say(&screen));
    insta::assert_snapshot!("power", texts.join("\n"));
}

#[test]
fn hostile_words_of_the_machine_are_inert() {
    let mut hostile = examination();
    let evil = "\u{1b}[2Jyes\u{202e}</script>\nfit";
    hostile.scenario = evil.into();
    hostile.checks.push(check(evil, Fitness::Fit, evil, evil));
    hostile.session.as_mut().unwrap().noise[0].metric = evil.into();
    assert_inert(&shown(&hostile, Some(evil), 100, false));
    let text = report::examination_json(&hostile).unwrap();
    assert_inert(&text);
    assert!(!text.contains('<'));
    assert_eq!(serde_json::from_str::<Examination>(&text).unwrap(), hostile);
}

#[test]
fn its_schema_is_fresh_and_holds_it() {
    let schema = report::examination_schema().unwrap();
    expect_file("schema/doctor.schema.json", &schema);
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let value = serde_json::to_value(examination()).unwrap();
    assert!(validator.is_valid(&value));
    let mut broken = value;
    broken["fitness"] = "fine".into();
    assert!(!validator.is_valid(&broken));
}
