//! The folded parts: what did not count, what the network did, and how it was measured.

use crate::chart::text::safe;
use crate::model::{Answer, BaselineUse, Design, Plan, Report};

use super::document::Document;
use super::escape::{code, name, prose};
use super::say;

const ROOM_FOR_HOSTS: usize = 4_000;
const ROOM_FOR_OWNERS: usize = 3_000;
const ROOM_FOR_METHOD: usize = 6_000;

pub fn network(page: &mut Document, report: &Report) {
    let notable = report
        .network
        .iter()
        .filter(|host| host.answer != Answer::Played);
    let lines: Vec<String> = notable
        .map(|host| {
            let answer = match host.answer {
                Answer::Played => "played",
                Answer::Missing => "not found there",
                Answer::Beacon => "beacon, answered and counted",
                Answer::Blocked => "blocked without its tag",
                Answer::Refused => "refused: nobody plays it",
            };
            format!(
                "- {}: {answer}, {} requests, such as {}",
                code(&host.host, 80),
                host.requests,
                code(&safe::url(&host.example, 100), 120)
            )
        })
        .collect();
    if lines.is_empty() {
        return;
    }
    page.fold("Hosts that were refused, blocked, or only counted");
    page.list(&lines, ROOM_FOR_HOSTS);
    page.unfold();
}

pub fn owners(page: &mut Document, report: &Report) {
    let tags = say::attributed(report);
    if tags.is_empty() {
        return;
    }
    let lines = tags.iter().flat_map(|one| {
        let head = format!("- {}: {}", name(one.tag), prose(&one.head, 200));
        let lines = one.lines.iter();
        let lines = lines.map(|line| format!("  - {}", prose(line, 300)));
        std::iter::once(head).chain(lines)
    });
    page.fold(say::WHO);
    page.list(&lines.collect::<Vec<_>>(), ROOM_FOR_OWNERS);
    page.unfold();
}

pub fn method(page: &mut Document, report: &Report) {
    let mut lines = setting(report);
    lines.extend(procedure(report));
    lines.extend(baseline(report));
    let notices = report.notices.iter();
    lines.extend(notices.map(|notice| format!("- Doubt: {}", prose(&notice.text, 300))));
    page.fold("How it was measured");
    page.list(&lines, ROOM_FOR_METHOD);
    page.unfold();
}

fn setting(report: &Report) -> Vec<String> {
    let environment = &report.environment;
    let sandbox = match environment.sandbox {
        true => "sandboxed",
        false => "without its sandbox",
    };
    vec![
        format!(
            "- Run {}: {}; {}",
            code(&report.run, 40),
            say::trials(report),
            prose(&say::stop(report), 220)
        ),
        format!("- Device: {}", code(&report.scenario.device, 120)),
        format!(
            "- Browser: {} ({}, {sandbox})",
            code(&environment.browser, 60),
            code(&environment.browser_program, 60)
        ),
        format!(
            "- Machine: {}, {}; {}; tagperf {}",
            say::count(environment.cpu_count, "CPU"),
            code(&environment.cpu_model, 80),
            code(&environment.os, 60),
            code(&environment.tagperf, 20)
        ),
    ]
}

fn procedure(report: &Report) -> Vec<String> {
    let plan = &report.plan;
    if plan.only_traces() {
        return vec![format!(
            "- Every arm was loaded {} under a trace, in an order drawn by lot (seed `{}`), in a fresh browser context. \
             The arms differ by the tag alone. Nothing was measured.",
            say::count(plan.traced_blocks, "time"),
            plan.seed
        )];
    }
    let traced = say::count(plan.traced_blocks, "extra traced trial");
    let mut lines = match plan.design {
        Design::Blocks => blocks(plan),
        Design::Screen => screen(plan),
    };
    lines.push(match plan.design {
        Design::Blocks => {
            "- What looks regressed is asked once more of fresh trials. Only what they confirm fails the gate.".into()
        }
        Design::Screen => {
            "- What looks regressed is asked once more of fresh trials: the page with all tags against the page \
             with all tags but that one. Only what they confirm fails the gate."
                .into()
        }
    });
    lines.push(format!(
        "- Findings come from {traced} per arm, which never count for effects."
    ));
    lines
}

fn blocks(plan: &Plan) -> Vec<String> {
    vec![
        format!(
            "- Every block loads the page once per arm, in an order drawn by lot (seed `{}`), in a \
             fresh browser context, after {}. The arms differ by the tag alone.",
            plan.seed,
            say::count(plan.warm_up_blocks, "warm-up block")
        ),
        "- The effect is the Hodges–Lehmann estimate of with minus without over the pairs of \
         blocks; its interval holds for every look at the data together."
            .into(),
        "- `regressed`: more than the margin, by an exact signed-rank test with Holm's correction \
         over tags and metrics. `ok`: less than the margin, by the same test. `inconclusive`: \
         neither."
            .into(),
    ]
}

fn screen(plan: &Plan) -> Vec<String> {
    vec![
        format!(
            "- Every pair of trials loads the page with a half of the tags, drawn by lot (seed `{}`), and with \
             the other half, each in a fresh browser context, after {}.",
            plan.seed,
            say::count(plan.warm_up_blocks, "warm-up block")
        ),
        "- All effects come from one robust fit (Huber) to the differences within the pairs: a tag's cost, \
         averaged over the other tags being on and off."
            .into(),
        "- `regressed`: more than the margin by that fit, with Holm's correction over tags and metrics. `ok`: \
         less than the margin. `inconclusive`: neither."
            .into(),
    ]
}

fn baseline(report: &Report) -> Vec<String> {
    match &report.baseline {
        BaselineUse::None => vec!["- Baseline: none".into()],
        BaselineUse::Compared {
            file,
            run,
            accepted,
            ..
        } => {
            let what = format!(
                "- Baseline: {}, run {}, accepted {}",
                code(file, 120),
                code(run, 40),
                prose(accepted, 80)
            );
            let terms = say::terms(report).into_iter();
            let terms = terms.map(|term| format!("  - {}", prose(&term, 400)));
            std::iter::once(what).chain(terms).collect()
        }
        BaselineUse::NotComparable {
            file, differences, ..
        } => {
            let what = format!("- Baseline: {} is not comparable:", code(file, 120));
            let differences = differences.iter().map(|it| {
                let (then, now) = (code(&it.baseline, 60), code(&it.run, 60));
                format!("  - {}: {then} then, {now} now", code(&it.what, 40))
            });
            std::iter::once(what).chain(differences).collect()
        }
    }
}
