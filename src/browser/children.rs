//! The frames within the page, and who attached them.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;

use super::ChildFrame;
use super::scripts::Stack;
use super::stack::{self, Counting};
use super::transport::Event;

const MOST: usize = 5_000;

/// Frames as they are attached.
#[derive(Default)]
pub(super) struct Children {
    all: Vec<ChildFrame>,
    known: HashMap<String, usize>,
}

impl Children {
    pub fn attached(&mut self, event: &Event) {
        let Ok(attached) = serde_json::from_str::<Attached>(event.params.get()) else {
            return;
        };
        let id = stack::name(&attached.frame);
        // A frame that comes back from a process of its own is attached again.
        if self.all.len() >= MOST || self.known.contains_key(&id) {
            return;
        }
        self.known.insert(id.clone(), self.all.len());
        self.all.push(ChildFrame {
            id,
            parent: stack::name(&attached.parent),
            url: String::new(),
            made_by: stack::frames(&attached.stack.frames, Counting::FromZero),
        });
    }

    /// A document was committed, in whichever process.
    pub fn navigated(&mut self, event: &Event) {
        if let Ok(navigated) = serde_json::from_str::<Navigated>(event.params.get())
            && let Some(&at) = self.known.get(&*navigated.frame.id)
        {
            self.all[at].url = stack::url(&navigated.frame.url);
        }
    }

    /// The page has gone to another process: the numbers of the scripts mean nothing there.
    pub fn forget_scripts(&mut self) {
        let frames = self.all.iter_mut().flat_map(|child| &mut child.made_by);
        frames.for_each(|frame| frame.script = 0);
    }

    /// All that were attached, with the documents that the trace has seen in them, and the frames within
    /// other processes, of which only the trace tells.
    pub fn merge(&mut self, traced: Vec<ChildFrame>) -> Vec<ChildFrame> {
        let Self { mut all, known } = std::mem::take(self);
        for frame in traced {
            match known.get(&frame.id) {
                Some(&at) => all[at].url = frame.url,
                None => all.push(frame),
            }
        }
        all
    }
}

#[derive(Deserialize)]
struct Attached<'a> {
    #[serde(borrow, rename = "frameId")]
    frame: Cow<'a, str>,
    #[serde(borrow, rename = "parentFrameId")]
    parent: Cow<'a, str>,
    #[serde(borrow, default)]
    stack: Stack<'a>,
}

#[derive(Deserialize)]
struct Navigated<'a> {
    #[serde(borrow)]
    frame: Frame<'a>,
}

#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;

    fn event(params: &str) -> Event {
        Event {
            method: String::new(),
            params: RawValue::from_string(params.into()).unwrap(),
        }
    }

    #[test]
    fn a_frame_keeps_its_maker_and_gets_its_last_document() {
        let mut children = Children::default();
        let attached = r#"{"frameId":"A","parentFrameId":"MAIN","stack":{"callFrames":[{"functionName":"make","scriptId":"4","url":"u","lineNumber":9,"columnNumber":112}]}}"#;
        children.attached(&event(attached));
        children.attached(&event(r#"{"frameId":"A","parentFrameId":"MAIN"}"#));
        children.navigated(&event(r#"{"frame":{"id":"A","url":"http://a/1"}}"#));
        children.navigated(&event(r#"{"frame":{"id":"MAIN","url":"http://m/"}}"#));
        let inner = ChildFrame {
            id: "B".into(),
            url: "http://b/".into(),
            ..ChildFrame::default()
        };
        let again = ChildFrame {
            id: "A".into(),
            url: "http://a/2".into(),
            ..ChildFrame::default()
        };
        let [a, b] = &children.merge(vec![inner, again])[..] else {
            panic!("two frames");
        };
        assert_eq!((a.url.as_str(), a.parent.as_str()), ("http://a/2", "MAIN"));
        let maker = &a.made_by[0];
        assert_eq!(maker.code.to_string(), "make u:10:113");
        assert_eq!(maker.script, 4);
        assert_eq!((b.url.as_str(), b.made_by.len()), ("http://b/", 0));
    }

    #[test]
    fn a_flood_of_frames_is_bounded() {
        let mut children = Children::default();
        for id in 0..MOST + 100 {
            let attached = format!(r#"{{"frameId":"{id}","parentFrameId":"MAIN"}}"#);
            children.attached(&event(&attached));
        }
        assert_eq!(children.merge(Vec::new()).len(), MOST);
    }
}
