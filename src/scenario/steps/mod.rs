//! What a visitor does on the page: one file per step.
//!
//! A step is a table with one key, `{ click = "#buy" }`; the key names the step and the file. To add one,
//! write a file with a type that implements `Act`, and give it a row in the table below.

mod click;
mod hover;
mod idle;
mod load;
mod press;
mod scroll;
mod r#type;
mod wait;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{Hands, StepError};
use crate::reader::{At, Noted, Value};

/// What a step must be able to do.
trait Act: Sized {
    /// The key that names the step; also the file's name.
    const ID: &'static str;
    /// One sentence for help.
    const WHAT: &'static str;
    /// As it stands in `steps`.
    const EXAMPLE: &'static str;

    fn read(value: Value<'_>) -> Result<Self, Noted>;

    /// The step in one line: `scroll by 3000px over 1.5s`.
    fn text(&self) -> String;

    /// How long the step takes on a page that answers at once; `None` if the page alone decides.
    fn expected(&self) -> Option<Duration>;

    /// Does it. The error says what was seen instead of what the step needs.
    async fn act(&self, hands: &mut impl Hands) -> Result<(), StepError>;
}

/// One row of [`ALL`].
pub struct StepRow {
    pub id: &'static str,
    /// One sentence for help.
    pub what: &'static str,
    /// As it stands in `steps`.
    pub example: &'static str,
    read: fn(Value<'_>) -> Result<Step, Noted>,
}

macro_rules! steps {
    ($($Name:ident in $module:ident,)*) => {
        $(pub use $module::$Name;)*

        /// One step with its settings.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Step { $($Name($Name)),* }

        /// All steps.
        pub static ALL: &[StepRow] = &[$(StepRow {
            id: $Name::ID,
            what: $Name::WHAT,
            example: $Name::EXAMPLE,
            read: |value| $Name::read(value).map(Step::$Name),
        }),*];

        impl Step {
            /// The step's id: `scroll`.
            pub fn kind(&self) -> &'static str {
                match self { $(Step::$Name(_) => $Name::ID),* }
            }

            /// The step in one line: `scroll by 3000px over 1.5s`.
            pub fn text(&self) -> String {
                match self { $(Step::$Name(step) => step.text()),* }
            }

            /// How long the step takes on a page that answers at once; `None` if the page alone decides.
            pub fn expected(&self) -> Option<Duration> {
                match self { $(Step::$Name(step) => step.expected()),* }
            }

            /// Carries the step out.
            ///
            /// # Errors
            /// The page is not as the step needs it, or is gone.
            pub async fn act(&self, hands: &mut impl Hands) -> Result<(), StepError> {
                match self { $(Step::$Name(step) => step.act(hands).await),* }
            }
        }
    };
}

steps! {
    Load in load,
    Scroll in scroll,
    Click in click,
    Type in r#type,
    Press in press,
    Hover in hover,
    Wait in wait,
    Idle in idle,
}

/// A step, and the line of the scenario on which it stands, from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlacedStep {
    pub step: Step,
    pub line: usize,
}

/// Reads `steps`: at least one, the first of which opens a page.
pub(super) fn read(list: Value<'_>) -> Result<Vec<At<PlacedStep>>, Noted> {
    let place = list.clone();
    let steps = list.list(|step| step.at(read_one))?;
    match steps.first() {
        None => Err(place.refuse("is empty: begin with `{ load = \"/\" }`")),
        Some(first) if !matches!(first.value.step, Step::Load(_)) => {
            let message = "no page is open yet: the first step must be `load`";
            let help = "begin with `{ load = \"/\" }`";
            let notes = place.notes();
            Err(notes.refuse_with(first.span.clone(), message, help))
        }
        Some(_) => Ok(steps),
    }
}

fn read_one(step: Value<'_>) -> Result<PlacedStep, Noted> {
    let line = step.line();
    step.table(|fields| {
        fields.call_keys("step");
        let ids: Vec<_> = ALL.iter().map(|row| row.id).collect();
        let (at, value) = fields.one_of(&ids)?;
        let step = (ALL[at].read)(value.such_as(ALL[at].example))?;
        Ok(PlacedStep { step, line })
    })
}

/// `1.5s`, `100ms`
fn spell(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    if milliseconds >= 1e3 {
        format!("{}s", milliseconds / 1e3)
    } else {
        format!("{milliseconds}ms")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::scenario::pretend::step;

    #[test]
    fn every_file_has_its_row_under_its_own_name() {
        let folder = std::fs::read_dir("src/scenario/steps").unwrap();
        let files = folder.map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut files: BTreeSet<String> = files
            .map(|file| file.trim_end_matches(".rs").to_owned())
            .collect();
        files.remove("mod");
        let rows: BTreeSet<String> = ALL.iter().map(|row| row.id.to_owned()).collect();
        assert_eq!(files, rows);
        assert_eq!(rows.len(), ALL.len());
    }

    #[test]
    fn every_example_is_the_step_that_it_explains() {
        for row in ALL {
            let step = step(row.example);
            assert_eq!(step.kind(), row.id);
            assert!(step.text().starts_with(row.id), "{}", step.text());
            let stored = serde_json::to_string(&step).unwrap();
            assert_eq!(serde_json::from_str::<Step>(&stored).unwrap(), step);
        }
    }
}
