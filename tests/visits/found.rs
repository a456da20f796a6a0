//! What a hand-made visit shows beside the main thread's work: requests, calls of interfaces, paints, shifts.

use tagperf::model::{
    Act, After, CodeLocation, Fetch, Hidden, Inventory, LargestPaint, LayoutShift, Script,
    StackFrame, Trace, Visit,
};

use super::location;

pub type Code = (&'static str, &'static str, u32, u32);

/// Code of the page's or the tag's, in a visit that is being made.
pub trait Found {
    fn records(&mut self) -> &mut Trace;
    fn inventory(&mut self) -> &mut Inventory;
    fn fetch(&mut self, fetch: Fetch);
    fn act(&mut self, kind: &str, what: &str, code: Code, times_ms: &[f64]);
    fn hidden(&mut self, start_ms: f64, end_ms: f64);
    fn largest(&mut self, element: &str, time_ms: f64, size: f64);
    fn shift(&mut self, time_ms: f64, score: f64, element: &str);
    fn script(&mut self, id: u32, url: &str, length: u32, made_by: Option<Code>);
    /// Where each step ends, and whether the page can be scrolled then.
    fn ends(&mut self, scroll_y: &[f64], locked: &[bool]);
}

impl Found for Visit {
    fn records(&mut self) -> &mut Trace {
        self.trace.get_or_insert_default()
    }

    fn inventory(&mut self) -> &mut Inventory {
        self.inventory.get_or_insert_default()
    }

    fn fetch(&mut self, fetch: Fetch) {
        self.records().fetches.push(fetch);
    }

    fn act(&mut self, kind: &str, what: &str, code: Code, times_ms: &[f64]) {
        self.inventory().acts.push(Act {
            kind: kind.into(),
            what: what.into(),
            code: location(code),
            count: u32::try_from(times_ms.len()).unwrap(),
            times_ms: times_ms.into(),
            length: 0.0,
        });
    }

    fn hidden(&mut self, start_ms: f64, end_ms: f64) {
        self.inventory().hidden.push(Hidden {
            start_ms,
            end_ms,
            how: "body opacity".into(),
        });
    }

    fn largest(&mut self, element: &str, time_ms: f64, size: f64) {
        self.pages[0].largest_contentful_paint = Some(LargestPaint {
            time_ms,
            element: element.into(),
            url: None,
            size,
        });
    }

    fn shift(&mut self, time_ms: f64, score: f64, element: &str) {
        self.pages[0].shifts.push(LayoutShift {
            time_ms,
            score,
            after_input: false,
            elements: vec![element.into()],
        });
    }

    fn script(&mut self, id: u32, url: &str, length: u32, made_by: Option<Code>) {
        let maker = |code| StackFrame {
            code: location(code),
            script: 0,
        };
        self.records().scripts.push(Script {
            id,
            url: url.into(),
            length,
            made_by: made_by.map(maker).into_iter().collect(),
            ..Script::default()
        });
    }

    fn ends(&mut self, scroll_y: &[f64], locked: &[bool]) {
        for (nth, step) in self.steps.iter_mut().enumerate() {
            step.after = Some(After {
                scroll_y: scroll_y[nth],
                locked: locked[nth],
                ..After::default()
            });
        }
    }
}

/// A request of the page's own document, 20 ms after the load step has begun.
pub fn request(url: &str, kind: &str, render_blocking: &str) -> Fetch {
    Fetch {
        url: url.into(),
        method: "GET".into(),
        kind: kind.into(),
        render_blocking: render_blocking.into(),
        initiator: "parser".into(),
        start_us: 1_020_000.0,
        end_us: Some(1_320_000.0),
        status: 200,
        ..Fetch::default()
    }
}

/// Who asked for a request, as it stands in the trace.
pub fn asked_by(code: Code) -> Vec<StackFrame> {
    let code: CodeLocation = location(code);
    vec![StackFrame { code, script: 0 }]
}
