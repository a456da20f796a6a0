//! What a detector has to say, and the finding that is made of it.

use super::super::Detector;
use super::words::{bounded, shown};
use super::{Arms, Culprit};
use crate::model::{Figure, Finding};

/// A misbehaviour as a detector saw it.
pub struct Sighting {
    /// By trial with the tag.
    pub seen: Vec<bool>,
    pub culprit: Option<Culprit>,
    /// What the culprit did, with the decisive figures: the rest of a sentence.
    pub did: String,
    /// The step during which it happened, as in the scenario.
    pub step: Option<String>,
    /// Evidence; those that are zero in both arms are left out.
    pub figures: Vec<Figure>,
}

impl Arms<'_, '_> {
    /// The finding; its subject is the culprit, or the tag where no code is to be named.
    pub fn finding(&self, detector: &Detector, sighting: Sighting) -> Finding {
        let Sighting {
            seen,
            culprit,
            did,
            step,
            mut figures,
        } = sighting;
        figures.retain(|figure| figure.with != 0.0 || figure.without != 0.0);
        let subject = culprit.as_ref().map_or_else(
            || format!("tag {}", self.tag.id),
            |culprit| shown(&culprit.code),
        );
        Finding {
            id: detector.id.into(),
            severity: detector.severity,
            tag: self.tag.id.clone(),
            culprit: culprit.map(|culprit| bounded(&culprit.code)),
            original: None,
            excerpt: None,
            hot: None,
            chain: vec![],
            summary: format!("{subject} {did}"),
            step,
            figures,
            seen_in: seen.iter().filter(|seen| **seen).count(),
            seen_of: seen.len(),
        }
    }
}
