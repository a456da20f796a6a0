//! Colours. Verdicts are told apart by shape and word as well, and differ in lightness.

use crate::model::Verdict;

use super::Colour;

/// A set of colours for figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    pub id: &'static str,
    pub ground: Colour,
    pub ink: Colour,
    /// Explanations, axes' numbers.
    pub faint: Colour,
    pub grid: Colour,
    /// The range of effects that the gate does not tolerate.
    pub beyond: Colour,
    pub margin: Colour,
    pub regressed: Colour,
    pub ok: Colour,
    pub undecided: Colour,
    /// Not measured, not comparable.
    pub unknown: Colour,
}

impl Theme {
    /// Vermilion, blue and orange of the palette of Okabe and Ito (<https://jfly.uni-koeln.de/color/>), darkened
    /// where text needs the contrast.
    pub const LIGHT: Self = Self {
        id: "light",
        ground: Colour(255, 255, 255),
        ink: Colour(31, 35, 40),
        faint: Colour(89, 99, 110),
        grid: Colour(225, 228, 232),
        beyond: Colour(253, 238, 230),
        margin: Colour(200, 140, 110),
        regressed: Colour(192, 70, 0),
        ok: Colour(0, 114, 178),
        undecided: Colour(176, 120, 0),
        unknown: Colour(110, 119, 129),
    };

    pub const DARK: Self = Self {
        id: "dark",
        ground: Colour(13, 17, 23),
        ink: Colour(230, 237, 243),
        faint: Colour(145, 152, 161),
        grid: Colour(48, 54, 61),
        beyond: Colour(50, 30, 22),
        margin: Colour(150, 95, 70),
        regressed: Colour(255, 138, 76),
        ok: Colour(86, 180, 233),
        undecided: Colour(240, 200, 80),
        unknown: Colour(139, 148, 158),
    };

    pub fn of(&self, verdict: Verdict) -> Colour {
        match verdict {
            Verdict::Regressed => self.regressed,
            Verdict::Ok => self.ok,
            Verdict::Inconclusive => self.undecided,
            Verdict::NotComparable | Verdict::NotMeasured => self.unknown,
        }
    }

    pub const ALL: &'static [Self] = &[Self::LIGHT, Self::DARK];
}
