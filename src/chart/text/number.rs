//! Numbers with unit, and effects with their interval.

use crate::model::{Effect, Interval, Unit};

/// How figures that stand together are written: one unit, and as many digits as the largest of them deserves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    divisor: f64,
    digits: usize,
    suffix: &'static str,
}

impl Scale {
    /// The scale on which all of `values` are written.
    pub fn of(unit: Unit, values: &[f64]) -> Self {
        let finite = || values.iter().filter(|value| value.is_finite());
        let size = finite().fold(0.0_f64, |size, value| size.max(value.abs()));
        let whole = finite().all(|value| value.fract() == 0.0);
        let (divisor, digits, suffix) = match unit {
            Unit::Ms if size >= 10_000.0 => (1e3, 1, " s"),
            Unit::Ms if size >= 100.0 => (1.0, 0, " ms"),
            Unit::Ms => (1.0, 1, " ms"),
            Unit::Bytes if size >= 1e6 => (1e6, 1, " MB"),
            Unit::Bytes if size >= 1e5 => (1e3, 0, " kB"),
            Unit::Bytes if size >= 1e3 => (1e3, 1, " kB"),
            Unit::Bytes => (1.0, 0, " B"),
            Unit::Count if whole || size >= 100.0 => (1.0, 0, ""),
            Unit::Count => (1.0, 1, ""),
            Unit::Score => (1.0, 3, ""),
        };
        Self {
            divisor,
            digits,
            suffix,
        }
    }

    /// The number alone: the unit stands beside it.
    pub fn number(&self, value: f64) -> String {
        if value.is_infinite() {
            return if value > 0.0 { "∞" } else { "-∞" }.into();
        }
        let text = format!("{:.*}", self.digits, value / self.divisor);
        match text.strip_prefix('-') {
            Some(zero) if zero.bytes().all(|digit| matches!(digit, b'0' | b'.')) => zero.into(),
            _ => text,
        }
    }

    /// The number with its unit.
    pub fn show(&self, value: f64) -> String {
        self.number(value) + self.suffix
    }

    /// The number with its sign, unless it is written as zero, and its unit.
    pub fn signed(&self, value: f64) -> String {
        let zero = self.number(value) == self.number(0.0);
        let sign = if value > 0.0 && !zero { "+" } else { "" };
        sign.to_owned() + &self.show(value)
    }
}

/// A figure that stands alone, without digits that say nothing: `50 ms`, `1.5 kB`.
pub fn plain(unit: Unit, value: f64) -> String {
    let scale = Scale::of(unit, &[value]);
    let number = scale.number(value);
    let short = match number.split_once('.') {
        Some(_) => number.trim_end_matches('0').trim_end_matches('.'),
        None => &number,
    };
    format!("{short}{}", scale.suffix)
}

/// `+912 ms [880 … 941]`; none where there is no estimate.
pub fn effect(unit: Unit, effect: &Effect) -> Option<String> {
    Some(figures(unit, effect.estimate?, effect.interval))
}

/// An estimate with its interval, both on the same scale.
pub fn figures(unit: Unit, estimate: f64, interval: Option<Interval>) -> String {
    let Some(Interval { low, high, .. }) = interval else {
        let scale = Scale::of(unit, &[estimate]);
        return format!("{}, no interval", scale.signed(estimate));
    };
    let scale = Scale::of(unit, &[estimate, low, high]);
    let (low, high) = (scale.number(low), scale.number(high));
    format!("{} [{low} … {high}]", scale.signed(estimate))
}

/// How many pairs an effect comes from, and of how many, where some were dropped: `10`, `7 of 10`.
pub fn pairs(effect: &Effect) -> String {
    match effect.dropped {
        0 => effect.pairs.to_string(),
        dropped => format!("{} of {}", effect.pairs, effect.pairs + dropped),
    }
}

/// What the brackets of `effects` hold: `98 % interval`, or the range where metrics have different shares of the
/// error budget.
pub fn intervals<'a>(effects: impl Iterator<Item = &'a Effect>) -> String {
    let percent =
        |interval: Interval| plain(Unit::Count, (interval.confidence * 1e3).round() / 10.0);
    let mut levels: Vec<Interval> = effects.filter_map(|effect| effect.interval).collect();
    levels.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
    match (levels.first(), levels.last()) {
        (Some(low), Some(high)) if percent(*low) == percent(*high) => {
            format!("{} % interval", percent(*low))
        }
        (Some(low), Some(high)) => format!("{} to {} % interval", percent(*low), percent(*high)),
        _ => "interval".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Basis;

    fn of(estimate: f64, low: f64, high: f64) -> Effect {
        Effect {
            tag: "t".into(),
            metric: "m".into(),
            basis: Basis::Control,
            fresh: false,
            detectable: None,
            pairs: 10,
            dropped: 0,
            dropped_because: None,
            without: None,
            with: None,
            estimate: Some(estimate),
            interval: Some(Interval {
                low,
                high,
                confidence: 0.98,
            }),
            margin: 50.0,
            p_regressed: None,
            p_ok: None,
        }
    }

    #[test]
    fn an_effect_and_its_interval_share_unit_and_digits() {
        let text = |unit, e: f64, low, high| effect(unit, &of(e, low, high)).unwrap();
        assert_eq!(text(Unit::Ms, 912.4, 880.1, 941.0), "+912 ms [880 … 941]");
        assert_eq!(text(Unit::Ms, 2.34, -1.0, 5.5), "+2.3 ms [-1.0 … 5.5]");
        assert_eq!(text(Unit::Ms, -0.3, -250.0, 260.0), "0 ms [-250 … 260]");
        assert_eq!(text(Unit::Ms, 12e3, 9e3, 15e3), "+12.0 s [9.0 … 15.0]");
        assert_eq!(text(Unit::Count, 11.0, 10.0, 12.0), "+11 [10 … 12]");
        assert_eq!(text(Unit::Count, 11.0, 10.5, 12.0), "+11.0 [10.5 … 12.0]");
        assert_eq!(
            text(Unit::Bytes, -1500.0, -2e3, 0.0),
            "-1.5 kB [-2.0 … 0.0]"
        );
        assert_eq!(
            text(Unit::Score, 0.1, 0.0, f64::INFINITY),
            "+0.100 [0.000 … ∞]"
        );
    }

    #[test]
    fn a_figure_alone_has_no_idle_digits() {
        assert_eq!(plain(Unit::Ms, 50.0), "50 ms");
        assert_eq!(plain(Unit::Ms, 100.0), "100 ms");
        assert_eq!(plain(Unit::Ms, 12.5), "12.5 ms");
        assert_eq!(plain(Unit::Bytes, 20_000.0), "20 kB");
        assert_eq!(plain(Unit::Score, 0.02), "0.02");
    }

    #[test]
    fn the_confidence_is_said_once() {
        let (one, mut other) = (of(1.0, 0.0, 2.0), of(1.0, 0.0, 2.0));
        assert_eq!(intervals([&one, &one].into_iter()), "98 % interval");
        other.interval.as_mut().unwrap().confidence = 0.995;
        assert_eq!(
            intervals([&other, &one].into_iter()),
            "98 to 99.5 % interval"
        );
        assert_eq!(intervals(std::iter::empty()), "interval");
    }
}
