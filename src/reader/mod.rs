//! TOML in, typed values out, with every mistake of a file in one go, each at its line and column.
//!
//! The reader knows the grammar of values (texts, durations, sizes, tables…) and nothing of what they are for.
//! [`read`] hands the top level to a closure; the closure asks [`Fields`] for keys and [`Value`] for types.
//! Whatever is wrong is noted where it stands, and what comes back is a [`Noted`] as proof of that. So the
//! closure first asks for all keys and only then gives up (`?`), and a key nobody asked for is unknown.

mod fields;
mod headers;
mod mistakes;
mod nearest;
mod notes;
mod paths;
mod quantity;
mod value;

use toml::de::DeTable;

pub use fields::Fields;
pub use mistakes::{Mistake, Mistakes, Span};
pub use nearest::nearest;
pub use notes::{Noted, Notes};
pub use quantity::{DURATION, PERCENT, Quantity, SIZE};
pub use value::{At, Value, is_name};

/// Reads `text`; `file` is its name in messages.
///
/// # Errors
/// All mistakes, in the order of the file. Mistakes in the syntax of TOML hide all others: what stands
/// behind one may be read in a wrong way.
pub fn read<T>(
    file: &str,
    text: &str,
    reading: impl FnOnce(&mut Fields<'_>) -> Result<T, Noted>,
) -> Result<T, Mistakes> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mistakes = if errors.is_empty() {
        let notes = Notes::new(text);
        let mut fields = Fields::new(&notes, root.get_ref(), 0..0);
        let outcome = reading(&mut fields);
        let top = fields.close();
        match (outcome, notes.settle(&top)) {
            (Ok(value), mistakes) if mistakes.is_empty() => return Ok(value),
            (_, mistakes) => mistakes,
        }
    } else {
        errors.iter().map(Mistake::from).collect()
    };
    Err(Mistakes::new(file, text, mistakes))
}

#[cfg(test)]
mod tests;
