//! The sentences of verdicts: what was seen, and what to do next.

mod again;
mod run;
mod since;
mod undecided;

use crate::model::{BaselineUse, Basis, Effect, MetricInfo, Reason, ReasonId, SpeedRatio, Unit};

use super::Evidence;

pub(super) use run::{
    broke_off, by_choice, did_not_run, forbidden, lost, no_effect, no_tags, no_trials,
    not_examined, passed,
};
pub(super) use since::{baseline_differs, baseline_missing};
pub use undecided::forecast;

pub(super) struct Words<'a> {
    effect: &'a Effect,
    metric: Option<&'a MetricInfo>,
    /// How fast the run was, for a cost since the baseline.
    speed: Option<&'a SpeedRatio>,
}

pub(super) fn of<'a>(effect: &'a Effect, evidence: &Evidence<'a>) -> Words<'a> {
    Words {
        effect,
        metric: evidence.metrics.iter().find(|m| m.id == effect.metric),
        speed: match (effect.basis, evidence.baseline) {
            (Basis::Baseline, BaselineUse::Compared { speed, .. }) => Some(speed),
            _ => None,
        },
    }
}

impl Words<'_> {
    fn reason(&self, id: ReasonId, text: String) -> Reason {
        Reason {
            id,
            tag: Some(self.effect.tag.clone()),
            metric: Some(self.effect.metric.clone()),
            text,
        }
    }

    fn unit(&self) -> Unit {
        self.metric.map_or(Unit::Score, |metric| metric.unit)
    }

    fn name(&self) -> &str {
        self.metric
            .map_or(&self.effect.metric, |metric| &metric.name)
    }

    /// `+912 ms [880 ms … 941 ms], n = 10, margin 50 ms`
    fn figures(&self) -> String {
        let effect = self.effect;
        format!(
            "{}, n = {}, margin {}",
            self.amount(effect),
            effect.pairs,
            self.unit().show(effect.margin)
        )
    }

    /// `+912 ms [880 ms … 941 ms]`
    fn amount(&self, effect: &Effect) -> String {
        let unit = self.unit();
        let estimate = effect
            .estimate
            .map_or("no estimate".into(), |value| unit.show_signed(value));
        let interval = effect.interval.map_or(String::new(), |interval| {
            format!(
                " [{} … {}]",
                unit.show_signed(interval.low),
                unit.show_signed(interval.high)
            )
        });
        estimate + &interval
    }

    /// What is said of the effect: `heatmap adds main-thread CPU +912 ms …`
    fn claim(&self) -> String {
        let (tag, name, figures) = (&self.effect.tag, self.name(), self.figures());
        match self.effect.basis {
            Basis::Control => format!("{tag} adds {name} {figures}"),
            Basis::Screen => {
                format!(
                    "{tag} adds {name} {figures}, averaged over the other tags being on and off"
                )
            }
            Basis::Baseline => {
                let indirect = self.indirect();
                format!("{tag}'s cost in {name} has grown since the baseline: {figures}{indirect}")
            }
        }
    }

    /// `again`: the fresh trials that confirm it.
    pub fn beyond(&self, again: Option<&Effect>) -> Reason {
        let id = match self.effect.basis {
            Basis::Control | Basis::Screen => ReasonId::BeyondMargin,
            Basis::Baseline => ReasonId::GrewSinceBaseline,
        };
        let confirmed = again.map_or(String::new(), |fresh| {
            let removed = match self.effect.basis {
                Basis::Screen => " when it alone is removed",
                Basis::Control | Basis::Baseline => "",
            };
            let (pairs, amount) = (fresh.pairs, self.amount(fresh));
            format!("; confirmed by {pairs} fresh pairs: {amount}{removed}")
        });
        self.reason(id, self.claim() + &confirmed)
    }

    pub fn cleared(&self, fresh: &Effect) -> Reason {
        let text = format!(
            "{} {} was suspected and is cleared by {} fresh pairs: {}, within its margin {}",
            self.effect.tag,
            self.name(),
            fresh.pairs,
            self.amount(fresh),
            self.unit().show(self.effect.margin)
        );
        self.reason(ReasonId::Cleared, text)
    }

    pub fn masked(&self, fresh: &Effect) -> Reason {
        let text = format!(
            "{}; but removing it alone from the whole page saves {} (n = {}): another tag then does the same work. Measure the two as one `group`, or without the other",
            self.claim(),
            self.amount(fresh),
            fresh.pairs
        );
        self.reason(ReasonId::Masked, text)
    }

    pub fn within(&self) -> Reason {
        let (tag, name, figures) = (&self.effect.tag, self.name(), self.figures());
        let text = match self.effect.basis {
            Basis::Control | Basis::Screen => {
                format!("{tag} {name} is within its margin: {figures}")
            }
            Basis::Baseline => format!(
                "{tag}'s cost in {name} has not grown beyond its margin since the baseline: {figures}{}",
                self.indirect()
            ),
        };
        self.reason(ReasonId::WithinMargin, text)
    }

    pub fn missing(&self) -> Reason {
        let why = self
            .effect
            .dropped_because
            .as_deref()
            .unwrap_or("no trial of both arms gave a value");
        let text = format!(
            "{} of {} has no value in {} of {} blocks: {why}",
            self.name(),
            self.effect.tag,
            self.effect.dropped,
            self.effect.pairs + self.effect.dropped
        );
        self.reason(ReasonId::MetricMissing, text)
    }
}

fn tag_reason(id: ReasonId, tag: &str, text: String) -> Reason {
    Reason {
        id,
        tag: Some(tag.into()),
        metric: None,
        text,
    }
}

fn run_reason(id: ReasonId, text: String) -> Reason {
    Reason {
        id,
        tag: None,
        metric: None,
        text,
    }
}
