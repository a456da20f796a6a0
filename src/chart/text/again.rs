//! What became of an effect that looked regressed, in words.

use crate::model::{Basis, Cell, Confirmed, Judgement, ReasonId, Suspicion, Unit};

use super::number;

/// A suspicion, and the effect that fresh trials gave for the same tag and metric.
#[derive(Clone, Copy, Debug)]
pub struct Again<'a> {
    pub suspicion: &'a Suspicion,
    /// None when no fresh trial was measured.
    pub fresh: Option<&'a Cell>,
    masked: bool,
}

impl<'a> Again<'a> {
    /// Whether `cell` was suspected, and what fresh trials said.
    pub(super) fn of(cell: &Cell, judgement: &'a Judgement) -> Option<Self> {
        let effect = &cell.effect;
        let same = |tag: &str, metric: &str| effect.tag == tag && effect.metric == metric;
        let mut suspicions = judgement.suspicions.iter();
        let suspicion =
            suspicions.find(|it| it.basis == effect.basis && same(&it.tag, &it.metric))?;
        // After a screen, the whole page is asked with the tag and without it.
        let basis = match effect.basis {
            Basis::Screen => Basis::Control,
            basis @ (Basis::Control | Basis::Baseline) => basis,
        };
        let fresh = judgement.cells.iter().find(|cell| {
            let fresh = &cell.effect;
            fresh.fresh && fresh.basis == basis && same(&fresh.tag, &fresh.metric)
        });
        let masked = |cell: &Cell| cell.reason.id == ReasonId::Masked;
        Some(Self {
            suspicion,
            fresh,
            masked: masked(cell) || fresh.is_some_and(masked),
        })
    }

    /// `confirmed`, `cleared`, `masked`, `not confirmed`.
    pub fn word(&self) -> &'static str {
        match self.suspicion.outcome {
            Confirmed::Yes => "confirmed",
            Confirmed::Cleared | Confirmed::Open if self.masked => "masked",
            Confirmed::Cleared => "cleared",
            Confirmed::Open => "not confirmed",
        }
    }

    /// `confirmed on 6 fresh pairs`.
    pub fn short(&self) -> String {
        let pairs = self.pairs();
        if pairs == "0" {
            return format!("{}: no fresh pair was measured", self.word());
        }
        let plural = if pairs == "1" { "" } else { "s" };
        let join = match self.suspicion.outcome {
            Confirmed::Cleared if !self.masked => "by",
            Confirmed::Yes | Confirmed::Cleared | Confirmed::Open => "on",
        };
        format!("{} {join} {pairs} fresh pair{plural}", self.word())
    }

    /// `confirmed on 6 fresh pairs: +49 ms [47 … 52]`.
    pub fn sentence(&self, unit: Unit) -> String {
        let figures = self
            .fresh
            .and_then(|cell| number::effect(unit, &cell.effect));
        let figures = figures.map_or(String::new(), |figures| format!(": {figures}"));
        let why = if self.masked {
            "; without it alone nothing is saved, since another tag does the same work"
        } else {
            ""
        };
        self.short() + &figures + why
    }

    fn pairs(&self) -> String {
        match self.fresh {
            Some(cell) => number::pairs(&cell.effect),
            None => self.suspicion.fresh_pairs.to_string(),
        }
    }
}
