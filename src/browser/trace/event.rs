//! One event of a trace: which are kept, and what of them.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::{CodeLocation, TraceEvent};
use super::Thread;

/// Where an event names its code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    /// It does not.
    None,
    /// `args.data` is the place itself.
    Own,
    /// The innermost frame of `args.data.stackTrace`: who asked for it.
    Caller,
    /// The innermost frame of `args.beginData.stackTrace`, which only a forced one has.
    Forced,
    /// None, and only the main frame's are wanted.
    Milestone,
}

#[rustfmt::skip]
const KEPT: &[(&str, Code)] = &[
    // work
    ("RunTask",                           Code::None),
    ("FunctionCall",                      Code::Own),
    ("EvaluateScript",                    Code::Own),
    ("v8.compile",                        Code::Own),
    ("v8.compileModule",                  Code::Own),
    ("v8.evaluateModule",                 Code::Own),
    ("EventDispatch",                     Code::None),
    ("TimerFire",                         Code::None),
    ("FireAnimationFrame",                Code::None),
    ("FireIdleCallback",                  Code::None),
    ("RunMicrotasks",                     Code::None),
    ("XHRReadyStateChange",               Code::None),
    ("XHRLoad",                           Code::None),
    ("HandlePostMessage",                 Code::None),
    ("ParseHTML",                         Code::None),
    ("Layout",                            Code::Forced),
    ("UpdateLayoutTree",                  Code::Forced),
    ("PrePaint",                          Code::None),
    ("Paint",                             Code::None),
    ("Layerize",                          Code::None),
    ("Commit",                            Code::None),
    ("MajorGC",                           Code::None),
    ("MinorGC",                           Code::None),
    // who asked for work
    ("TimerInstall",                      Code::Caller),
    ("RequestAnimationFrame",             Code::Caller),
    ("RequestIdleCallback",               Code::Caller),
    // milestones
    ("navigationStart",                   Code::Milestone),
    ("firstContentfulPaint",              Code::Milestone),
    ("largestContentfulPaint::Candidate", Code::Milestone),
];

/// Page-controlled text is cut: a `data:` URL can hold a whole site.
const MOST_URL: usize = 2000;
const MOST_NAME: usize = 200;

/// An event as it stands in the trace.
#[derive(Deserialize)]
pub(super) struct Raw<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    ph: Cow<'a, str>,
    pid: i64,
    tid: i64,
    pub ts: f64,
    #[serde(default)]
    pub dur: f64,
    #[serde(default)]
    tdur: f64,
    #[serde(borrow)]
    args: Option<&'a RawValue>,
}

pub(super) enum Kept {
    Yes(TraceEvent),
    No,
}

impl Raw<'_> {
    pub fn thread(&self) -> Thread {
        (self.pid, self.tid)
    }

    /// It was still going on when the trace ended.
    pub fn is_cut(&self) -> bool {
        self.ph == "B"
    }

    /// The event as it is stored, if it is; `frame` is the page's main frame.
    pub fn read(&self, frame: &str) -> Kept {
        // Complete ones, cut ones, and instants. Ends and asynchronous ones are of no use.
        let shape = matches!(&*self.ph, "X" | "B" | "I" | "i" | "R");
        let row = KEPT
            .iter()
            .find(|(name, _)| *name == self.name)
            .filter(|_| shape);
        let Some(&(name, code)) = row else {
            return Kept::No;
        };
        // An unknown shape costs the details of this event and nothing else.
        let args = self
            .args
            .and_then(|args| serde_json::from_str::<Args>(args.get()).ok());
        let args = args.unwrap_or_default();
        if code == Code::Milestone && args.frame.as_deref() != Some(frame) {
            return Kept::No;
        }
        let data = args.data.unwrap_or_default();
        let forced_by = args.begin.and_then(|begin| begin.stack.into_iter().next());
        let place = match code {
            Code::None | Code::Milestone => None,
            Code::Own => Some(&data),
            Code::Caller => data.stack.first(),
            Code::Forced => forced_by.as_ref(),
        };
        let code_location = place.and_then(Data::location);
        let kind = data.kind.filter(|_| name == "EventDispatch");
        Kept::Yes(TraceEvent {
            name: name.into(),
            start_us: self.ts,
            wall_us: self.dur,
            cpu_us: self.tdur,
            kind: kind.map(|kind| cut(&kind, MOST_NAME)),
            code: code_location,
            forced: code == Code::Forced && forced_by.is_some(),
            ..TraceEvent::default()
        })
    }
}

#[derive(Default, Deserialize)]
struct Args<'a> {
    #[serde(borrow)]
    frame: Option<Cow<'a, str>>,
    #[serde(borrow)]
    data: Option<Data<'a>>,
    #[serde(borrow, rename = "beginData")]
    begin: Option<Data<'a>>,
}

/// An event's details, and likewise a frame of a stack.
#[derive(Default, Deserialize)]
struct Data<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    url: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "functionName")]
    function: Option<Cow<'a, str>>,
    #[serde(rename = "lineNumber")]
    line: Option<i64>,
    #[serde(rename = "columnNumber")]
    column: Option<i64>,
    /// The innermost first.
    #[serde(borrow, default, rename = "stackTrace")]
    stack: Vec<Data<'a>>,
}

impl Data<'_> {
    /// `None` for code without a name or a place, such as a microtask.
    fn location(&self) -> Option<CodeLocation> {
        let number = |value: Option<i64>| value.and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        let location = CodeLocation {
            url: cut(self.url.as_deref().unwrap_or_default(), MOST_URL),
            function: cut(self.function.as_deref().unwrap_or_default(), MOST_NAME),
            line: number(self.line),
            column: number(self.column),
        };
        (location != CodeLocation::default()).then_some(location)
    }
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
