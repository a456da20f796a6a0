use toml::de::{DeTable, DeValue};

use super::mistakes::Span;
use super::nearest::listed;
use super::notes::{Missing, Noted, Notes, TableId, Unknown};
use super::value::Value;

/// The keys of one table.
///
/// Keys that are never asked for are unknown, so ask for all of them before giving up on one.
pub struct Fields<'t> {
    notes: &'t Notes<'t>,
    table: &'t DeTable<'t>,
    id: TableId,
    span: Span,
    noun: &'static str,
    known: Vec<&'static str>,
    refused: Vec<&'static str>,
}

impl<'t> Fields<'t> {
    pub(super) fn new(notes: &'t Notes<'t>, table: &'t DeTable<'t>, span: Span) -> Self {
        Self {
            notes,
            table,
            id: notes.new_table(),
            span,
            noun: "key",
            known: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Where mistakes are noted that concern several values.
    pub fn notes(&self) -> &'t Notes<'t> {
        self.notes
    }

    /// The line on which the table begins, from 1.
    pub fn line(&self) -> usize {
        self.notes.line(self.span.start)
    }

    /// What the table's keys are called in messages: `step`.
    pub fn call_keys(&mut self, noun: &'static str) {
        self.noun = noun;
    }

    /// A key that is understood, and will not do: it is not among those that messages list.
    pub fn refuse(&mut self, key: &'static str, why: &str, help: &str) -> Result<(), Noted> {
        self.refused.push(key);
        match self.value(key) {
            Some(value) => Err(value.refuse_with(why, help)),
            None => Ok(()),
        }
    }

    /// The value of `key`, if it is there.
    pub fn optional<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Value<'t>) -> Result<T, Noted>,
    ) -> Result<Option<T>, Noted> {
        self.take(key).map(read).transpose()
    }

    /// The value of `key`, or `default`.
    pub fn or<T>(
        &mut self,
        key: &'static str,
        default: T,
        read: impl FnOnce(Value<'t>) -> Result<T, Noted>,
    ) -> Result<T, Noted> {
        self.take(key).map_or(Ok(default), read)
    }

    /// The value of `key`, which must be there.
    pub fn required<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Value<'t>) -> Result<T, Noted>,
    ) -> Result<T, Noted> {
        let (_, value) = self.one_of(&[key])?;
        read(value)
    }

    /// Which of `keys` is there, and its value: exactly one must be.
    pub fn one_of(&mut self, keys: &[&'static str]) -> Result<(usize, Value<'t>), Noted> {
        let mut there: Vec<_> = keys
            .iter()
            .enumerate()
            .filter_map(|(at, key)| Some((at, self.take(key)?)))
            .collect();
        there.sort_by_key(|(_, value)| value.key_span().start);
        let Some((at, last)) = there.pop() else {
            return Err(self.notes.missing(Missing {
                keys: keys.to_vec(),
                span: self.span.clone(),
                table: self.id,
            }));
        };
        if there.is_empty() {
            return Ok((at, last));
        }
        let others = listed(there.iter().map(|(at, _)| keys[*at]));
        let message = format!("`{}` cannot stand beside {others}: choose one", keys[at]);
        Err(self.notes.refuse(last.key_span(), message))
    }

    fn take(&mut self, key: &'static str) -> Option<Value<'t>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.value(key)
    }

    fn value(&self, key: &str) -> Option<Value<'t>> {
        let (name, value) = self.table.get_key_value(key)?;
        Some(Value::new(
            self.notes,
            name.get_ref(),
            name.span(),
            value.get_ref(),
            value.span(),
        ))
    }

    /// Notes the keys that nobody asked for, and tells those that were asked for.
    pub(super) fn close(self) -> Vec<&'static str> {
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if !self.known.contains(&name) && !self.refused.contains(&name) {
                self.notes.unknown(Unknown {
                    key: name.to_owned(),
                    span: key.span(),
                    table: self.id,
                    under_header: self.notes.is_header(&self.span),
                    noun: self.noun,
                    known: self.known.clone(),
                });
            }
        }
        self.known
    }
}

/// What a message calls a value that is not what was wanted.
pub(super) fn found(value: &DeValue<'_>) -> String {
    const LONGEST: usize = 40;
    match value {
        DeValue::String(text) if text.chars().count() <= LONGEST => format!("the text {text:?}"),
        DeValue::String(_) => "a long text".into(),
        DeValue::Integer(number) => format!("the integer {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(truth) => format!("`{truth}`"),
        DeValue::Datetime(_) => "a date".into(),
        DeValue::Array(_) => "a list".into(),
        DeValue::Table(_) => "a table".into(),
    }
}
