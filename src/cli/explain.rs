use anyhow::{Result, bail};
use clap::Args;

use crate::app;

use super::say;

/// Say what a metric, finding or outcome means
#[derive(Args)]
#[command(after_help = "Examples:
  tagperf explain
  tagperf explain runaway_scroll")]
pub(super) struct Explain {
    /// An id from a report; without one, all ids are listed
    id: Option<String>,
}

impl Explain {
    pub fn execute(self) -> Result<u8> {
        let Some(id) = self.id else {
            let list: String = app::topics()
                .iter()
                .map(|topic| format!("{:<18} {}\n", topic.id, topic.kind))
                .collect();
            say(&list)?;
            return Ok(0);
        };
        match app::explain(&id) {
            Ok(topic) => say(&format!(
                "{} ({})\n\n{}\n",
                topic.id, topic.kind, topic.text
            ))?,
            Err(near) if near.is_empty() => {
                bail!("nothing is called `{id}`: see `tagperf explain` for all ids")
            }
            Err(near) => bail!(
                "nothing is called `{id}`: did you mean `{}`?",
                near.join("`, `")
            ),
        }
        Ok(0)
    }
}
