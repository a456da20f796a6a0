//! What reports for people have in common: which rows and findings are shown, and sentences about the run.

mod owners;
mod pen;
mod run;
mod schema;
mod screen;
mod selection;
mod since;

pub use owners::{WHO, attributed, brought};
pub use pen::{Pen, SENTENCE};
pub use run::{count, headline, next, outcomes, quoted, stop, trials};
pub use schema::{baseline_schema, examination_schema, schema};
pub use screen::{INTERACTIONS, LIMITS, interactions, limits, title};
pub use selection::{
    ASKED_AGAIN, EXPLORATORY, Effects, WHY_AGAIN, doubts, effects, exploratory, findings,
    idle_tags, is_forbidden, looks, severity, suspected, unexamined,
};
pub use since::terms;
