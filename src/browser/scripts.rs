//! The scripts that the page's process has parsed: where they came from, who made them, their text.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chromiumoxide::cdp::js_protocol::debugger::{
    EnableParams, GetScriptSourceParams, SetSkipAllPausesParams,
};
use serde::Deserialize;
use tokio::time::{Instant, timeout_at};

use super::stack::{self, Counting, Number, OWN_SCRIPTS, RawFrame};
use super::tab::Session;
use super::transport::{CallError, Event};
use super::{Script, Trace};

const MOST_SCRIPTS: usize = 20_000;

/// Text of one script, and of all, UTF-16 units.
const MOST_TEXT: u32 = 1 << 20;
const MOST_TEXTS: u32 = 24 << 20;

/// Source maps that stand in the code itself, bytes; of one script, and of all.
const MOST_MAP: usize = 20 << 20;
const MOST_MAPS: usize = 40 << 20;

/// Sources of scripts that the page has dropped are kept up to this sum, bytes: without a limit a page that
/// makes code all the time would seem to leak.
const KEPT_BYTES: f64 = 16e6;

/// For all texts together. Nothing waits for them but the end of the visit.
const FETCHING: Duration = Duration::from_secs(10);

/// Makes the page's process tell of its scripts, those before and those to come.
pub(super) async fn announce(session: &Session, deadline: Duration) -> Result<(), CallError> {
    let enable = EnableParams {
        max_scripts_cache_size: Some(KEPT_BYTES),
    };
    let enabled = session.call(enable, deadline);
    // A `debugger` statement in a tag must not stop the visit.
    let skipping = session.call(SetSkipAllPausesParams::new(true), deadline);
    enabled.await?;
    skipping.await.map(drop)
}

/// Scripts as they are announced.
#[derive(Default)]
pub(super) struct Scripts {
    all: Vec<Script>,
    known: HashSet<u32>,
    map_bytes: usize,
}

impl Scripts {
    /// Takes an announcement. `true` if another process has taken over the page: its numbers begin anew, and
    /// what was known of the earlier one is forgotten.
    pub fn parsed(&mut self, event: &Event) -> bool {
        let Ok(parsed) = serde_json::from_str::<Parsed>(event.params.get()) else {
            return false;
        };
        let id = parsed.id.small();
        let swapped = self.known.contains(&id);
        if swapped {
            *self = Self::default();
        }
        if self.all.len() < MOST_SCRIPTS {
            self.known.insert(id);
            let map = self.map_of(&parsed.source_map_url);
            self.all.push(parsed.script(map));
        }
        swapped
    }

    pub fn take(&mut self) -> Vec<Script> {
        std::mem::take(self).all
    }

    fn map_of(&mut self, url: &str) -> String {
        let bytes = self.map_bytes + url.len();
        if url.len() > MOST_MAP || bytes > MOST_MAPS {
            return String::new();
        }
        self.map_bytes = bytes;
        url.into()
    }
}

/// Fetches the text of the scripts that the trace speaks of. One that cannot be had, or not in time, goes
/// without.
pub(super) async fn fetch_texts(session: &Session, trace: &mut Trace) {
    let wanted = spoken_of(trace);
    let end = Instant::now() + FETCHING;
    let mut left = MOST_TEXTS;
    // All are asked for at once: they come one after another.
    let mut asked = Vec::new();
    for (at, script) in trace.scripts.iter().enumerate() {
        if wanted.contains(&script.id) && script.length <= MOST_TEXT.min(left) {
            left -= script.length;
            let get = GetScriptSourceParams::new(script.id.to_string());
            asked.push((at, session.call_for::<Source, _>(get, FETCHING)));
        }
    }
    for (at, source) in asked {
        if let Ok(Ok(source)) = timeout_at(end, source).await {
            trace.scripts[at].source = Some(source.text);
        }
    }
}

/// The numbers of scripts in events, stacks and the profile, and of those that made them.
fn spoken_of(trace: &Trace) -> HashSet<u32> {
    let events = trace.events.iter().map(|event| event.script);
    let stacks = trace.fetches.iter().flat_map(|fetch| &fetch.stack);
    let stacks = stacks.chain(trace.frames.iter().flat_map(|frame| &frame.made_by));
    let stacks = stacks.map(|frame| frame.script);
    let nodes = trace.profile.iter().flat_map(|profile| &profile.nodes);
    let nodes = nodes.map(|node| node.script);
    let mut wanted: HashSet<u32> = events.chain(stacks).chain(nodes).collect();
    wanted.remove(&0);
    let makers: HashMap<u32, &Script> = trace.scripts.iter().map(|s| (s.id, s)).collect();
    let mut new: Vec<u32> = wanted.iter().copied().collect();
    while let Some(id) = new.pop() {
        let stack = makers.get(&id).map_or(&[][..], |script| &script.made_by);
        new.extend(
            stack
                .iter()
                .map(|f| f.script)
                .filter(|id| wanted.insert(*id)),
        );
    }
    wanted
}

#[derive(Deserialize)]
struct Source {
    #[serde(rename = "scriptSource")]
    text: String,
}

#[derive(Deserialize)]
struct Parsed<'a> {
    #[serde(rename = "scriptId")]
    id: Number,
    #[serde(borrow, default)]
    url: Cow<'a, str>,
    #[serde(rename = "startLine", default)]
    line: u32,
    #[serde(rename = "startColumn", default)]
    column: u32,
    #[serde(default)]
    length: u32,
    #[serde(borrow, rename = "sourceMapURL", default)]
    source_map_url: Cow<'a, str>,
    #[serde(borrow, rename = "stackTrace", default)]
    stack: Stack<'a>,
    #[serde(borrow, rename = "executionContextAuxData", default)]
    context: Context<'a>,
}

/// As the protocol writes a stack.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Stack<'a> {
    #[serde(borrow, rename = "callFrames")]
    pub frames: Vec<RawFrame<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Context<'a> {
    #[serde(borrow, rename = "frameId")]
    frame: Cow<'a, str>,
}

impl Parsed<'_> {
    fn script(&self, source_map_url: String) -> Script {
        // Ours are put into every new document: who opened it did not write them.
        let made_by = match self.url.starts_with(OWN_SCRIPTS) {
            true => vec![],
            false => stack::frames(&self.stack.frames, Counting::FromZero),
        };
        Script {
            id: self.id.small(),
            url: stack::url(&self.url),
            line: self.line.saturating_add(1),
            column: self.column.saturating_add(1),
            length: self.length,
            frame: stack::name(&self.context.frame),
            made_by,
            source_map_url,
            source: None,
            source_map: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn makers(url: &str) -> usize {
        let text = format!(
            r#"{{"scriptId":"7","url":"{url}","stackTrace":{{"callFrames":[
                {{"functionName":"load","scriptId":"3","url":"https://a.test/t.js","lineNumber":1,"columnNumber":2}}
            ]}}}}"#
        );
        let parsed: Parsed = serde_json::from_str(&text).unwrap();
        parsed.script(String::new()).made_by.len()
    }

    #[test]
    fn nobody_on_the_page_made_our_own_scripts() {
        assert_eq!(makers(""), 1);
        assert_eq!(makers("tagperf:spy"), 0);
    }
}
