//! Visits made by hand: a page, a tag, and what the main thread would have recorded of them.

pub mod absurd;
pub mod found;

use tagperf::model::{
    CodeLocation, Counters, Holdings, PageRecord, StepRecord, Trace, TraceEvent, Visit,
};

pub const PAGE: (&str, &str, u32, u32) = ("https://shop.test/", "pageScroll", 3, 46);
pub const TAG: (&str, &str, u32, u32) = ("https://cdn.vendor.test/tag.js", "onScroll", 14, 27);

/// A frame of a 60 Hz screen.
const FRAME_US: f64 = 16_667.0;

/// Writes down what the main thread does, event by event.
pub struct Tape {
    events: Vec<TraceEvent>,
    steps: Vec<StepRecord>,
    wall_us: f64,
    cpu_us: f64,
    /// Wall time for each unit of CPU time: above 1 on a busy machine.
    slowness: f64,
}

/// What a tag does, moment by moment; each is given the number of the scroll event or frame.
#[derive(Clone, Copy)]
pub struct Behaviour {
    /// While the page loads.
    pub load: fn(&mut Tape),
    /// In a frame of the idle step before scrolling.
    pub before: fn(&mut Tape, usize),
    /// In the dispatch of a scroll event.
    pub scroll: fn(&mut Tape, usize),
    /// In the frame of a scroll event, after the dispatch.
    pub frame: fn(&mut Tape, usize),
    /// Between two frames while the page is scrolled.
    pub between: fn(&mut Tape, usize),
    /// In a frame of the idle step after scrolling.
    pub after: fn(&mut Tape, usize),
}

pub const NOTHING: Behaviour = Behaviour {
    load: |_| {},
    before: |_, _| {},
    scroll: |_, _| {},
    frame: |_, _| {},
    between: |_, _| {},
    after: |_, _| {},
};

/// A shop that is loaded, left alone for a second, scrolled for a second, and left alone for two.
pub fn shop(tag: Behaviour, slowness: f64) -> Visit {
    shop_with_page_script(tag, slowness, |tape, _| tape.call(PAGE, 50.0))
}

/// The same, with another scroll listener of the page's own.
pub fn shop_with_page_script(tag: Behaviour, slowness: f64, page: fn(&mut Tape, usize)) -> Visit {
    let mut tape = Tape::new(slowness);
    tape.step("load", "load /", |tape| {
        tape.task(|tape| tape.event("EvaluateScript", |tape| tape.work(20_000.0)));
        tape.task(tag.load);
    });
    tape.step("idle", "idle 1s", |tape| tape.frames(60, tag.before));
    tape.step("scroll", "scroll by 1500px over 1s", |tape| {
        tape.frames(60, |tape, nth| {
            tape.task(|tape| {
                tape.dispatch("scroll", |tape| {
                    page(tape, nth);
                    (tag.scroll)(tape, nth);
                });
                (tag.frame)(tape, nth);
                tape.event("Paint", |tape| tape.work(300.0));
            });
            (tag.between)(tape, nth);
        });
    });
    tape.step("idle", "idle 2s", |tape| tape.frames(120, tag.after));
    tape.visit()
}

/// A page that is loaded and then left alone for two and a half seconds; `each` is what the tag does in a frame.
pub fn at_rest(each: fn(&mut Tape, usize), slowness: f64) -> Visit {
    quietly(each, |_, _| {}, slowness)
}

/// The same, and then hidden for a second.
pub fn quietly(each: fn(&mut Tape, usize), hidden: fn(&mut Tape, usize), slowness: f64) -> Visit {
    let mut tape = Tape::new(slowness);
    tape.step("load", "load /", |tape| {
        tape.task(|tape| tape.event("EvaluateScript", |tape| tape.work(20_000.0)));
    });
    tape.step("quiet", "quiet", |tape| tape.frames(150, each));
    tape.step("hidden", "hidden", |tape| tape.frames(60, hidden));
    tape.visit()
}

/// A page over which the hand moves: `each` is what listens to an event of `kind`, and `after` what follows it.
pub fn moved(
    kind: &str,
    each: fn(&mut Tape, usize),
    after: fn(&mut Tape, usize),
    slowness: f64,
) -> Visit {
    let mut tape = Tape::new(slowness);
    tape.step("load", "load /", |tape| {
        tape.event("navigationStart", |_| {});
        tape.task(|tape| tape.event("EvaluateScript", |tape| tape.work(20_000.0)));
    });
    tape.step("hover", "hover #buy", |tape| {
        tape.frames(40, |tape, nth| {
            tape.task(|tape| tape.dispatch(kind, |tape| each(tape, nth)));
            after(tape, nth);
        });
    });
    tape.visit()
}

impl Tape {
    fn new(slowness: f64) -> Self {
        Self {
            events: Vec::new(),
            steps: Vec::new(),
            wall_us: 1_000_000.0,
            cpu_us: 0.0,
            slowness,
        }
    }

    /// Code asks for a turn, or for style: `TimerInstall`, `ScheduleStyleRecalculation`…
    pub fn asks(&mut self, name: &str, code: (&str, &str, u32, u32), id: u32) {
        let index = self.events.len();
        self.event(name, |_| {});
        self.events[index].code = Some(location(code));
        self.events[index].id = id;
    }

    /// What was asked for comes: `TimerFire`, `FireAnimationFrame`…
    pub fn fires(&mut self, name: &str, id: u32, within: impl FnOnce(&mut Self)) {
        let index = self.events.len();
        self.event(name, within);
        self.events[index].id = id;
    }

    /// CPU time within the event that is open.
    pub fn work(&mut self, cpu_us: f64) {
        self.cpu_us += cpu_us;
        self.wall_us += cpu_us * self.slowness;
    }

    pub fn event(&mut self, name: &str, within: impl FnOnce(&mut Self)) {
        let index = self.events.len();
        let (wall_us, cpu_us) = (self.wall_us, self.cpu_us);
        self.events.push(TraceEvent {
            name: name.into(),
            start_us: wall_us,
            ..TraceEvent::default()
        });
        self.work(1.0);
        within(self);
        self.work(1.0);
        self.events[index].wall_us = self.wall_us - wall_us;
        self.events[index].cpu_us = self.cpu_us - cpu_us;
    }

    pub fn task(&mut self, within: impl FnOnce(&mut Self)) {
        self.event("RunTask", within);
        self.wall_us += 1.0;
    }

    pub fn dispatch(&mut self, kind: &str, within: impl FnOnce(&mut Self)) {
        let index = self.events.len();
        self.event("EventDispatch", within);
        self.events[index].kind = Some(kind.into());
    }

    /// The browser calls a function that works for `cpu_us`.
    pub fn call(&mut self, code: (&str, &str, u32, u32), cpu_us: f64) {
        self.call_to(code, |tape| tape.work(cpu_us));
    }

    pub fn call_to(&mut self, code: (&str, &str, u32, u32), within: impl FnOnce(&mut Self)) {
        let index = self.events.len();
        self.event("FunctionCall", within);
        self.events[index].code = Some(location(code));
    }

    /// Script asks for geometry.
    pub fn forced_layout(&mut self, code: (&str, &str, u32, u32), cpu_us: f64) {
        let index = self.events.len();
        self.event("Layout", |tape| tape.work(cpu_us));
        self.events[index].code = Some(location(code));
        self.events[index].forced = true;
    }

    /// Script changes the page.
    pub fn touch(&mut self, code: (&str, &str, u32, u32)) {
        let index = self.events.len();
        self.event("InvalidateLayout", |_| {});
        self.events[index].code = Some(location(code));
    }

    /// A script's text is run for the first time.
    pub fn evaluate(&mut self, code: (&str, &str, u32, u32), cpu_us: f64) {
        let index = self.events.len();
        self.event("EvaluateScript", |tape| tape.work(cpu_us));
        self.events[index].code = Some(location(code));
    }

    pub fn animation_frame(&mut self, code: (&str, &str, u32, u32), cpu_us: f64) {
        self.event("FireAnimationFrame", |tape| tape.call(code, cpu_us));
    }

    pub fn timer(&mut self, code: (&str, &str, u32, u32), cpu_us: f64) {
        self.task(|tape| tape.event("TimerFire", |tape| tape.call(code, cpu_us)));
    }

    /// A frame in which the page has scrolled by itself: all its listeners hear of it.
    pub fn scrolled_by_itself(&mut self, tag: (&str, &str, u32, u32), cpu_us: f64) {
        self.task(|tape| {
            tape.dispatch("scroll", |tape| {
                tape.call(PAGE, 50.0);
                tape.call(tag, cpu_us);
            });
        });
    }

    fn frames(&mut self, count: usize, each: impl Fn(&mut Self, usize)) {
        let start_us = self.wall_us;
        for nth in 0..count {
            let due_us = start_us + FRAME_US * nth as f64;
            // Frames that a busy main thread had no time for are dropped.
            if self.wall_us > due_us + FRAME_US {
                continue;
            }
            self.wall_us = self.wall_us.max(due_us);
            each(self, nth);
        }
        self.wall_us = self.wall_us.max(start_us + FRAME_US * count as f64);
    }

    fn step(&mut self, kind: &str, text: &str, within: impl FnOnce(&mut Self)) {
        let (wall_us, cpu_us) = (self.wall_us, self.cpu_us);
        within(self);
        self.steps.push(StepRecord {
            after: None,
            text: text.into(),
            kind: kind.into(),
            start_ms: wall_us / 1e3,
            duration_ms: (self.wall_us - wall_us) / 1e3,
            counters: Counters {
                task_ms: (self.cpu_us - cpu_us) / 1e3,
                ..Counters::default()
            },
            trace_us: Some((wall_us, self.wall_us)),
        });
    }

    fn visit(self) -> Visit {
        Visit {
            format: Visit::FORMAT,
            pages: vec![PageRecord {
                url: "https://shop.test/".into(),
                ..PageRecord::default()
            }],
            steps: self.steps,
            counters: Counters {
                task_ms: self.cpu_us / 1e3,
                ..Counters::default()
            },
            holdings: Holdings::default(),
            trace: Some(Trace {
                events: self.events,
                incomplete: false,
                ..Trace::default()
            }),
            ..Visit::default()
        }
    }
}

fn location((url, function, line, column): (&str, &str, u32, u32)) -> CodeLocation {
    CodeLocation {
        url: url.into(),
        function: function.into(),
        line,
        column,
    }
}
