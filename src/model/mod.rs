//! The values that travel from station to station: plain data, no input or output.

mod arm;
mod attribution;
mod baseline;
mod counters;
mod device;
mod effect;
mod environment;
mod finding;
mod fitness;
mod gate;
mod hands;
mod inventory;
mod metric;
mod origin;
mod page;
mod pattern;
mod plan;
mod report;
mod request;
mod run;
mod screen;
mod speed;
mod staging;
mod trace;
mod trial;
mod unit;
mod verdict;
mod visit;

pub use arm::{Arm, Contrast, Factor};
pub use attribution::{Agreement, Attribution, Chain, Entity, Link, Owner, OwnerCosts, Spread};
pub use baseline::{Approval, Baseline, BaselineCell, PastCell, PastRun};
pub use counters::{Counters, Holdings};
pub use device::{Device, Millis, Network, Viewport};
pub use effect::{Basis, Effect, Interval};
pub use environment::{Calibration, Environment, Fingerprint, Mismatch};
pub use finding::{Excerpt, Figure, Finding, NoTrace, Severity, Unseen};
pub use fitness::{
    Certificate, Examination, Fitness, Longest, MachineCheck, Needed, Noise, Power, Session,
};
pub use gate::{Gate, GatedMetric, Inconclusive, Limit};
pub use hands::{ElementBox, Hands, StepError};
pub use inventory::{Act, After, Cookie, Hidden, Inventory, Listener, Stored};
pub use metric::{Margin, MetricInfo, Reading, Sample, Scaling};
pub use origin::Origin;
pub use page::{
    CspViolation, FrameScript, Interaction, LargestPaint, LayoutShift, LongFrame, LongTask,
    PageError, PageRecord, ScriptLoad,
};
pub use pattern::UrlPattern;
pub use plan::{Confirmation, Design, Plan, Schedule, Stop};
pub use report::{
    BaselineUse, Catalogue, Firing, HostSummary, Notice, PageChange, Report, ScenarioInfo, TagInfo,
    TrialSummary, WithoutChance,
};
pub use request::{Answer, Request};
pub use run::{JournalLine, RunHeader, TagFired};
pub use screen::{Confounding, Screen, TagInteraction};
pub use speed::{Speed, SpeedRatio};
pub use staging::{Insert, Place, PlayedFile, Staging};
pub use trace::{
    Animation, ChildFrame, CodeLocation, Fetch, Gauge, Profile, ProfileNode, Script, StackFrame,
    ThreadKind, Trace, TraceEvent, TraceThread,
};
pub use trial::{Fault, Purpose, Slot, Trial};
pub use unit::Unit;
pub use verdict::{
    Cell, Confirmed, Judgement, Outcome, Reason, ReasonId, Suspicion, TagVerdict, Verdict,
};
pub use visit::{StepRecord, Visit};
