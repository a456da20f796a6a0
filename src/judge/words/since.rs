//! What is said of the baseline.

use crate::model::{Design, Mismatch, Reason, ReasonId, Scaling};

use super::{Words, run_reason};

impl Words<'_> {
    fn scaling(&self) -> Scaling {
        self.metric.map_or(Scaling::Fixed, |metric| metric.scaling)
    }

    /// What a reader must know of a comparison across machines.
    pub(super) fn indirect(&self) -> String {
        match self.speed {
            Some(speed) if speed.indirect && self.scaling() != Scaling::Fixed => format!(
                " (indirect: the baseline comes from another machine or CPU slowdown, and CPU times of this run were multiplied by {:.2})",
                speed.whole()
            ),
            _ => String::new(),
        }
    }

    /// The baseline has no such cost.
    pub(in crate::judge) fn unknown(&self) -> Reason {
        let (tag, name) = (&self.effect.tag, self.name());
        let text = format!(
            "the baseline does not know {tag}'s cost in {name}, so its growth cannot be judged: accept a run that has it with `tagperf baseline accept RUN --reason …`"
        );
        self.reason(ReasonId::BaselineMissing, text)
    }

    /// Why the baseline's machine leaves open what the figures seem to say.
    pub(super) fn too_far(&self) -> Option<Reason> {
        let (speed, interval) = (self.speed?, self.effect.interval?);
        let seems_ok = interval.high < self.effect.margin;
        let why = if seems_ok {
            speed.forbids_ok(self.scaling())
        } else {
            speed.forbids_regressed(self.scaling())
        }?;
        let text = format!(
            "{}'s cost in {} since the baseline is left open: {}; {why}. Accept a run of this machine with `tagperf baseline accept RUN --reason …`",
            self.effect.tag,
            self.name(),
            self.figures()
        );
        Some(self.reason(ReasonId::SpeedDiffers, text))
    }
}

pub(in crate::judge) fn baseline_differs(
    file: &str,
    differences: &[Mismatch],
    renew: &str,
) -> Reason {
    let list: Vec<String> = differences
        .iter()
        .map(|d| format!("{} was {}, is {}", d.what, d.baseline, d.run))
        .collect();
    run_reason(
        ReasonId::BaselineDiffers,
        format!(
            "the baseline {file} was measured under other conditions ({}): go on with `{renew}`",
            list.join("; ")
        ),
    )
}

pub(in crate::judge) fn baseline_missing(design: Design) -> Reason {
    let remedy = match design {
        Design::Blocks => "accept a run with `tagperf baseline accept RUN --reason …`",
        Design::Screen => {
            "measure with `tagperf run FILE --design blocks` and accept that, since a screen of many tags cannot be one"
        }
    };
    run_reason(
        ReasonId::BaselineMissing,
        format!("the gate requires a baseline and there is none: {remedy}"),
    )
}
