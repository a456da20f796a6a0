//! What each owner cost in one visit.

use std::collections::BTreeMap;

use super::ledger::Ledger;
use super::parties::{Parties, Party};
use crate::model::{Owner, ThreadKind, Visit};
use crate::trace::Evidence;

/// One owner's row.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Row {
    pub main_ms: f64,
    pub forced_ms: f64,
    pub gc_ms: f64,
    pub requests: f64,
    pub bytes: f64,
    pub timers: f64,
    pub listeners: f64,
    pub worker_ms: f64,
    pub frame_ms: f64,
}

/// All rows of a visit.
#[derive(Debug, Default)]
pub struct Costs {
    pub rows: BTreeMap<Owner, Row>,
    /// The tag's main-thread CPU time in the scenario's steps, and that of others' code that it called.
    pub in_steps_ms: f64,
    pub called_ms: f64,
}

impl Costs {
    /// `tag` is the one in question.
    pub fn new<'v>(evidence: &Evidence<'v>, parties: &Parties<'_, 'v>, tag: &str) -> Self {
        let tag = parties.tag(tag);
        let ledger = Ledger::new(evidence, parties, tag, steps_end_us(evidence.visit));
        let mut rows: BTreeMap<Party, Row> = BTreeMap::new();
        for (party, booked) in &ledger.booked {
            let row = rows.entry(*party).or_default();
            row.main_ms = booked.main_us / 1e3;
            row.forced_ms = booked.forced_us / 1e3;
            row.gc_ms = booked.gc_us / 1e3;
        }
        add_requests(&mut rows, evidence, parties);
        add_threads(&mut rows, evidence, parties);
        add_counts(&mut rows, evidence, parties);
        let own = ledger.booked.get(&tag);
        Self {
            rows: rows
                .into_iter()
                .map(|(party, row)| (parties.owner(party), row))
                .collect(),
            in_steps_ms: own.map_or(0.0, |booked| booked.in_steps_us) / 1e3,
            called_ms: ledger.called_us / 1e3,
        }
    }

    pub fn main_ms(&self) -> f64 {
        self.rows
            .values()
            .map(|row| row.main_ms)
            .fold(0.0, |a, b| a + b)
    }

    /// Of the main thread's time, what nobody can be named for: from 0 to 1.
    pub fn unknown_share(&self) -> f64 {
        let all = self.main_ms();
        let unknown = self.rows.get(&Owner::Unknown);
        if all > 0.0 {
            unknown.map_or(0.0, |row| row.main_ms) / all
        } else {
            0.0
        }
    }
}

/// When the scenario's last step has ended, on the trace's clock: what follows is the harness's.
pub fn steps_end_us(visit: &Visit) -> f64 {
    let own = visit.steps.iter().filter(|step| step.is_harness());
    let starts = own.filter_map(|step| step.trace_us).map(|(start, _)| start);
    starts
        .filter(|start| start.is_finite())
        .fold(f64::INFINITY, f64::min)
}

fn add_requests<'v>(
    rows: &mut BTreeMap<Party, Row>,
    evidence: &Evidence<'v>,
    parties: &Parties<'_, 'v>,
) {
    for fetch in evidence
        .trace()
        .into_iter()
        .flat_map(|trace| &trace.fetches)
    {
        let row = rows.entry(parties.of_fetch(fetch)).or_default();
        row.requests += 1.0;
        row.bytes += sound(fetch.encoded_bytes);
    }
}

fn add_threads<'v>(
    rows: &mut BTreeMap<Party, Row>,
    evidence: &Evidence<'v>,
    parties: &Parties<'_, 'v>,
) {
    for thread in evidence
        .trace()
        .into_iter()
        .flat_map(|trace| &trace.threads)
    {
        let cpu_ms = sound(thread.cpu_us) / 1e3;
        match thread.kind {
            ThreadKind::Page => {}
            ThreadKind::Frame => {
                let row = rows.entry(parties.of_frame(&thread.frame)).or_default();
                row.frame_ms += cpu_ms;
            }
            ThreadKind::Worker => {
                let party = worker(evidence, parties, &thread.url, &thread.frame);
                rows.entry(party).or_default().worker_ms += cpu_ms;
            }
        }
    }
}

/// Of the call that opened the worker, where it was seen; else of the worker's script, else of its frame.
fn worker<'v>(evidence: &Evidence<'v>, parties: &Parties<'_, 'v>, url: &str, frame: &str) -> Party {
    let acts = evidence.inventory().into_iter().flat_map(|all| &all.acts);
    let mut opened = acts.filter(|act| act.kind == "worker" && act.what == url);
    let opener = opened.next().map(|act| parties.of_code(&act.code, 0));
    // A blob has the page's address, whoever made it.
    let own = (!url.starts_with("blob:")).then(|| parties.of_url(url));
    let known = |party: &Party| *party != Party::UNKNOWN;
    let named = opener.filter(known).or(own.filter(known));
    named.unwrap_or_else(|| parties.of_frame(frame))
}

fn add_counts<'v>(
    rows: &mut BTreeMap<Party, Row>,
    evidence: &Evidence<'v>,
    parties: &Parties<'_, 'v>,
) {
    for node in &evidence.tree().nodes {
        if node.event.name == "TimerInstall" {
            let code = node.event.code.as_ref();
            let party = code.map_or(Party::UNKNOWN, |code| {
                parties.of_code(code, node.event.script)
            });
            rows.entry(party).or_default().timers += 1.0;
        }
    }
    let listeners = evidence.inventory().into_iter();
    for listener in listeners.flat_map(|all| &all.listeners) {
        let party = parties.of_code(&listener.code, listener.script);
        rows.entry(party).or_default().listeners += 1.0;
    }
}

fn sound(value: f64) -> f64 {
    if (0.0..1e15).contains(&value) {
        value
    } else {
        0.0
    }
}
