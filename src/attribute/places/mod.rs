//! Where exactly a finding's code is: its name, the code around it, its place before bundling, who brought it, and
//! where below it the time goes. Filled in for all findings in one place, after detection.

mod excerpt;
mod hot;
mod name;
mod original;
mod position;

use std::collections::{BTreeMap, HashMap};

use crate::model::{Arm, CodeLocation, Contrast, Finding, Script, Trial};
use crate::trace::{Evidence, same_place};

use super::chains::shown;
use original::Maps;
use position::{Position, lines};

/// Fills in what the traced trials know of each finding's culprit.
///
/// Findings without a culprit, or whose script was not kept, stay as they are.
pub fn fill<'t>(
    findings: &mut [Finding],
    contrasts: &[Contrast],
    trials: impl IntoIterator<Item = &'t Trial>,
) {
    let traced = super::traced(trials);
    let mut scenes: BTreeMap<&Arm, Vec<Evidence>> = BTreeMap::new();
    let mut maps = Maps::default();
    for finding in findings {
        let contrast = contrasts.iter().find(|it| it.tag == finding.tag);
        let Some(contrast) = contrast else { continue };
        let scene = scenes.entry(&contrast.with).or_insert_with(|| {
            let visits = traced.get(&contrast.with).into_iter().flatten();
            visits.map(|visit| Evidence::new(visit)).collect()
        });
        fill_one(finding, scene, &mut maps);
    }
}

fn fill_one<'v>(finding: &mut Finding, scene: &[Evidence<'v>], maps: &mut Maps<'v>) {
    let Some(culprit) = finding.culprit.clone() else {
        return;
    };
    let found = scene.iter().find_map(|evidence| {
        let script = script(evidence, &culprit)?;
        Some((evidence, script))
    });
    finding.hot = hot::hottest(scene, &culprit);
    let Some((evidence, script)) = found else {
        return;
    };
    let chain = evidence.lineage().chain(script);
    finding.chain = chain.iter().map(|url| shown(url)).collect();
    let Some(source) = &script.source else { return };
    let lines = lines(source);
    finding.excerpt = excerpt::excerpt(script, &lines, &culprit);
    let Some(position) = Position::of(script, &culprit) else {
        return;
    };
    finding.original = maps.original(script, &position, &culprit);
    if let Some(better) = name::better(&lines, &position, &culprit.function) {
        rename(finding, &culprit, better);
    }
}

/// Gives the culprit a better name, in the sentence that it begins as well.
fn rename(finding: &mut Finding, culprit: &CodeLocation, better: String) {
    let before = match culprit.function.as_str() {
        "" => "(anonymous)",
        name => name,
    };
    if let Some(rest) = finding.summary.strip_prefix(before)
        && rest.starts_with(' ')
    {
        finding.summary = format!("{better}{rest}");
    }
    if let Some(culprit) = &mut finding.culprit {
        culprit.function = better;
    }
}

/// The script that holds the code: as an event or a sample at that place tells; else by its address; for code
/// that stands in a document, the last script that begins before it.
fn script<'v>(evidence: &Evidence<'v>, code: &CodeLocation) -> Option<&'v Script> {
    let trace = evidence.trace()?;
    let lineage = evidence.lineage();
    let events = trace.events.iter().filter(|event| event.thread == 0);
    let told = events
        .filter(|event| event.code.as_ref() == Some(code))
        .map(|event| event.script);
    let sampled = evidence.stacks().nodes.iter();
    let sampled = sampled
        .filter(|node| {
            same_place((&node.code, 0), (code, 0)) && node.code.function == code.function
        })
        .map(|node| node.script);
    let mut counts: HashMap<u32, usize> = HashMap::new();
    for number in told.chain(sampled).filter(|number| *number != 0) {
        *counts.entry(number).or_default() += 1;
    }
    let most = counts
        .into_iter()
        .max_by_key(|(number, count)| (*count, std::cmp::Reverse(*number)));
    if let Some(script) = most.and_then(|(number, _)| lineage.script(number)) {
        return Some(script);
    }
    if code.url.is_empty() {
        return None;
    }
    if !lineage.is_document(&code.url) {
        return lineage.script_of(code, 0);
    }
    let here = trace.scripts.iter().filter(|script| {
        script.url == code.url && (script.line, script.column) <= (code.line, code.column)
    });
    here.max_by_key(|script| (script.line, script.column))
}
