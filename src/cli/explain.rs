use anyhow::{Result, bail};
use clap::Args;

use crate::app::{self, Topic};

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
            say(&list(&app::topics()))?;
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

/// All ids, group by group, each with a few words.
fn list(topics: &[Topic]) -> String {
    let wide = topics.iter().map(|topic| topic.id.len()).max().unwrap_or(0);
    let groups = topics.chunk_by(|a, b| a.group == b.group);
    let groups: Vec<String> = groups
        .map(|topics| {
            let group = topics.first().map_or("", |topic| topic.group);
            let lines = topics
                .iter()
                .map(|topic| format!("  {:wide$}  {}\n", topic.id, topic.name));
            format!("{group}\n{}", lines.collect::<String>())
        })
        .collect();
    groups.join("\n")
}
