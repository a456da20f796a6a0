//! Styles. Colour only repeats what the words say.

use anstyle::{AnsiColor, Style};

use crate::model::{Confirmed, Outcome, Verdict};

pub const BOLD: Style = Style::new().bold();
pub const DIM: Style = Style::new().dimmed();

pub const RED: Style = colour(AnsiColor::Red).bold();
pub const GREEN: Style = colour(AnsiColor::Green);
pub const YELLOW: Style = colour(AnsiColor::Yellow);
const CYAN: Style = colour(AnsiColor::Cyan);

const fn colour(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(anstyle::Color::Ansi(colour)))
}

pub fn of(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Ok => GREEN,
        Verdict::Regressed => RED,
        Verdict::Inconclusive => YELLOW,
        Verdict::NotComparable | Verdict::NotMeasured => CYAN,
    }
}

pub fn of_confirmed(outcome: Confirmed) -> Style {
    match outcome {
        Confirmed::Yes => RED,
        Confirmed::Cleared => GREEN,
        Confirmed::Open => YELLOW,
    }
}

pub fn of_outcome(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Pass => GREEN.bold(),
        Outcome::Fail => RED,
        Outcome::Inconclusive => YELLOW.bold(),
        Outcome::NotComparable | Outcome::NotMeasured => CYAN.bold(),
    }
}
