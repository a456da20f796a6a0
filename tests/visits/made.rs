//! Visits made of single facts: requests, what is held after each step, what was left behind.

use tagperf::model::{
    Act, After, Answer, CodeLocation, Cookie, Fetch, Gauge, Inventory, Listener, PageRecord,
    Request, StackFrame, StepRecord, Trace, TraceEvent, Visit,
};

/// The tag's function, as the browser names it.
pub fn by_tag() -> CodeLocation {
    code("https://cdn.vendor.test/tag.js", "act", 7)
}

pub fn by_page() -> CodeLocation {
    code("https://shop.test/app.js", "own", 3)
}

pub fn code(url: &str, function: &str, line: u32) -> CodeLocation {
    CodeLocation {
        url: url.into(),
        function: function.into(),
        line,
        column: 5,
    }
}

/// The same as [`visit`], but the tag's function is not called.
pub fn without() -> Visit {
    let mut visit = visit();
    visit
        .trace
        .as_mut()
        .unwrap()
        .events
        .retain(|event| event.code.is_none());
    visit
}

/// Steps of a second each: load, three clicks, scroll, type, quiet. In each, the tag's function is called once.
pub fn visit() -> Visit {
    let steps = [
        ("load", "load /"),
        ("click", "click #a"),
        ("click", "click #b"),
        ("click", "click #c"),
        ("scroll", "scroll by 900px over 1s"),
        ("type", "type \"jane.roe@mail.test\" into #email"),
        ("type", "type \"Sesame!42\" into #password"),
        ("quiet", "quiet for 1 s"),
    ];
    let mut trace = Trace::default();
    for nth in 0..steps.len() {
        for (name, at_s, wall_s) in [("RunTask", 0.5, 0.01), ("FunctionCall", 0.501, 0.005)] {
            trace.events.push(TraceEvent {
                name: name.into(),
                start_us: (nth as f64 + at_s) * 1e6,
                wall_us: wall_s * 1e6,
                cpu_us: wall_s * 1e6,
                code: (name == "FunctionCall").then(by_tag),
                ..TraceEvent::default()
            });
        }
    }
    let step = |(nth, (kind, text)): (usize, &(&str, &str))| StepRecord {
        kind: (*kind).into(),
        text: (*text).into(),
        trace_us: Some((nth as f64 * 1e6, (nth as f64 + 1.0) * 1e6)),
        after: Some(After {
            nodes: 300.0,
            elements: 100.0,
            listeners: 10.0,
            heap_bytes: 2e6,
            ..After::default()
        }),
        ..StepRecord::default()
    };
    Visit {
        format: Visit::FORMAT,
        pages: vec![PageRecord {
            url: "https://shop.test/".into(),
            ..PageRecord::default()
        }],
        steps: steps.iter().enumerate().map(step).collect(),
        trace: Some(trace),
        inventory: Some(Inventory {
            not_restored: Some(vec![]),
            ..Inventory::default()
        }),
        ..Visit::default()
    }
}

/// Changes what is held after each step; given the step's number.
pub fn held(mut visit: Visit, change: impl Fn(usize, &mut After)) -> Visit {
    for (nth, step) in visit.steps.iter_mut().enumerate() {
        change(nth, step.after.as_mut().unwrap());
    }
    visit
}

/// Nodes from moment to moment, fifty a second; given the second.
pub fn gauged(mut visit: Visit, nodes: impl Fn(f64) -> f64) -> Visit {
    let last = visit.steps.len() * 50;
    let gauges = (0..last).map(|nth| Gauge {
        at_us: nth as f64 * 2e4,
        nodes: nodes(nth as f64 / 50.0),
        ..Gauge::default()
    });
    visit.trace.as_mut().unwrap().gauges = gauges.collect();
    visit
}

/// What both sides know of a request.
pub struct Asked {
    pub at_s: f64,
    pub method: &'static str,
    pub url: String,
    pub kind: &'static str,
    pub api: &'static str,
    pub by: Vec<CodeLocation>,
    pub status: u16,
    pub answer: Answer,
    pub bytes: u64,
    pub sent: u64,
    pub body: Option<String>,
    pub headers: Vec<(&'static str, &'static str)>,
    /// When it ended, if it was sent on to another address.
    pub end_s: Option<f64>,
}

/// A beacon of the tag's own.
pub fn beacon(at_s: f64, url: &str) -> Asked {
    Asked {
        at_s,
        method: "POST",
        url: url.into(),
        kind: "Other",
        api: "beacon",
        by: vec![by_tag()],
        status: 204,
        answer: Answer::Beacon,
        bytes: 0,
        sent: 0,
        body: None,
        headers: vec![],
        end_s: None,
    }
}

/// A script that the tag puts in.
pub fn script(at_s: f64, url: &str) -> Asked {
    Asked {
        method: "GET",
        kind: "Script",
        api: "script",
        status: 200,
        answer: Answer::Played,
        bytes: 20_000,
        ..beacon(at_s, url)
    }
}

pub fn asks(mut visit: Visit, asked: impl IntoIterator<Item = Asked>) -> Visit {
    let trace = visit.trace.as_mut().unwrap();
    for asked in asked {
        trace.fetches.push(Fetch {
            url: asked.url.clone(),
            method: asked.method.into(),
            kind: asked.kind.into(),
            api: asked.api.into(),
            start_us: asked.at_s * 1e6,
            end_us: asked.end_s.map(|end_s| end_s * 1e6),
            status: if asked.end_s.is_some() {
                0
            } else {
                asked.status
            },
            stack: asked
                .by
                .iter()
                .map(|code| StackFrame {
                    code: code.clone(),
                    script: 0,
                })
                .collect(),
            ..Fetch::default()
        });
        let headers = asked.headers.iter();
        visit.requests.push(Request {
            start_ms: asked.at_s * 1e3,
            duration_ms: 1.0,
            method: asked.method.into(),
            url: asked.url,
            destination: String::new(),
            status: asked.status,
            sent_bytes: asked.bytes,
            received_bytes: asked.sent,
            answer: asked.answer,
            body: asked.body,
            headers: headers
                .map(|(name, value)| ((*name).into(), (*value).into()))
                .collect(),
        });
    }
    visit
}

/// Calls of one interface by the tag, a tenth of a second apart.
pub fn act(kind: &str, what: &str, count: u32, from_ms: f64) -> Act {
    Act {
        kind: kind.into(),
        what: what.into(),
        code: by_tag(),
        count,
        times_ms: (0..count)
            .map(|nth| from_ms + 300.0 * f64::from(nth))
            .collect(),
        length: 0.0,
    }
}

pub fn listener(target: &str, kind: &str, code: CodeLocation) -> Listener {
    Listener {
        target: target.into(),
        kind: kind.into(),
        code,
        ..Listener::default()
    }
}

pub fn cookie(name: &str, domain: &str, days: f64) -> Cookie {
    Cookie {
        name: name.into(),
        domain: domain.into(),
        bytes: 20.0,
        days: Some(days),
        ..Cookie::default()
    }
}

pub fn inventory(mut visit: Visit, change: impl FnOnce(&mut Inventory)) -> Visit {
    change(visit.inventory.as_mut().unwrap());
    visit
}
