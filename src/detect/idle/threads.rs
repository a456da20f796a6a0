//! Work in other threads: who does it, and who brought the thread.

use std::collections::BTreeMap;

use super::super::{Arms, Culprit};
use crate::model::{CodeLocation, ThreadKind};
use crate::trace::{Bringer, Evidence};

/// CPU time per second at rest of all threads of one kind, milliseconds.
pub fn cpu_ms_per_s(evidence: &Evidence, kind: ThreadKind) -> f64 {
    let rest = evidence.rest();
    let Some(span) = rest.span else { return 0.0 };
    let threads = evidence.threads(kind);
    let cpu = threads.map(|(number, _)| evidence.thread_cpu_us(number, span));
    rest.per_s(cpu.fold(0.0, |a, b| a + b) / 1e3)
}

/// The busiest function of the busiest thread of a kind, in the first trial that names it.
///
/// A thread's code may have an address that is made anew for each visit (`blob:`), or none that helps: then who
/// brought the thread is to blame.
pub fn culprit(arms: &Arms, kind: ThreadKind) -> Option<Culprit> {
    let mut trials = arms.with.iter();
    trials.find_map(|evidence| {
        let number = busiest(evidence, kind)?;
        let (code, script) = works_most(evidence, number)
            .filter(|(code, _)| !is_made(&code.url))
            .or_else(|| brought(evidence, number))
            .or_else(|| works_most(evidence, number))?;
        Some(Culprit {
            code,
            script,
            tags: true,
        })
    })
}

fn busiest(evidence: &Evidence, kind: ThreadKind) -> Option<u32> {
    let span = evidence.rest().span?;
    let threads = evidence.threads(kind);
    let rated = threads.map(|(number, _)| {
        let cpu = evidence.thread_cpu_us(number, span);
        (evidence.owned().thread(number), cpu, number)
    });
    // The tag's own before the page's, then the busiest.
    let busy = rated.filter(|(_, cpu, _)| *cpu > 0.0);
    let first = busy.max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))?;
    Some(first.2)
}

fn works_most(evidence: &Evidence, thread: u32) -> Option<(CodeLocation, u32)> {
    let span = evidence.rest().span?;
    let mut by_code: BTreeMap<(&CodeLocation, u32), f64> = BTreeMap::new();
    for (code, script, cpu_us) in evidence.thread_calls(thread, span) {
        if !code.url.is_empty() {
            *by_code.entry((code, script)).or_default() += cpu_us;
        }
    }
    let most = by_code.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some((most.0.0.clone(), most.0.1))
}

/// The address is no file's.
fn is_made(url: &str) -> bool {
    url.starts_with("blob:") || url.starts_with("data:")
}

/// The code that opened the worker or attached the frame.
fn brought(evidence: &Evidence, number: u32) -> Option<(CodeLocation, u32)> {
    let thread = evidence.trace()?.threads.get(number as usize)?;
    if thread.kind == ThreadKind::Worker {
        let opened = evidence.tags_acts("worker").next()?;
        return Some((opened.code.clone(), 0));
    }
    if let Some(maker) = evidence.lineage().frame(&thread.frame)?.made_by.first() {
        return Some((maker.code.clone(), maker.script));
    }
    match evidence.lineage().frame_bringer(&thread.frame)? {
        Bringer::Script(script) => {
            let code = CodeLocation {
                url: script.url.clone(),
                line: script.line,
                column: script.column,
                ..CodeLocation::default()
            };
            Some((code, script.id))
        }
        Bringer::Url(url) => Some((
            CodeLocation {
                url: url.into(),
                ..CodeLocation::default()
            },
            0,
        )),
    }
}
