use std::cell::RefCell;

use super::mistakes::{Mistake, Span, position};
use super::nearest::{instead, listed, nearest};

/// Proof that a mistake was noted: only the reader makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noted(());

/// The mistakes of one file while it is read.
///
/// Unknown and missing keys are settled at the end, when it is known which keys exist elsewhere: a key in
/// the wrong table is misplaced rather than unknown, and a misspelt key is not missing as well.
pub struct Notes<'t> {
    text: &'t str,
    kept: RefCell<Kept>,
}

#[derive(Default)]
struct Kept {
    mistakes: Vec<Mistake>,
    tables: usize,
    unknown: Vec<Unknown>,
    missing: Vec<Missing>,
}

/// Which table of the file; the first is the top level.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct TableId(usize);

/// A key that nobody asked for.
pub(super) struct Unknown {
    pub key: String,
    pub span: Span,
    pub table: TableId,
    /// The table was opened by a `[header]`, which ends the top level.
    pub under_header: bool,
    /// What the keys of the table are: `key`, `step`.
    pub noun: &'static str,
    /// The keys that were asked for.
    pub known: Vec<&'static str>,
}

/// Keys of which one is required.
pub(super) struct Missing {
    pub keys: Vec<&'static str>,
    pub span: Span,
    pub table: TableId,
}

impl<'t> Notes<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            kept: RefCell::default(),
        }
    }

    /// Notes a mistake.
    pub fn refuse(&self, span: Span, message: impl Into<String>) -> Noted {
        self.note(span, message.into(), None)
    }

    /// Notes a mistake and what to do about it.
    pub fn refuse_with(
        &self,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Noted {
        self.note(span, message.into(), Some(help.into()))
    }

    /// Notes that `typed` is none of `names`; `noun` says what it would be: `metric`.
    pub fn refuse_name(&self, span: Span, noun: &str, typed: &str, names: &[&str]) -> Noted {
        let help = instead(typed, names, &format!("known {noun}s"));
        self.note(span, format!("unknown {noun} `{typed}`"), help)
    }

    /// The line of a byte, from 1.
    pub fn line(&self, byte: usize) -> usize {
        position(self.text, byte).0
    }

    fn note(&self, span: Span, message: String, help: Option<String>) -> Noted {
        self.kept.borrow_mut().mistakes.push(Mistake {
            span,
            message,
            help,
        });
        Noted(())
    }

    pub(super) fn new_table(&self) -> TableId {
        let mut kept = self.kept.borrow_mut();
        kept.tables += 1;
        TableId(kept.tables - 1)
    }

    pub(super) fn missing(&self, missing: Missing) -> Noted {
        self.kept.borrow_mut().missing.push(missing);
        Noted(())
    }

    pub(super) fn unknown(&self, unknown: Unknown) {
        self.kept.borrow_mut().unknown.push(unknown);
    }

    pub(super) fn is_header(&self, table: &Span) -> bool {
        self.text[table.clone()].starts_with('[')
    }

    /// All mistakes, in no order; `top` are the keys of the top level.
    pub(super) fn settle(self, top: &[&'static str]) -> Vec<Mistake> {
        let Kept {
            mut mistakes,
            unknown,
            missing,
            ..
        } = self.kept.into_inner();
        let missing = missing
            .iter()
            .filter(|missing| !unknown.iter().any(|key| key.explains(missing, top)));
        mistakes.extend(missing.map(Missing::mistake));
        mistakes.extend(unknown.iter().map(|key| key.mistake(top)));
        mistakes
    }
}

impl Unknown {
    fn misplaced(&self, top: &[&'static str]) -> bool {
        self.under_header && top.contains(&self.key.as_str())
    }

    /// `missing` would be there, were this key where and what it should be.
    fn explains(&self, missing: &Missing, top: &[&'static str]) -> bool {
        if self.misplaced(top) {
            return missing.table == TableId(0) && missing.keys.contains(&self.key.as_str());
        }
        let meant = nearest(&self.key, self.known.iter().copied());
        missing.table == self.table
            && (missing.keys.len() > 1 || meant.is_some_and(|key| missing.keys.contains(&key)))
    }

    fn mistake(&self, top: &[&'static str]) -> Mistake {
        let Self { key, noun, .. } = self;
        let here = format!("{noun}s here");
        let (message, help) = if self.misplaced(top) {
            (
                format!("`{key}` belongs at the top level: move it above the first `[table]`"),
                Some(format!("{here}: {}", listed(self.known.iter().copied()))),
            )
        } else {
            (
                format!("unknown {noun} `{key}`"),
                instead(key, &self.known, &here),
            )
        };
        Mistake {
            span: self.span.clone(),
            message,
            help,
        }
    }
}

impl Missing {
    fn mistake(&self) -> Mistake {
        let message = match self.keys.as_slice() {
            [key] => format!("`{key}` is missing"),
            keys => format!("one of {} is missing", listed(keys.iter().copied())),
        };
        Mistake {
            span: self.span.clone(),
            message,
            help: None,
        }
    }
}
