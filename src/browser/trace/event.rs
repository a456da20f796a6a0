//! One event of a trace: which are kept, and what of them.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::TraceEvent;
use super::super::stack::{self, Counting, Number, RawFrame};
use super::Thread;
use super::ids::{Ids, Join};

/// Where an event names its code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    /// It does not.
    None,
    /// `args.data` is the place itself.
    Own,
    /// The innermost frame of `args.data.stackTrace`: who asked for it.
    Caller,
    /// The same, and without one it is of no use.
    OnlyCaller,
    /// The innermost frame of `args.beginData.stackTrace`: the script that caused it.
    Cause,
    /// The same, and with one it was forced.
    Forced,
    /// None, and only the main frame's are wanted.
    Milestone,
}

#[rustfmt::skip]
const KEPT: &[(&str, Code, Join)] = &[
    // work
    ("RunTask",                           Code::None,       Join::None),
    ("FunctionCall",                      Code::Own,        Join::None),
    ("EvaluateScript",                    Code::Own,        Join::None),
    ("v8.compile",                        Code::Own,        Join::None),
    ("v8.compileModule",                  Code::Own,        Join::None),
    ("v8.evaluateModule",                 Code::Own,        Join::None),
    ("EventDispatch",                     Code::None,       Join::None),
    ("TimerFire",                         Code::None,       Join::Timer),
    ("FireAnimationFrame",                Code::None,       Join::AnimationFrame),
    ("FireIdleCallback",                  Code::None,       Join::IdleCallback),
    ("RunPostTaskCallback",               Code::None,       Join::Task),
    ("HandlePostMessage",                 Code::None,       Join::Message),
    ("RunMicrotasks",                     Code::None,       Join::None),
    ("XHRReadyStateChange",               Code::Caller,     Join::None),
    ("XHRLoad",                           Code::Caller,     Join::None),
    ("ParseHTML",                         Code::Cause,      Join::None),
    ("Layout",                            Code::Forced,     Join::None),
    ("UpdateLayoutTree",                  Code::Forced,     Join::None),
    ("HitTest",                           Code::None,       Join::None),
    ("IntersectionObserverController::computeIntersections", Code::None, Join::None),
    ("PrePaint",                          Code::None,       Join::None),
    ("Paint",                             Code::None,       Join::None),
    ("Layerize",                          Code::None,       Join::None),
    ("Commit",                            Code::None,       Join::None),
    ("UpdateLayer",                       Code::None,       Join::None),
    ("MajorGC",                           Code::None,       Join::None),
    ("MinorGC",                           Code::None,       Join::None),
    // who asked for work
    ("TimerInstall",                      Code::Caller,     Join::Timer),
    ("RequestAnimationFrame",             Code::Caller,     Join::AnimationFrame),
    ("RequestIdleCallback",               Code::Caller,     Join::IdleCallback),
    ("SchedulePostTaskCallback",          Code::Caller,     Join::Task),
    ("SchedulePostMessage",               Code::Caller,     Join::Message),
    ("InvalidateLayout",                  Code::OnlyCaller, Join::None),
    ("ScheduleStyleRecalculation",        Code::OnlyCaller, Join::None),
    // milestones
    ("navigationStart",                   Code::Milestone,  Join::None),
    ("firstContentfulPaint",              Code::Milestone,  Join::None),
    ("largestContentfulPaint::Candidate", Code::Milestone,  Join::None),
];

/// No machine runs for so long, microseconds (thirty years).
const LATEST_US: f64 = 1e15;
/// No visit does (eleven days).
const LONGEST_US: f64 = 1e12;

/// An event as it stands in the trace.
#[derive(Deserialize)]
pub(super) struct Raw<'a> {
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(borrow)]
    pub ph: Cow<'a, str>,
    pid: i64,
    tid: i64,
    pub ts: f64,
    #[serde(default)]
    dur: f64,
    #[serde(default)]
    tdur: f64,
    #[serde(borrow)]
    args: Option<&'a RawValue>,
    /// What joins the asynchronous ones.
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    id2: Option<&'a RawValue>,
}

impl<'a> Raw<'a> {
    pub fn thread(&self) -> Thread {
        (self.pid, self.tid)
    }

    /// Its time can be one of a trace.
    pub fn is_sound(&self) -> bool {
        (0.0..=LATEST_US).contains(&self.ts)
    }

    pub fn end_us(&self) -> f64 {
        self.ts + length(self.dur)
    }

    /// What the asynchronous events of one thing have in common, if anything.
    pub fn key(&self) -> Option<&'a str> {
        self.id2.or(self.id).map(RawValue::get)
    }

    /// The details, in the shape that the caller wants; an unknown shape is that of no details.
    pub fn args<T: Deserialize<'a> + Default>(&self) -> T {
        let args = self
            .args
            .and_then(|args| serde_json::from_str(args.get()).ok());
        args.unwrap_or_default()
    }

    /// The event as it is stored, if it is, but for its thread; `frame` is the page's main frame. One that
    /// was still going on when the trace ended is [`CUT`] for now.
    pub fn read(&self, frame: &str, slot: u32, ids: &mut Ids) -> Option<TraceEvent> {
        // Complete ones, cut ones, and instants. Ends and asynchronous ones are of no use.
        let shape = matches!(&*self.ph, "X" | "B" | "I" | "i" | "R");
        let row = KEPT.iter().find(|(name, ..)| *name == self.name);
        let &(name, code, join) = row.filter(|_| shape)?;
        let mut event = TraceEvent {
            name: name.into(),
            thread: slot,
            start_us: self.ts,
            wall_us: if self.ph == "B" {
                CUT
            } else {
                length(self.dur)
            },
            cpu_us: length(self.tdur),
            ..TraceEvent::default()
        };
        if name == "RunTask" {
            return Some(event);
        }
        let args: Args = self.args();
        if code == Code::Milestone && args.frame != frame {
            return None;
        }
        let own = args.data.place();
        let place = match code {
            Code::None | Code::Milestone => None,
            Code::Own => Some(&own),
            Code::Caller | Code::OnlyCaller => stack::innermost(&args.data.stack),
            Code::Cause | Code::Forced => stack::innermost(&args.begin.stack),
        };
        if code == Code::OnlyCaller && place.is_none() {
            return None;
        }
        event.code = place.and_then(|place| place.location(Counting::FromOne));
        event.script = place.map_or(0, RawFrame::script);
        event.forced =
            code == Code::Forced && (place.is_some() || stack::is_of_spy(&args.begin.stack));
        event.id = ids.join(join, slot, &args.data.frame, args.data.number(join));
        event.delay_ms = args.data.timeout.filter(|_| name == "TimerInstall");
        if name == "EventDispatch" {
            event.kind = Some(stack::name(&args.data.kind));
        }
        Some(event)
    }
}

/// The length of what has no end in the trace.
pub(super) const CUT: f64 = -1.0;

/// An unusable length counts as none.
fn length(us: f64) -> f64 {
    us.clamp(0.0, LONGEST_US)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Args<'a> {
    #[serde(borrow)]
    frame: Cow<'a, str>,
    #[serde(borrow)]
    data: Data<'a>,
    #[serde(borrow, rename = "beginData")]
    begin: Data<'a>,
}

/// An event's details.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Data<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    frame: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(borrow, rename = "functionName")]
    function: Cow<'a, str>,
    #[serde(rename = "scriptId")]
    script: Number,
    #[serde(rename = "lineNumber")]
    line: Option<i64>,
    #[serde(rename = "columnNumber")]
    column: Option<i64>,
    #[serde(rename = "timerId")]
    timer: Option<Number>,
    id: Option<Number>,
    #[serde(rename = "taskId")]
    task: Option<Number>,
    #[serde(rename = "traceId")]
    trace: Option<Number>,
    timeout: Option<f64>,
    /// The innermost first.
    #[serde(borrow, rename = "stackTrace")]
    stack: Vec<RawFrame<'a>>,
}

impl Data<'_> {
    fn place(&self) -> RawFrame<'_> {
        RawFrame::new(
            &self.url,
            &self.function,
            self.script,
            self.line,
            self.column,
        )
    }

    fn number(&self, join: Join) -> Option<u64> {
        let number = match join {
            Join::None => None,
            Join::Timer => self.timer,
            Join::AnimationFrame | Join::IdleCallback => self.id,
            Join::Task => self.task,
            Join::Message => self.trace,
        };
        number.map(|number| number.0)
    }
}
