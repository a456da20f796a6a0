//! Chromium's counters at one moment, and what happened between two.

use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::performance::{
    EnableParams, EnableTimeDomain, GetMetricsParams, Metric,
};
use chromiumoxide::cdp::js_protocol::runtime::GetIsolateIdParams;

use super::cpu::{self, CpuClock};
use super::tab::Session;
use super::transport::CallError;
use super::{Counters, Holdings};

/// Makes the counters count thread CPU time: time spent waiting for a core is not the page's.
pub(super) fn in_thread_time() -> EnableParams {
    EnableParams {
        time_domain: Some(EnableTimeDomain::ThreadTicks),
    }
}

/// The counters at one moment.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    /// Since the page's process began.
    counters: Counters,
    pub holdings: Holdings,
    /// The clock of the trace, microseconds.
    pub at_us: f64,
    /// Names the process: another one counts from zero.
    isolate: String,
}

impl Snapshot {
    /// Reads the page's counters, and the system's on the side that lies outside the measured time:
    /// before them when a step begins, after them when it ends.
    pub async fn take(
        session: &Session,
        cpu: &mut CpuClock,
        renderer: Option<i32>,
        side: Side,
        deadline: Duration,
    ) -> Result<Self, CallError> {
        let mut system = || (cpu.sample(), renderer.and_then(cpu::waited_ms));
        let before = (side == Side::Begin).then(&mut system);
        let metrics = session.call(GetMetricsParams::default(), deadline);
        let isolate = session.call(GetIsolateIdParams::default(), deadline);
        let metrics = metrics.await?.metrics;
        let isolate = isolate.await?.id;
        let (processes_ms, waited_ms) = before.unwrap_or_else(system);
        let value = |name| value(&metrics, name);
        Ok(Self {
            counters: Counters {
                task_ms: value("TaskDuration")? * 1e3,
                script_ms: value("ScriptDuration")? * 1e3,
                layout_ms: value("LayoutDuration")? * 1e3,
                style_ms: value("RecalcStyleDuration")? * 1e3,
                layout_count: value("LayoutCount")?,
                style_count: value("RecalcStyleCount")?,
                processes_ms,
                waited_ms,
            },
            holdings: Holdings {
                heap_bytes: value("JSHeapUsedSize")?,
                dom_nodes: value("Nodes")?,
                listeners: value("JSEventListeners")?,
            },
            at_us: value("Timestamp")? * 1e6,
            isolate,
        })
    }

    /// What was counted from this moment until `end`.
    ///
    /// When the page moved to another process in between, what the earlier one did since this moment is
    /// not known, and the later one is counted from its beginning.
    pub fn until(&self, end: &Snapshot) -> Counters {
        let same = self.isolate == end.isolate;
        let zero = Counters::default();
        let from = if same { &self.counters } else { &zero };
        let to = &end.counters;
        Counters {
            task_ms: to.task_ms - from.task_ms,
            script_ms: to.script_ms - from.script_ms,
            layout_ms: to.layout_ms - from.layout_ms,
            style_ms: to.style_ms - from.style_ms,
            layout_count: to.layout_count - from.layout_count,
            style_count: to.style_count - from.style_count,
            processes_ms: difference(to.processes_ms, self.counters.processes_ms),
            waited_ms: difference(to.waited_ms, self.counters.waited_ms).filter(|_| same),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Begin,
    End,
}

/// What several steps did together. A figure that one of them lacks is missing.
pub(super) fn sum(parts: impl Iterator<Item = Counters>) -> Counters {
    let both = |a: Option<f64>, b: Option<f64>| Some(a? + b?);
    let all = |a: Counters, b: Counters| Counters {
        task_ms: a.task_ms + b.task_ms,
        script_ms: a.script_ms + b.script_ms,
        layout_ms: a.layout_ms + b.layout_ms,
        style_ms: a.style_ms + b.style_ms,
        layout_count: a.layout_count + b.layout_count,
        style_count: a.style_count + b.style_count,
        processes_ms: both(a.processes_ms, b.processes_ms),
        waited_ms: both(a.waited_ms, b.waited_ms),
    };
    parts.reduce(all).unwrap_or_default()
}

fn difference(to: Option<f64>, from: Option<f64>) -> Option<f64> {
    Some(to? - from?)
}

fn value(metrics: &[Metric], name: &str) -> Result<f64, CallError> {
    let metric = metrics.iter().find(|metric| metric.name == name);
    metric
        .map(|metric| metric.value)
        .ok_or_else(|| CallError::Refused {
            method: GetMetricsParams::IDENTIFIER.into(),
            why: format!("this Chromium has no {name}"),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(task_ms: f64, processes_ms: f64, isolate: &str) -> Snapshot {
        Snapshot {
            counters: Counters {
                task_ms,
                processes_ms: Some(processes_ms),
                waited_ms: Some(task_ms),
                ..Counters::default()
            },
            holdings: Holdings::default(),
            at_us: 0.0,
            isolate: isolate.into(),
        }
    }

    #[test]
    fn another_process_counts_from_zero() {
        let begin = snapshot(50.0, 100.0, "a");
        let same = begin.until(&snapshot(80.0, 150.0, "a"));
        assert_eq!((same.task_ms, same.waited_ms), (30.0, Some(30.0)));
        let other = begin.until(&snapshot(80.0, 150.0, "b"));
        assert_eq!((other.task_ms, other.waited_ms), (80.0, None));
        assert_eq!(other.processes_ms, Some(50.0));
    }

    #[test]
    fn a_figure_that_one_step_lacks_is_missing_from_the_sum() {
        let known = Counters {
            task_ms: 1.0,
            processes_ms: Some(2.0),
            ..Counters::default()
        };
        let unknown = Counters {
            processes_ms: None,
            ..known
        };
        assert_eq!(sum([known, known].into_iter()).processes_ms, Some(4.0));
        let mixed = sum([known, unknown].into_iter());
        assert_eq!((mixed.task_ms, mixed.processes_ms), (2.0, None));
    }
}
