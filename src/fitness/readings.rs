use super::{MetricInfo, Power, Session, Stop};

/// What was read off the machine. `None` is what this system does not tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Readings {
    /// The browser, or why there is none.
    pub browser: Result<Launched, String>,
    pub cpus: Cpus,
    /// Load average of the last minute.
    pub load: Option<f64>,
    /// Before the session, and during it.
    pub watched: Vec<Watched>,
    /// Frequency governor of the first processor.
    pub governor: Option<String>,
    pub clock: Clock,
    /// Bytes that the folder of runs has left.
    pub disk_free: Option<u64>,
    /// The slowdown of the CPU that was asked for, and the one that was reached.
    pub slowdown: Option<(f64, f64)>,
    /// Thread CPU milliseconds of a fixed loop in a page, each time that it ran.
    pub speed_ms: Vec<f64>,
    /// A page against itself, or why it could not be measured; `None` without a scenario.
    pub session: Option<Result<Played, String>>,
}

/// The browser that came up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launched {
    /// `HeadlessChrome/156.0.8078.79`.
    pub version: String,
    /// File name of the program.
    pub program: String,
    pub sandbox: bool,
}

/// Processors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cpus {
    pub model: String,
    /// That this process may use: affinity and the container's quota are taken off.
    pub allowed: usize,
    pub present: Option<usize>,
}

/// What else happened on the machine over a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// `before the session`.
    pub when: &'static str,
    pub seconds: f64,
    /// Processors of the machine, whoever may use them.
    pub cpus: usize,
    /// Processors that were kept busy by others than this program and its browser, on average.
    pub others: Option<f64>,
    /// Of these, the processes of one name that took most, and how many processors they kept busy.
    pub most: Option<(String, f64)>,
    /// Share of the time in which the hypervisor ran something else, from 0 to 1.
    pub steal: Option<f64>,
    /// Share of the time in which some process had to wait for a processor, from 0 to 1.
    pub stalled: Option<f64>,
}

/// The system's clocks.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    /// What the kernel counts: `tsc`.
    pub source: Option<String>,
    /// Smallest step of the monotonic clock that was seen, microseconds.
    pub step_us: f64,
    /// How much more time the wall clock told than the monotonic one, seconds.
    pub jump_s: f64,
}

/// A session that ran, whole or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    pub session: Session,
    pub stop: Stop,
    pub planned_blocks: usize,
    /// Trials of the measured blocks, retries not counted.
    pub trials: usize,
    /// Of these, how many gave no evidence, retried or not.
    pub lost: usize,
    /// The first fault.
    pub fault: Option<String>,
    /// Share of its ready time that the page's main thread waited for a core: median over the trials.
    pub waiting: Option<f64>,
    /// Gated metrics that drifted are named by these.
    pub metrics: Vec<MetricInfo>,
    pub power: Power,
}

impl Played {
    pub(super) fn metric(&self, id: &str) -> Option<&MetricInfo> {
        self.metrics.iter().find(|metric| metric.id == id)
    }

    pub(super) fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.metric(id).map_or(id, |metric| &metric.name)
    }
}
