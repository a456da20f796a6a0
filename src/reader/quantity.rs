/// A kind of number that is written with its unit: `1.5s`.
#[derive(Debug)]
pub struct Quantity {
    /// With its article: `a duration`.
    pub what: &'static str,
    pub example: &'static str,
    /// Units, and how many of the base unit each is.
    pub units: &'static [(&'static str, f64)],
    /// In the base unit: more than this is a slip.
    pub most: f64,
}

/// Milliseconds.
pub static DURATION: Quantity = Quantity {
    what: "a duration",
    example: "1.5s",
    units: &[("ms", 1.0), ("s", 1e3), ("min", 60e3), ("h", 3600e3)],
    most: 24.0 * 3600e3,
};

/// CSS pixels.
pub static LENGTH: Quantity = Quantity {
    what: "a length",
    example: "3000px",
    units: &[("px", 1.0)],
    most: 1e7,
};

/// Bytes.
pub static SIZE: Quantity = Quantity {
    what: "a size",
    example: "20kB",
    units: &[("B", 1.0), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9)],
    most: 1e12,
};

/// Bits per second.
pub static RATE: Quantity = Quantity {
    what: "a rate",
    example: "1600kbps",
    units: &[("bps", 1.0), ("kbps", 1e3), ("Mbps", 1e6), ("Gbps", 1e9)],
    most: 1e12,
};

/// Hundredths of the whole.
pub static PERCENT: Quantity = Quantity {
    what: "a share",
    example: "5%",
    units: &[("%", 1.0)],
    most: 1e4,
};

/// Why a text is no quantity: what is wrong, and what to do.
pub(super) type Refusal = (String, String);

impl Quantity {
    /// Its units: `ms, s, min`.
    pub(super) fn names(&self) -> String {
        let names: Vec<&str> = self.units.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }

    /// The text's value in the base unit; `None` if its unit is not one of this quantity's.
    fn value(&self, number: f64, unit: &str) -> Option<f64> {
        let (_, factor) = self.units.iter().find(|(name, _)| *name == unit)?;
        Some(number * factor)
    }
}

/// Reads `text` as the first of `kinds` that has its unit: which one, and the value in its base unit.
pub(super) fn parse(text: &str, kinds: &[&Quantity]) -> Result<(usize, f64), Refusal> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || "+-.".contains(c)))
        .unwrap_or(text.len());
    let (digits, unit) = (&text[..end], text[end..].trim());
    let wanted: Vec<&str> = kinds.iter().map(|kind| kind.what).collect();
    let wanted = wanted.join(" or ");
    let examples: Vec<String> = kinds
        .iter()
        .map(|kind| format!("\"{}\"", kind.example))
        .collect();
    let such_as = format!("write it as {}", examples.join(" or "));

    if !digits.starts_with(|c: char| c.is_ascii_digit()) && !digits.starts_with(['-', '+']) {
        return Err((format!("expected {wanted}, found {text:?}"), such_as));
    }
    let Ok(number) = digits.parse::<f64>() else {
        return Err((format!("{digits:?} is not a number"), such_as));
    };
    let read = kinds
        .iter()
        .enumerate()
        .find_map(|(at, kind)| Some((at, *kind, kind.value(number, unit)?)));
    let Some((at, kind, value)) = read else {
        return Err((bad_unit(unit), units(kinds)));
    };
    if number.is_sign_negative() && number != 0.0 {
        return Err((format!("{} cannot be negative", kind.what), such_as));
    }
    if value > kind.most {
        let (unit, factor) = kind.units[kind.units.len() - 1];
        let most = kind.most / factor;
        return Err((
            format!("{text:?} is too much"),
            format!("{} is at most {most}{unit}", kind.what),
        ));
    }
    Ok((at, value.abs()))
}

fn bad_unit(unit: &str) -> String {
    if unit.is_empty() {
        "the unit is missing".into()
    } else {
        format!("unknown unit `{unit}`")
    }
}

fn units(kinds: &[&Quantity]) -> String {
    let lists: Vec<String> = kinds
        .iter()
        .map(|kind| format!("{} is in {}", kind.what, kind.names()))
        .collect();
    lists.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_their_base_unit() {
        assert_eq!(parse("1.5s", &[&DURATION]), Ok((0, 1500.0)));
        assert_eq!(parse(" 2 min ", &[&DURATION]), Ok((0, 120_000.0)));
        assert_eq!(parse("20kB", &[&SIZE]), Ok((0, 20_000.0)));
        assert_eq!(parse("1600kbps", &[&RATE]), Ok((0, 1_600_000.0)));
        assert_eq!(parse("5%", &[&DURATION, &PERCENT]), Ok((1, 5.0)));
        assert_eq!(parse("-0ms", &[&DURATION]), Ok((0, 0.0)));
    }

    #[test]
    fn nonsense_is_refused_with_what_would_do() {
        let refusal = |text: &str| parse(text, &[&DURATION, &PERCENT]).unwrap_err();
        assert_eq!(refusal("5 sec").0, "unknown unit `sec`");
        assert_eq!(
            refusal("5 sec").1,
            "a duration is in ms, s, min, h; a share is in %"
        );
        assert_eq!(refusal("5").0, "the unit is missing");
        assert_eq!(refusal("-5ms").0, "a duration cannot be negative");
        assert_eq!(refusal("1.2.3s").0, "\"1.2.3\" is not a number");
        assert_eq!(refusal("25h").1, "a duration is at most 24h");
        for text in ["", "s", "NaNs", "infs", "1e3s", "١s", "--1s", ".s", "+s"] {
            assert!(parse(text, &[&DURATION]).is_err(), "{text:?}");
        }
        let endless = format!("{}s", "9".repeat(400));
        assert!(parse(&endless, &[&DURATION]).is_err());
    }
}
