use std::collections::BTreeSet;

use crate::model::{Baseline, Mismatch};

/// What accepting a run would change.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The conditions of measurement.
    Condition(Mismatch),
    /// A tag that the baseline does not have yet.
    TagAdded { tag: String },
    /// A tag that the run no longer has.
    TagRemoved { tag: String },
    /// A tag's cost, in the metric's unit.
    Cost {
        tag: String,
        metric: String,
        from: Option<f64>,
        to: Option<f64>,
    },
}

/// All changes from one baseline to another, in the order of their names.
pub fn changes(from: &Baseline, to: &Baseline) -> Vec<Change> {
    let mut changes: Vec<Change> = from
        .fingerprint
        .differences(&to.fingerprint)
        .into_iter()
        .map(Change::Condition)
        .collect();
    let tags: BTreeSet<&String> = from.tags.keys().chain(to.tags.keys()).collect();
    for tag in tags {
        match (from.tags.get(tag), to.tags.get(tag)) {
            (None, _) => changes.push(Change::TagAdded { tag: tag.clone() }),
            (_, None) => changes.push(Change::TagRemoved { tag: tag.clone() }),
            (Some(old), Some(new)) => {
                let metrics: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
                for metric in metrics {
                    let (old, new) = (old.get(metric), new.get(metric));
                    if old.map(|c| (&c.with, &c.without)) != new.map(|c| (&c.with, &c.without)) {
                        changes.push(Change::Cost {
                            tag: tag.clone(),
                            metric: metric.clone(),
                            from: old.and_then(|cell| cell.estimate),
                            to: new.and_then(|cell| cell.estimate),
                        });
                    }
                }
            }
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{Approval, BaselineCell, Fingerprint};

    fn baseline(browser: &str, tags: &[(&str, f64)]) -> Baseline {
        let cell = |cost: f64| BaselineCell {
            estimate: Some(cost),
            interval: None,
            without: vec![Some(1.0)],
            with: vec![Some(1.0 + cost)],
        };
        Baseline {
            format: Baseline::FORMAT,
            scenario: "s".into(),
            run: "r".into(),
            approval: Approval {
                by: "a".into(),
                at: "t".into(),
                reason: "w".into(),
                commit: None,
            },
            fingerprint: Fingerprint(BTreeMap::from([("browser".into(), browser.into())])),
            tags: tags
                .iter()
                .map(|(tag, cost)| ((*tag).into(), BTreeMap::from([("cpu".into(), cell(*cost))])))
                .collect(),
        }
    }

    #[test]
    fn every_kind_of_change_is_told() {
        let old = baseline("156", &[("chat", 5.0), ("gone", 1.0), ("still", 2.0)]);
        let new = baseline("157", &[("chat", 9.0), ("new", 1.0), ("still", 2.0)]);
        let changes = changes(&old, &new);
        assert_eq!(changes.len(), 4);
        assert!(matches!(&changes[0], Change::Condition(m) if m.run == "157"));
        assert!(
            matches!(&changes[1], Change::Cost { from: Some(from), to: Some(to), .. } if *from == 5.0 && *to == 9.0)
        );
        assert_eq!(changes[2], Change::TagRemoved { tag: "gone".into() });
        assert_eq!(changes[3], Change::TagAdded { tag: "new".into() });
    }

    #[test]
    fn nothing_changed_is_an_empty_list() {
        let same = baseline("156", &[("chat", 5.0)]);
        assert!(super::changes(&same, &same).is_empty());
    }
}
