//! Listeners that hear each key as a password or a card number is typed.

use super::shared::{printable, sensitive};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Listener, Severity, Unit};
use crate::trace::{Evidence, discreet};

pub const DETECTOR: Detector = Detector {
    id: "keystroke_listener",
    name: "listener for keys in a password or payment field",
    severity: Severity::Warning,
    what: "Listeners of the tag for keys or input at a password or payment field; or at the document or the window, when such a field is typed into and a request follows about every key.",
    example: "A form analytics tag listens for `keydown` at all fields of the form, the password among them.",
    needs_steps: &[],
    why: "Whoever hears the keys has the password, whether or not it is sent today; a change of the vendor's script is enough.",
    fix: "Ask the owner to leave such fields out, and to count in `change` what has to be counted; keep tags off pages with such forms.",
    thresholds: &[LISTENERS, REQUESTS],
    detect,
};

#[rustfmt::skip]
const LISTENERS: Threshold = Threshold {
    id: "listeners", name: "listeners for keys at password or payment fields, beyond the control arm", value: 1.0, unit: Unit::Count,
    source: "one is enough",
};
#[rustfmt::skip]
const REQUESTS: Threshold = Threshold {
    id: "requests", name: "requests for each key typed into such a field, when the listener is at the document or the window", value: 0.5, unit: Unit::Count,
    source: "analytics send a batch every few seconds, for dozens of keys; a request for every key or every other is a copy of what is typed",
};

const KEYS: &[&str] = &["keydown", "keypress", "keyup", "input", "beforeinput"];

/// Fewer keys say nothing about requests for each.
const FEWEST_KEYS: f64 = 4.0;

fn is_at_field(one: &Listener) -> bool {
    sensitive(&one.target).is_some()
}

fn at_fields(arms: &Arms, evidence: &Evidence) -> f64 {
    let own = arms.listeners(evidence, KEYS).into_iter();
    own.filter(|one| is_at_field(one)).count() as f64
}

/// Requests of the tag for each key of the steps that type into a password or payment field. Zero when the tag
/// hears no keys.
fn per_key(arms: &Arms, evidence: &Evidence) -> f64 {
    if arms.listeners(evidence, KEYS).is_empty() {
        return 0.0;
    }
    let typed: Vec<_> = evidence
        .typed()
        .filter(|typed| sensitive(typed.into).is_some())
        .collect();
    let keys: usize = typed.iter().map(|typed| typed.text.chars().count()).sum();
    if (keys as f64) < FEWEST_KEYS {
        return 0.0;
    }
    let during = |time_us: f64| {
        let mut spans = typed.iter().filter_map(|typed| typed.step.trace_us);
        spans.any(|(start, end)| start <= time_us && time_us <= end)
    };
    let traffic = arms.traffic(evidence).into_iter();
    let sent = traffic.filter(|exchange| exchange.start_us().is_some_and(during));
    sent.count() as f64 / keys as f64
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let at_field = arms.seen(|evidence| at_fields(arms, evidence) >= arms.limit(&LISTENERS));
    let sends = arms.seen(|evidence| per_key(arms, evidence) >= arms.limit(&REQUESTS));
    let (seen, culprit, did) = match (at_field, sends) {
        (Some(seen), _) => {
            let own = arms
                .with
                .iter()
                .flat_map(|evidence| arms.listeners(evidence, KEYS));
            let first = own.into_iter().find(|one| is_at_field(one));
            let did = first.map_or_else(String::new, |one| {
                let field = printable(&one.target, 60);
                format!(
                    "listens for {} at the field {field}",
                    printable(&one.kind, 20)
                )
            });
            (seen, arms.blame_listeners(KEYS, is_at_field), did)
        }
        (None, Some(seen)) => {
            let rate = arms.with(|evidence| per_key(arms, evidence));
            let did = format!(
                "hears what is typed into a password or payment field, and the tag sends {rate:.1} requests for each key"
            );
            (seen, arms.blame_listeners(KEYS, |_| true), did)
        }
        (None, None) => return Vec::new(),
    };
    let step = arms.with.first().and_then(|evidence| {
        let mut typed = evidence.typed();
        typed.find(|typed| sensitive(typed.into).is_some())
    });
    let figures = vec![
        arms.figure(
            "listeners at password and payment fields",
            Unit::Count,
            |evidence| at_fields(arms, evidence),
        ),
        arms.figure("requests per key in such fields", Unit::Count, |evidence| {
            per_key(arms, evidence)
        }),
    ];
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit,
            did,
            step: step.map(|typed| discreet(typed.step)),
            figures,
        },
    )]
}
