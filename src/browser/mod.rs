//! Drives Chromium: the only station that talks to it.
//!
//! [`find`] a program, [`Browser::launch`] it, [`Browser::open`] one [`Page`] per trial, act through
//! [`Hands`], and [`Page::finish`] hands over the evidence. The protocol's types come from
//! `chromiumoxide::cdp`; the connection is our own, because a measured page must not be watched by more
//! than the measurement needs, and no call may wait for ever.

use crate::model::{
    Act, After, Animation, Calibration, ChildFrame, CodeLocation, Cookie, Counters, Device,
    ElementBox, Fault, Fetch, Gauge, Hands, Hidden, Holdings, Inventory, Listener, PageRecord,
    Profile, ProfileNode, Script, StackFrame, StepError, StepRecord, Stored, ThreadKind, Trace,
    TraceEvent, TraceThread, Viewport,
};

mod archive;
mod calibration;
mod children;
mod counters;
mod cpu;
mod error;
mod flags;
mod hands;
mod input;
mod instance;
mod inventory;
mod keys;
mod locate;
mod page;
mod probe;
mod process;
mod profile;
mod sampler;
mod scripts;
mod stack;
mod tab;
mod trace;
mod traced;
mod tracing;
mod transport;
mod user_agent;
mod watch;

pub use error::LaunchError;
pub use instance::{Browser, BrowserInfo};
pub use locate::{Program, find};
pub use page::{OpenOptions, Page, PageEvidence};
pub use trace::read_trace;
pub use user_agent::major;
