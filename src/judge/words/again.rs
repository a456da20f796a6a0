//! What is said of a suspicion that fresh trials have not decided.

use crate::model::{Design, Effect, Purpose, Reason, ReasonId};

use super::super::Evidence;
use super::Words;

impl Words<'_> {
    pub fn not_asked_again(&self, evidence: &Evidence) -> Reason {
        let why = match (evidence.confirmation, evidence.design) {
            (Some(asked), Design::Screen) => format!(
                "only {} suspects of a screen are asked again at a time: fix those first and run again, or measure with --design blocks",
                asked.contrasts.len()
            ),
            (None, _) if !evidence.stop.is_complete() => {
                "the run ended before fresh trials: go on with --resume".into()
            }
            // Judged anew, against another baseline than the one that it was measured with.
            _ => "no fresh trials were made for it: measure again in a fresh run".into(),
        };
        let text = format!(
            "{}: suspected, and not yet confirmed, since {why}",
            self.claim()
        );
        self.reason(ReasonId::Unconfirmed, text)
    }

    pub fn unconfirmed(&self, fresh: &Effect, evidence: &Evidence) -> Reason {
        let text = format!(
            "{}: suspected; {} fresh pairs neither confirm nor clear it: {}. {}",
            self.claim(),
            fresh.pairs,
            self.amount(fresh),
            open_after_fresh(evidence)
        );
        self.reason(ReasonId::Unconfirmed, text)
    }
}

/// What to do where fresh trials left it open. Their number is fixed, so that no budget helps.
pub(super) fn open_after_fresh(evidence: &Evidence) -> &'static str {
    let budget = evidence
        .confirmation
        .map_or(0, |asked| asked.schedule.budget());
    if evidence.has_left(Purpose::Confirm, budget) {
        "The run ended before its last fresh trials: go on with --resume"
    } else {
        "Measure again in a fresh run on a quieter machine, or move the margin"
    }
}
