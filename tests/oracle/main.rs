//! Every statistic against reference values that other programs computed.

mod decide;
mod describe;
mod ranks;

use serde_json::Value;
use tagperf::stats::Alternative;

fn oracle() -> Value {
    let text = include_str!("../data/oracle.json");
    serde_json::from_str(text).expect("the oracle is JSON")
}

fn datasets() -> Vec<Value> {
    let sets = oracle()["datasets"].as_array().expect("a list").clone();
    assert_eq!(sets.len(), 31);
    sets
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list of numbers");
    list.iter().map(|v| v.as_f64().expect("a number")).collect()
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("{value} is no number"))
}

fn samples(set: &Value) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let (x, y) = (numbers(&set["x"]), numbers(&set["y"]));
    let d = x.iter().zip(&y).map(|(x, y)| y - x).collect();
    (x, y, d)
}

fn negated(d: &[f64]) -> Vec<f64> {
    d.iter().map(|v| -v).collect()
}

/// Equal to 1e-9, relative to the larger of the expected value and `scale`.
#[track_caller]
fn close_on(scale: f64, got: f64, want: f64, what: &str) {
    let off = (got - want).abs();
    assert!(
        off <= 1e-9 * want.abs().max(scale),
        "{what}: {got} for {want}"
    );
}

#[track_caller]
fn close(got: f64, want: f64, what: &str) {
    close_on(1.0, got, want, what);
}

/// For values in the data's own unit, which may be 1e-6 or 1e12.
#[track_caller]
fn close_in_unit(got: f64, want: f64, what: &str) {
    close_on(f64::MIN_POSITIVE, got, want, what);
}

fn alternative(name: &str) -> Alternative {
    match name {
        "greater" => Alternative::Greater,
        "less" => Alternative::Less,
        "two-sided" => Alternative::TwoSided,
        other => panic!("{other}"),
    }
}
