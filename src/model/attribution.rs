use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Arm, Interval};

/// Whose the work of the traced trials of an arm was: every millisecond has an owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Attribution {
    /// The tag whose arm this is.
    pub tag: String,
    pub arm: Arm,
    /// Traced trials that the figures come from.
    pub trials: usize,
    /// CPU time of all tasks of the page's main thread, milliseconds.
    pub main_cpu_ms: Spread,
    /// Of that, the share without a known owner, from 0 to 1.
    pub unknown_share: Spread,
    /// By main-thread CPU time, the most first.
    pub owners: Vec<OwnerCosts>,
    /// CPU time of others' code that the tag's code called, milliseconds. It is in those owners' figures.
    pub called_ms: Spread,
    /// How the tag's code came onto the page.
    pub chains: Vec<Chain>,
    /// `None` when either figure is missing.
    #[serde(default)]
    pub agreement: Option<Agreement>,
}

/// To whom work belongs. What something brought counts for it: a tag owns what its scripts insert, open and ask for.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case", tag = "kind", content = "name")]
pub enum Owner {
    /// Code of the page's own site: the same registrable domain.
    FirstParty,
    /// A tag of the scenario, by id.
    Tag(String),
    /// Somebody else: the entity's name, or the registrable domain where no entity is known.
    ThirdParty(String),
    /// Work that no script is known to have caused: parsing, style, layout, paint, garbage collection outside
    /// calls, and the browser's own tasks.
    Browser,
    /// tagperf's own scripts in the page.
    Harness,
    /// Script that nobody can be named for.
    Unknown,
}

/// What one owner cost, per trial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnerCosts {
    pub owner: Owner,
    /// CPU time of the page's main thread, milliseconds: script, and the style, layout and paint that it caused.
    pub main_cpu_ms: Spread,
    /// Of that, style and layout that script forced, and garbage collection within its calls.
    pub forced_layout_ms: Spread,
    pub gc_ms: Spread,
    pub requests: Spread,
    /// On the wire.
    pub bytes: Spread,
    /// Timers that were set.
    pub timers: Spread,
    /// Listeners that are left at the end, of the window, the document, its root and body, and of form fields.
    pub listeners: Spread,
    /// CPU time of its workers, and of its frames in processes of their own, milliseconds.
    pub worker_cpu_ms: Spread,
    pub frame_cpu_ms: Spread,
}

/// A figure over the traced trials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Spread {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

/// Who brought whom, from the page to a script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Chain {
    pub links: Vec<Link>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// Without query; `(inline)` for code without a URL of its own.
    pub url: String,
    /// The third party's name, where one is known.
    pub entity: Option<String>,
}

/// Whether what the trace books to the tag is what the page costs more with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Agreement {
    /// The tag's main-thread CPU time during the scenario's steps, at the speed of untraced trials, milliseconds.
    pub booked_ms: Spread,
    /// What booked figures were multiplied by: the control arm's CPU time untraced over traced.
    pub ratio: f64,
    /// The measured effect on main-thread CPU time, milliseconds.
    pub measured: Interval,
    /// The two are further apart than their ranges and the slack allow.
    pub disagree: bool,
}

/// Domains of a third party, as the user names it: `chat.acme.example`, or `*.acme.example` for it and all below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Entity {
    pub name: String,
    pub domains: Vec<String>,
}
