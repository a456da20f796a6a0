use std::collections::BTreeSet;

use crate::model::{Baseline, BaselineCell, Certificate, Interval, Mismatch};

/// What accepting a run would change.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The conditions of measurement.
    Condition(Mismatch),
    /// What the page measured against itself proved.
    Certificate {
        from: Option<Certificate>,
        to: Option<Certificate>,
    },
    /// A tag that the baseline does not have yet.
    TagAdded { tag: String },
    /// A tag that the run no longer has.
    TagRemoved { tag: String },
    /// A tag's cost, in the metric's unit.
    Cost {
        tag: String,
        metric: String,
        from: Option<Cost>,
        to: Option<Cost>,
    },
    /// What the gate tolerates, in the metric's unit.
    Margin {
        tag: String,
        metric: String,
        from: f64,
        to: f64,
    },
    /// The smallest effect that the run would have shown.
    NoiseFloor {
        tag: String,
        metric: String,
        from: Option<f64>,
        to: Option<f64>,
    },
}

/// A cost with its interval and the number of its pairs.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    pub estimate: Option<f64>,
    pub interval: Option<Interval>,
    pub n: usize,
}

impl Cost {
    fn of(cell: &BaselineCell) -> Self {
        Self {
            estimate: cell.estimate,
            interval: cell.interval,
            n: cell.differences().len(),
        }
    }
}

/// All changes from one baseline to another: conditions, then tags in the order of their names.
pub fn changes(from: &Baseline, to: &Baseline) -> Vec<Change> {
    let mut changes: Vec<Change> = from
        .fingerprint
        .differences(&to.fingerprint)
        .into_iter()
        .chain(other_facts(from, to))
        .map(Change::Condition)
        .collect();
    if from.certificate != to.certificate {
        changes.push(Change::Certificate {
            from: from.certificate.clone(),
            to: to.certificate.clone(),
        });
    }
    let tags: BTreeSet<&String> = from.tags.keys().chain(to.tags.keys()).collect();
    for tag in tags {
        match (from.tags.get(tag), to.tags.get(tag)) {
            (None, _) => changes.push(Change::TagAdded { tag: tag.clone() }),
            (_, None) => changes.push(Change::TagRemoved { tag: tag.clone() }),
            (Some(old), Some(new)) => {
                let metrics: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
                for metric in metrics {
                    let (old, new) = (old.get(metric), new.get(metric));
                    changes.extend(of_cell(tag, metric, old, new));
                }
            }
        }
    }
    changes
}

/// What may differ between two runs that are comparable all the same.
fn other_facts(from: &Baseline, to: &Baseline) -> impl Iterator<Item = Mismatch> {
    let facts = |of: &Baseline| {
        let loops = of.speed.calibration_ms;
        [
            ("exact browser", of.browser.clone()),
            ("tagperf", of.tagperf.clone()),
            ("machine", of.speed.machine()),
            (
                "calibration",
                loops.map_or("none".into(), |ms| format!("{ms:.1} ms")),
            ),
        ]
    };
    let pairs = facts(from).into_iter().zip(facts(to));
    pairs.filter_map(|((what, then), (_, now))| {
        (then != now).then(|| Mismatch {
            what: what.into(),
            baseline: then,
            run: now,
        })
    })
}

fn of_cell(
    tag: &str,
    metric: &str,
    old: Option<&BaselineCell>,
    new: Option<&BaselineCell>,
) -> Vec<Change> {
    let (tag, metric) = (tag.to_owned(), metric.to_owned());
    let mut changes = Vec::new();
    if old.map(|c| (&c.with, &c.without)) != new.map(|c| (&c.with, &c.without)) {
        changes.push(Change::Cost {
            tag: tag.clone(),
            metric: metric.clone(),
            from: old.map(Cost::of),
            to: new.map(Cost::of),
        });
    }
    let (Some(old), Some(new)) = (old, new) else {
        return changes;
    };
    if old.margin != new.margin {
        changes.push(Change::Margin {
            tag: tag.clone(),
            metric: metric.clone(),
            from: old.margin,
            to: new.margin,
        });
    }
    if old.detectable != new.detectable {
        changes.push(Change::NoiseFloor {
            tag,
            metric,
            from: old.detectable,
            to: new.detectable,
        });
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::super::pretend::{baseline, examination};
    use super::*;

    #[test]
    fn every_kind_of_change_is_told() {
        let old = baseline("1", &[("chat", 5.0), ("gone", 1.0), ("still", 2.0)]);
        let mut new = baseline("2", &[("chat", 9.0), ("new", 1.0), ("still", 2.0)]);
        new.fingerprint.0.insert("browser".into(), "157".into());
        new.speed.cpu_model = "EPYC".into();
        new.certificate = Some(examination().session.unwrap().certificate);
        let still = new.tags.get_mut("still").unwrap().get_mut("cpu").unwrap();
        (still.margin, still.detectable) = (20.0, Some(4.0));
        let changes = changes(&old, &new);
        assert!(matches!(&changes[0], Change::Condition(m) if m.run == "157"));
        assert!(matches!(&changes[1], Change::Condition(m) if m.run.contains("EPYC")));
        assert!(matches!(
            &changes[2],
            Change::Certificate { from: None, .. }
        ));
        let costs = |from: &Cost, to: &Cost| (from.estimate, to.estimate, from.n);
        assert!(
            matches!(&changes[3], Change::Cost { from: Some(from), to: Some(to), .. }
                if costs(from, to) == (Some(5.0), Some(9.0), 2))
        );
        assert_eq!(changes[4], Change::TagRemoved { tag: "gone".into() });
        assert_eq!(changes[5], Change::TagAdded { tag: "new".into() });
        assert!(matches!(&changes[6], Change::Margin { to, .. } if *to == 20.0));
        assert!(matches!(&changes[7], Change::NoiseFloor { to, .. } if *to == Some(4.0)));
        assert_eq!(changes.len(), 8);
    }

    #[test]
    fn nothing_changed_is_an_empty_list() {
        let same = baseline("1", &[("chat", 5.0)]);
        assert!(super::changes(&same, &same).is_empty());
    }
}
