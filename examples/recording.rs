//! Makes a detector's test recording from a run: the first traced trial of each arm of its first tag.
//!
//! ```sh
//! cargo run --example recording -- RUN_DIR [CULPRIT] > tests/visits/<detector>.<fires|silent>.json
//! ```

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;
use tagperf::lab::Journal;
use tagperf::model::{Arm, Purpose, Visit};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let dir = arguments.next().context("which run's folder?")?;
    let culprit = arguments.next();
    let recorded = Journal::read(Path::new(&dir))?;
    let contrast = recorded
        .header
        .plan
        .contrasts
        .first()
        .context("the run has no tag")?;
    let visit = |arm: &Arm| -> Result<Visit> {
        let traced = recorded
            .trials
            .iter()
            .filter(|kept| kept.trial.slot.purpose == Purpose::Explain);
        let mut own = traced.filter(|kept| kept.trial.slot.arm == *arm);
        let kept = own.next().context("an arm has no traced trial")?;
        Ok(kept.trial.outcome.clone()?)
    };
    let recording = json!({
        "made_by": format!(
            "tagperf run {} --seed {}, {}",
            recorded.header.scenario.file, recorded.header.plan.seed, recorded.header.environment.browser
        ),
        "tag": recorded.header.tags[0],
        "culprit": culprit,
        "with": [visit(&contrast.with)?],
        "without": [visit(&contrast.without)?],
    });
    serde_json::to_writer(std::io::stdout(), &recording)?;
    Ok(())
}
