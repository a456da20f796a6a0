//! Messages that are answered by messages, without end.

use super::idle::{CPU_SOURCE, of, step, told};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::Kind;

pub const DETECTOR: Detector = Detector {
    id: "message_loop",
    name: "endless messages",
    severity: Severity::Severe,
    what: "Messages (postMessage to a window, a MessageChannel, a worker or a BroadcastChannel; tasks of scheduler.postTask) that go on while nobody touches the page, too many or at too much CPU time. Messages that are sent without the tag as well do not count.",
    example: "A widget and its iframe answer each message of the other with the next one.",
    needs_steps: &[],
    why: "A message waits for nothing, so that a loop of them takes all that is left of a core for as long as the page is open.",
    fix: "Ask the owner to send a message when there is something to say; and to wait with setTimeout or scheduler.yield() for a bounded piece of work instead of messages to itself.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const MESSAGES: Threshold = Threshold {
    id: "messages", name: "messages per second at rest, beyond the control arm", value: 80.0, unit: Unit::Count,
    source: "loops in Chromium 156: 2000 to 30000 per second; widgets that report their height or that they are alive: at most 10",
};
#[rustfmt::skip]
const CPU: Threshold = Threshold {
    id: "cpu", name: "CPU time of messages per second at rest, beyond the control arm", value: 50.0, unit: Unit::Ms,
    source: CPU_SOURCE,
};

const THRESHOLDS: &[Threshold] = &[MESSAGES, CPU];

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(told) = told(
        arms,
        "messages",
        Some(&MESSAGES),
        Some(&CPU),
        of(Kind::Message),
    ) else {
        return Vec::new();
    };
    let sighting = Sighting {
        did: format!(
            "goes on by messages while nobody touches the page: {:.0} per second, which take {} of CPU",
            told.per_s,
            Unit::Ms.show(told.cpu_ms_per_s),
        ),
        seen: told.seen,
        culprit: told.culprit,
        step: step(arms),
        figures: told.figures,
    };
    vec![arms.finding(&DETECTOR, sighting)]
}
