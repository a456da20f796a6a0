use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is kept of a Chromium trace: only what attribution reads, of the threads that the page and what it
/// embeds run on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Trace {
    /// Of all threads, in order of start; children follow their parents.
    pub events: Vec<TraceEvent>,
    /// Chromium's buffer overflowed: counts are too low.
    pub incomplete: bool,
    /// The first is the page's main thread, even when there is no other.
    pub threads: Vec<TraceThread>,
    /// Code that the page's process has parsed, in that order.
    pub scripts: Vec<Script>,
    /// Frames that were attached to the page's own, in that order.
    pub frames: Vec<ChildFrame>,
    /// What the page's process asked the network for, in that order.
    pub fetches: Vec<Fetch>,
    /// What the page held from moment to moment.
    pub gauges: Vec<Gauge>,
    /// CSS and script-made animations.
    pub animations: Vec<Animation>,
    /// Which functions were on the stack of the page's main thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// File of the whole trace in the run's folder, when traces are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TraceEvent {
    /// Chromium's name: `RunTask`, `FunctionCall`, `EventDispatch`, `Layout`, `UpdateLayoutTree`…
    pub name: String,
    /// Index into [`Trace::threads`]; 0 is the page's main thread.
    #[serde(skip_serializing_if = "is_zero")]
    pub thread: u32,
    /// Start, microseconds of the trace's monotonic clock.
    pub start_us: f64,
    /// Wall time, microseconds.
    pub wall_us: f64,
    /// Thread CPU time, microseconds.
    pub cpu_us: f64,
    /// `EventDispatch`: the DOM event type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The code that ran; for what script caused (a forced layout, `ParseHTML`, a synchronous `XHRLoad`) and
    /// for what asks for work (`TimerInstall`, `InvalidateLayout`…) the innermost JavaScript frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeLocation>,
    /// The script of that code, as V8 numbers them: [`Script::id`]. 0 is unknown, and so it is on other
    /// threads than the page's and in processes that the page has left.
    #[serde(skip_serializing_if = "is_zero")]
    pub script: u32,
    /// What joins the asking with the running: the number of a timer, an animation frame, an idle callback, a
    /// message or a task of `scheduler.postTask`, unique in the trace. The last asking before counts.
    #[serde(skip_serializing_if = "is_zero")]
    pub id: u32,
    /// `TimerInstall`: the delay asked for, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<f64>,
    /// `Layout`, `UpdateLayoutTree`: caused by script that asked for geometry or style.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub forced: bool,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A thread that runs the page's code or code that the page brought.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TraceThread {
    pub kind: ThreadKind,
    /// Of the worker's script, or of the last document of a frame in a process of its own.
    pub url: String,
    /// Chromium's id of the frame that runs on the thread, or of the one that made the worker.
    pub frame: String,
    /// CPU time of all tasks of the thread, microseconds.
    pub cpu_us: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThreadKind {
    /// The main thread of the page's own process; frames of the page's site run there too.
    #[default]
    Page,
    /// The main thread of another process, for frames of other sites.
    Frame,
    /// A dedicated, shared or service worker.
    Worker,
}

/// One frame of a JavaScript stack.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct StackFrame {
    pub code: CodeLocation,
    /// [`Script::id`]; 0 is unknown.
    pub script: u32,
}

/// One piece of code as V8 parsed it: a file, an inline script, or the text of an `eval`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Script {
    /// V8's number; unique within the page's process, the last one if it changed.
    pub id: u32,
    /// Of the file; of the document for inline scripts that stand in it; empty for code made by script;
    /// `tagperf:probe` for the harness's own.
    pub url: String,
    /// Where it begins in its file or document, from 1.
    pub line: u32,
    pub column: u32,
    /// UTF-16 units.
    pub length: u32,
    /// The frame that runs it.
    pub frame: String,
    /// Who made it: the stack in which an `eval` or an inserted inline script was run, innermost first.
    pub made_by: Vec<StackFrame>,
    /// As the code itself says; relative to its URL.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source_map_url: String,
    /// The text, when it was not too long to keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The source map's text, when the stage plays one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_map: Option<String>,
}

/// A frame within the page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ChildFrame {
    pub id: String,
    pub parent: String,
    /// Its last document.
    pub url: String,
    /// The stack that attached it, innermost first; empty for a frame that stands in the document.
    pub made_by: Vec<StackFrame>,
}

/// A request as the page's process made it, with who asked for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Fetch {
    pub url: String,
    pub method: String,
    /// Chromium's resource type: `Document`, `Script`, `Stylesheet`, `Image`, `Other`…
    pub kind: String,
    /// Trace clock, microseconds.
    pub start_us: f64,
    /// When the response's head arrived, and when its body ended; `None` if that was not seen.
    pub response_us: Option<f64>,
    pub end_us: Option<f64>,
    /// 0 if no response was seen, as for what was redirected: the next hop is a request of its own, with the
    /// first one's initiator.
    pub status: u16,
    /// Bytes on the wire, and of the decoded body.
    pub encoded_bytes: f64,
    pub decoded_bytes: f64,
    pub from_cache: bool,
    /// `<link rel=preload>`.
    pub preload: bool,
    /// Chromium's `renderBlocking`: `blocking`, `in_body_parser_blocking`, `potentially_blocking`, `non_blocking`…
    pub render_blocking: String,
    /// `VeryHigh`, `High`, `Medium`, `Low`, `VeryLow`.
    pub priority: String,
    /// Who asked: `parser`, `script`, `css`, `preload`, `other`. An image that script made is asked for when
    /// the script has returned, and then Chromium takes it for the parser's: what was at work tells.
    pub initiator: String,
    /// What the asking was: `fetch`, `xmlhttprequest`, `script`, `img`, `beacon`…
    pub api: String,
    /// The document, script or style sheet that asked; empty when unknown.
    pub initiator_url: String,
    /// The stack that asked, innermost first.
    pub stack: Vec<StackFrame>,
    /// The frame that asked.
    pub frame: String,
    /// Index into [`Trace::threads`].
    pub thread: u32,
}

/// What the page's process holds at a moment; what garbage collection would take away included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Gauge {
    pub at_us: f64,
    pub nodes: f64,
    pub listeners: f64,
    pub heap_bytes: f64,
}

/// One animation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Animation {
    pub start_us: f64,
    /// `None` when it ran until the trace's end.
    pub end_us: Option<f64>,
    /// The name of its keyframes.
    pub name: String,
    /// The element: `DIV id='x'`.
    pub element: String,
    /// It cannot run on the compositor, so that each frame costs main-thread time.
    pub on_main_thread: bool,
}

/// Samples of the stack of the page's main thread.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Profile {
    /// Each after its parent.
    pub nodes: Vec<ProfileNode>,
    /// When each sample was taken, on the trace's clock, microseconds; ascending.
    pub times_us: Vec<f64>,
    /// The innermost function at that time: an index into `nodes`.
    pub samples: Vec<u32>,
}

/// A function in a place of the call tree.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ProfileNode {
    /// The function and where it begins; V8's own have names such as `(idle)`, `(garbage collector)`.
    pub code: CodeLocation,
    pub script: u32,
    pub parent: Option<u32>,
    /// Lines that were being run, and in how many samples, most first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<(u32, u32)>,
}

/// A place in a script. Lines and columns count from 1; 0 is unknown.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(default)]
pub struct CodeLocation {
    pub url: String,
    pub function: String,
    pub line: u32,
    pub column: u32,
}

impl std::fmt::Display for CodeLocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let function = if self.function.is_empty() {
            "(anonymous)"
        } else {
            &self.function
        };
        write!(f, "{function} {}:{}:{}", self.url, self.line, self.column)
    }
}
