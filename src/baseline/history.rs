use std::collections::BTreeMap;

use crate::model::{Baseline, BaselineCell, PastCell, PastRun};

/// `new` with the runs that were accepted before it, the last `keep` of them.
///
/// Accepting the same run again replaces it and makes no history.
pub fn followed(old: &Baseline, new: Baseline, keep: usize) -> Baseline {
    let mut history = old.history.clone();
    if old.run != new.run {
        history.push(past(old));
    }
    let surplus = history.len().saturating_sub(keep);
    history.drain(..surplus);
    Baseline { history, ..new }
}

fn past(baseline: &Baseline) -> PastRun {
    let cost = |cell: &BaselineCell| PastCell {
        estimate: cell.estimate,
        interval: cell.interval,
        n: cell.differences().len(),
    };
    let costs = |cells: &BTreeMap<String, BaselineCell>| {
        let cells = cells.iter();
        cells.map(|(id, cell)| (id.clone(), cost(cell))).collect()
    };
    let tags = baseline.tags.iter();
    PastRun {
        run: baseline.run.clone(),
        approval: baseline.approval.clone(),
        speed: baseline.speed.clone(),
        tags: tags
            .map(|(tag, cells)| (tag.clone(), costs(cells)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::pretend::baseline;
    use super::*;

    #[test]
    fn the_last_runs_are_kept_and_the_same_run_only_once() {
        let mut now = baseline("1", &[("chat", 1.0)]);
        for run in 2..=5 {
            let cost = f64::from(run);
            let next = baseline(&run.to_string(), &[("chat", cost)]);
            now = followed(&now, next, 3);
        }
        let runs: Vec<&str> = now.history.iter().map(|past| past.run.as_str()).collect();
        assert_eq!(runs, ["2", "3", "4"]);
        let last = &now.history[2].tags["chat"]["cpu"];
        assert_eq!((last.estimate, last.n), (Some(4.0), 2));
        let again = followed(&now, baseline("5", &[]), 3);
        assert_eq!(again.history, now.history);
        assert!(followed(&now, baseline("6", &[]), 0).history.is_empty());
    }
}
