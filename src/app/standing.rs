//! How a run stands to its baseline: comparable or not, and on what terms.

use std::path::Path;

use crate::baseline::BaselineError;
use crate::compare;
use crate::model::{
    Baseline, BaselineUse, Design, Environment, Mismatch, RunHeader, Sample, Speed,
};
use crate::report::quoted;

/// A baseline with the file that it came from.
pub struct Accepted {
    pub file: String,
    /// What it holds, or why it cannot be used.
    pub baseline: Result<Baseline, BaselineError>,
    /// The command that makes the run at hand the baseline.
    pub renew: String,
}

impl Accepted {
    /// Names the folder of the run that is compared.
    pub(super) fn for_run(self, dir: &Path, baselines: &Path) -> Self {
        let mut renew = format!(
            "tagperf baseline accept {} --reason \"…\"",
            quoted(&dir.display().to_string())
        );
        if baselines != Path::new("baselines") {
            let baselines = quoted(&baselines.display().to_string());
            renew += &format!(" --baselines {baselines}");
        }
        Self { renew, ..self }
    }
}

/// What can be said of a run with these samples, measured in `environment`.
pub(super) fn standing(
    header: &RunHeader,
    environment: &Environment,
    samples: &[Sample],
    accepted: Option<&Accepted>,
) -> BaselineUse {
    let Some(accepted) = accepted else {
        return BaselineUse::None;
    };
    let baseline = match &accepted.baseline {
        Ok(baseline) => baseline,
        Err(error) => return not_comparable(accepted, vec![error.mismatch()]),
    };
    if header.plan.design == Design::Screen {
        let differs = Mismatch {
            what: "the design".into(),
            baseline: "blocks for each tag".into(),
            run: "a screen of many tags, in which none has samples of its own".into(),
        };
        let file = quoted(&header.scenario.file);
        return BaselineUse::NotComparable {
            file: accepted.file.clone(),
            differences: vec![differs],
            renew: format!("tagperf run {file} --design blocks"),
        };
    }
    let now = compare::speed(environment);
    let mut differences = baseline.fingerprint.differences(&header.fingerprint);
    let speed = match compare::speed_ratio(&baseline.speed, &now) {
        Ok(speed) if differences.is_empty() => speed,
        Ok(_) => return not_comparable(accepted, differences),
        Err(mismatch) => {
            differences.push(mismatch);
            return not_comparable(accepted, differences);
        }
    };
    let (page, page_not_compared) = if baseline.speed.is_like(&now) {
        let contrasts = &header.plan.contrasts;
        let page = compare::page_changes(samples, contrasts, &header.gate, baseline);
        (page, None)
    } else {
        (vec![], Some(why_not(&baseline.speed, &now)))
    };
    BaselineUse::Compared {
        file: accepted.file.clone(),
        run: baseline.run.clone(),
        accepted: format!("{} by {}", baseline.approval.at, baseline.approval.by),
        speed,
        page,
        page_not_compared,
    }
}

fn not_comparable(accepted: &Accepted, differences: Vec<Mismatch>) -> BaselineUse {
    BaselineUse::NotComparable {
        file: accepted.file.clone(),
        differences,
        renew: accepted.renew.clone(),
    }
}

fn why_not(then: &Speed, now: &Speed) -> String {
    format!(
        "the page's own times are compared on one machine at one CPU slowdown only: they were measured on {}, and now on {}",
        then.machine(),
        now.machine()
    )
}
