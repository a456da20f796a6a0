use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The unit of a metric's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Milliseconds.
    Ms,
    /// A number of things.
    Count,
    /// Bytes.
    Bytes,
    /// A number without unit, such as a layout-shift score.
    Score,
}

impl Unit {
    /// The suffix that scenario files and reports use.
    pub fn suffix(self) -> &'static str {
        match self {
            Unit::Ms => "ms",
            Unit::Bytes => "B",
            Unit::Count | Unit::Score => "",
        }
    }

    /// `value` with as many digits as it deserves, and its unit: `38.2 ms`, `1.4 MB`, `12`.
    pub fn show(self, value: f64) -> String {
        self.text(value, false)
    }

    /// As [`Unit::show`], with a sign in front of positive numbers, for effects.
    pub fn show_signed(self, value: f64) -> String {
        self.text(value, true)
    }

    fn text(self, value: f64, signed: bool) -> String {
        let sign = if signed && value > 0.0 { "+" } else { "" };
        match self {
            Unit::Ms if value.abs() >= 10_000.0 => format!("{sign}{:.1} s", value / 1e3),
            Unit::Ms if value.abs() >= 100.0 => format!("{sign}{value:.0} ms"),
            Unit::Ms => format!("{sign}{value:.1} ms"),
            Unit::Bytes if value.abs() >= 1e6 => format!("{sign}{:.1} MB", value / 1e6),
            Unit::Bytes if value.abs() >= 1e3 => format!("{sign}{:.1} kB", value / 1e3),
            Unit::Bytes => format!("{sign}{value:.0} B"),
            Unit::Count if value.fract() == 0.0 => format!("{sign}{value:.0}"),
            Unit::Count => format!("{sign}{value:.1}"),
            Unit::Score => format!("{sign}{value:.3}"),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.suffix())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_unit_and_sign() {
        assert_eq!(Unit::Ms.show_signed(38.24), "+38.2 ms");
        assert_eq!(Unit::Ms.show_signed(-912.4), "-912 ms");
        assert_eq!(Unit::Bytes.show(1_400_000.0), "1.4 MB");
        assert_eq!(Unit::Count.show_signed(0.0), "0");
        assert_eq!(Unit::Score.show(0.1), "0.100");
    }
}
