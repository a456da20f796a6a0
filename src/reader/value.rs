use std::ops::RangeInclusive;
use std::time::Duration;

use toml::de::{DeFloat, DeInteger, DeValue};

use super::fields::{Fields, found};
use super::mistakes::Span;
use super::nearest::{instead, listed};
use super::notes::{Noted, Notes};
use super::quantity::{self, DURATION, LENGTH, PERCENT, Quantity, RATE, SIZE};

/// A value of the file, and where it stands.
#[derive(Clone)]
pub struct Value<'t> {
    notes: &'t Notes<'t>,
    name: &'t str,
    name_span: Span,
    value: &'t DeValue<'t>,
    span: Span,
    example: Option<&'static str>,
}

/// Something read, and where it stands: for mistakes that show later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    pub value: T,
    pub span: Span,
}

impl<'t> Value<'t> {
    pub(super) fn new(
        notes: &'t Notes<'t>,
        name: &'t str,
        name_span: Span,
        value: &'t DeValue<'t>,
        span: Span,
    ) -> Self {
        Self {
            notes,
            name,
            name_span,
            value,
            span,
            example: None,
        }
    }

    /// What to write instead of a value of the wrong type.
    pub fn such_as(self, example: &'static str) -> Self {
        let example = Some(example);
        Self { example, ..self }
    }

    /// Where mistakes are noted that concern several values.
    pub fn notes(&self) -> &'t Notes<'t> {
        self.notes
    }

    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// Bytes of the key that the value was given for.
    pub fn key_span(&self) -> Span {
        self.name_span.clone()
    }

    /// The line on which the value begins, from 1.
    pub fn line(&self) -> usize {
        self.notes.line(self.span.start)
    }

    pub fn is_text(&self) -> bool {
        self.value.is_str()
    }

    pub fn is_table(&self) -> bool {
        self.value.is_table()
    }

    /// Notes that the value will not do.
    pub fn refuse(&self, message: impl AsRef<str>) -> Noted {
        self.notes.refuse(self.span(), self.named(message))
    }

    /// Notes that the value will not do, and what would.
    pub fn refuse_with(&self, message: impl AsRef<str>, help: impl Into<String>) -> Noted {
        self.notes
            .refuse_with(self.span(), self.named(message), help)
    }

    fn named(&self, message: impl AsRef<str>) -> String {
        format!("`{}`: {}", self.name, message.as_ref())
    }

    fn unexpected(&self, wanted: &str) -> Noted {
        let message = format!("expected {wanted}, found {}", found(self.value));
        match self.example {
            Some(example) => self.refuse_with(message, format!("for instance {example}")),
            None => self.refuse(message),
        }
    }

    /// What `read` makes of the value, with its place.
    pub fn at<T>(self, read: impl FnOnce(Self) -> Result<T, Noted>) -> Result<At<T>, Noted> {
        let span = self.span();
        Ok(At {
            value: read(self)?,
            span,
        })
    }

    /// A text that is more than blanks.
    pub fn text(self) -> Result<String, Noted> {
        match self.value {
            DeValue::String(text) if text.trim().is_empty() => Err(self.refuse("is empty")),
            DeValue::String(text) => Ok(text.to_string()),
            _ => Err(self.unexpected("a text")),
        }
    }

    /// A text that may serve as the name of a file and within HTML: letters, digits, `.`, `_`, `-`.
    pub fn name(self) -> Result<String, Noted> {
        let value = self.clone();
        let name = self.text()?;
        if is_name(&name) {
            return Ok(name);
        }
        Err(value.refuse_with(format!("{name:?} is no name"), NAME_RULE))
    }

    pub fn boolean(self) -> Result<bool, Noted> {
        self.value
            .as_bool()
            .ok_or_else(|| self.unexpected("`true` or `false`"))
    }

    /// A whole number within `range`.
    pub fn integer(self, range: RangeInclusive<u64>) -> Result<u64, Noted> {
        let (least, most) = (range.start(), range.end());
        let wanted = format!("a whole number from {least} to {most}");
        let number = self.value.as_integer().and_then(whole);
        number
            .filter(|number| range.contains(number))
            .ok_or_else(|| self.unexpected(&wanted))
    }

    /// A number within `range`, whole or not.
    pub fn number(self, range: RangeInclusive<f64>) -> Result<f64, Noted> {
        let (least, most) = (range.start(), range.end());
        let wanted = if *most == f64::MAX {
            format!("a number not below {least}")
        } else {
            format!("a number from {least} to {most}")
        };
        let number = match self.value {
            DeValue::Integer(number) => whole(number).map(|number| number as f64),
            DeValue::Float(number) => fraction(number),
            _ => None,
        };
        number
            .filter(|number| range.contains(number))
            .ok_or_else(|| self.unexpected(&wanted))
    }

    /// One of several words, and what it stands for.
    pub fn choice<T: Copy>(self, words: &[(&'static str, T)]) -> Result<T, Noted> {
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let Some(text) = self.value.as_str() else {
            let names = listed(names.iter().copied());
            return Err(self.unexpected(&format!("one of {names}")));
        };
        match words.iter().find(|(word, _)| *word == text) {
            Some((_, meaning)) => Ok(*meaning),
            None => {
                let message = self.named(format!("{text:?} is none of the choices"));
                let help = instead(text, &names, "choices").unwrap_or_default();
                Err(self.notes.refuse_with(self.span(), message, help))
            }
        }
    }

    /// A number with a unit of one of `kinds`: which one, and the value in its base unit.
    pub fn quantity(self, kinds: &[&Quantity]) -> Result<(usize, f64), Noted> {
        let Some(text) = self.value.as_str() else {
            let examples: Vec<String> = kinds
                .iter()
                .map(|kind| format!("{} such as {:?}", kind.what, kind.example))
                .collect();
            let wanted = examples.join(" or ");
            return Err(match (self.value, kinds) {
                (DeValue::Integer(_) | DeValue::Float(_), [kind, ..]) => self.refuse_with(
                    format!("expected {wanted}, found {}", found(self.value)),
                    format!("write it with its unit: in {}", kind.names()),
                ),
                _ => self.unexpected(&wanted),
            });
        };
        quantity::parse(text, kinds).map_err(|(message, help)| self.refuse_with(message, help))
    }

    /// `"1.5s"`; zero is a duration too.
    pub fn duration(self) -> Result<Duration, Noted> {
        let (_, milliseconds) = self.quantity(&[&DURATION])?;
        Ok(Duration::from_secs_f64(milliseconds / 1e3))
    }

    /// `"1.5s"`, and more than zero.
    pub fn some_time(self) -> Result<Duration, Noted> {
        let value = self.clone();
        match self.duration()? {
            Duration::ZERO => Err(value.refuse("must be more than zero")),
            time => Ok(time),
        }
    }

    /// `"3000px"`, in CSS pixels.
    pub fn length(self) -> Result<f64, Noted> {
        Ok(self.quantity(&[&LENGTH])?.1)
    }

    /// `"20kB"`, in bytes.
    pub fn size(self) -> Result<f64, Noted> {
        Ok(self.quantity(&[&SIZE])?.1)
    }

    /// `"1600kbps"`, in bits per second.
    pub fn rate(self) -> Result<f64, Noted> {
        Ok(self.quantity(&[&RATE])?.1)
    }

    /// `"5%"`: 0.05.
    pub fn percent(self) -> Result<f64, Noted> {
        Ok(self.quantity(&[&PERCENT])?.1 / 100.0)
    }

    /// A table; its unknown keys are noted after `read`.
    pub fn table<T>(
        self,
        read: impl FnOnce(&mut Fields<'t>) -> Result<T, Noted>,
    ) -> Result<T, Noted> {
        let Some(table) = self.value.as_table() else {
            return Err(self.unexpected("a table"));
        };
        let mut fields = Fields::new(self.notes, table, self.span.clone());
        let outcome = read(&mut fields);
        fields.close();
        outcome
    }

    /// The values of a table whose keys are not known in advance, and each key as a value that stands where the
    /// key does: for mistakes in the key itself.
    pub fn entries(self) -> Result<Vec<(Self, Self)>, Noted> {
        let Some(table) = self.value.as_table() else {
            return Err(self.unexpected("a table"));
        };
        let mut entries = Vec::new();
        for (key, value) in table {
            let at = |place| {
                let name = key.get_ref().as_ref();
                Value::new(self.notes, name, key.span(), value.get_ref(), place)
            };
            entries.push((at(key.span()), at(value.span())));
        }
        entries.sort_by_key(|(key, _): &(Self, Self)| key.span.start);
        Ok(entries)
    }

    /// The key that the value was given for.
    pub fn key(&self) -> &'t str {
        self.name
    }

    /// A list; mistakes of all its values are noted.
    pub fn list<T>(
        self,
        mut read: impl FnMut(Value<'t>) -> Result<T, Noted>,
    ) -> Result<Vec<T>, Noted> {
        let Some(list) = self.value.as_array() else {
            if self.value.is_table() && self.notes.is_header(&self.span) {
                let help = format!("there may be several: write `[[{}]]`", self.name);
                return Err(self.refuse_with("expected a list of tables, found one table", help));
            }
            return Err(self.unexpected("a list"));
        };
        let each = list.iter().map(|value| {
            let span = value.span();
            Value::new(
                self.notes,
                self.name,
                self.name_span.clone(),
                value.get_ref(),
                span,
            )
        });
        let read: Vec<_> = each.map(&mut read).collect();
        read.into_iter().collect()
    }
}

const NAME_RULE: &str = "a name has letters, digits, `.`, `_` and `-`, begins with a letter or digit, and is at most 100 long";

/// Is `text` what [`Value::name`] accepts?
pub fn is_name(text: &str) -> bool {
    text.len() <= 100
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

fn whole(number: &DeInteger<'_>) -> Option<u64> {
    u64::from_str_radix(number.as_str(), number.radix()).ok()
}

fn fraction(number: &DeFloat<'_>) -> Option<f64> {
    let number: f64 = number.as_str().parse().ok()?;
    number.is_finite().then_some(number)
}
