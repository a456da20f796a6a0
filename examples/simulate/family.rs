//! Many tags on many metrics in one run: who is blamed?

use tagperf::stats::{Rng, benjamini_hochberg, bonferroni, gate, schedule};

use super::noise::Noise;
use super::procedure::{blocks, differences, repeated};
use super::table::{Table, percent};

const RUNS: usize = 1000;
/// Rates near 1 % need more runs than powers do.
const CLEAN_RUNS: usize = 4000;
const TAGS: usize = 20;
pub const WEIGHTS: [f64; 6] = [0.30, 0.25, 0.15, 0.10, 0.10, 0.10];
pub const METRICS: usize = WEIGHTS.len();
/// The bad tags' cost beyond the margin on their first three metrics, in s.
const BEYOND: f64 = 1.25;
const BAD_METRICS: usize = 3;

type Rule = fn(&[Vec<f64>]) -> Vec<Vec<bool>>;

/// Which cells each rule blames.
const RULES: [(&str, Rule); 4] = [
    ("each cell at 1 %", |p| {
        let cell = |p: &f64| *p <= 0.01;
        p.iter().map(|tag| tag.iter().map(cell).collect()).collect()
    }),
    ("Bonferroni over all cells, 1 %", |p| {
        rejected(bonferroni(&p.concat()), 0.01)
    }),
    ("Benjamini-Hochberg, 5 %", |p| {
        rejected(benjamini_hochberg(&p.concat()), 0.05)
    }),
    ("the gate, 1 %", |p| {
        let judged = gate(p, &WEIGHTS, 0.01).expect("p-values");
        let blamed = |blamed: &[usize]| (0..METRICS).map(|m| blamed.contains(&m)).collect();
        judged.iter().map(|tag| blamed(&tag.blamed)).collect()
    }),
];

fn rejected(adjusted: Result<Vec<f64>, tagperf::stats::Error>, level: f64) -> Vec<Vec<bool>> {
    let adjusted = adjusted.expect("p-values");
    let tag = |p: &[f64]| p.iter().map(|p| *p <= level).collect();
    adjusted.chunks(METRICS).map(tag).collect()
}

#[derive(Clone, Copy, Default)]
struct Tally {
    runs_failed: usize,
    tags_flagged: usize,
    cells_found: usize,
    good_blamed: usize,
}

pub fn simulate() -> Table {
    let mut table = Table::new(
        &format!(
            "{TAGS} tags x {METRICS} metrics, correlation 0.6, logn, five looks up to 40 blocks; every good cell exactly at its margin; {CLEAN_RUNS} clean runs, {RUNS} of the others, in %; standard error at 1 %: 0.16 and 0.3."
        ),
        &[
            "rule",
            "clean run fails",
            "1 bad tag: flagged",
            "its bad cells found",
            "a good tag blamed",
            "4 bad tags: flagged",
            "their bad cells found",
            "a good tag blamed",
        ],
    );
    let tallies = [(0, CLEAN_RUNS), (1, RUNS), (4, RUNS)].map(|(bad, runs)| scenario(bad, runs));
    for (index, (name, _)) in RULES.iter().enumerate() {
        let mut cells = vec![percent(tallies[0][index].runs_failed, CLEAN_RUNS)];
        for (bad, tallies) in [(1, &tallies[1]), (4, &tallies[2])] {
            let tally = tallies[index];
            cells.push(percent(tally.tags_flagged, RUNS * bad));
            cells.push(percent(tally.cells_found, RUNS * bad * BAD_METRICS));
            cells.push(percent(tally.good_blamed, RUNS));
        }
        table.row(name, cells);
    }
    table
}

/// One tally per rule, with the first `bad` tags bad.
fn scenario(bad: usize, runs: usize) -> [Tally; 4] {
    let looks = schedule(TAGS as f64 / WEIGHTS[0], 40, 0.01).expect("a valid schedule");
    let mut rng = Rng::stream(105, bad as u64);
    let mut tallies = [Tally::default(); 4];
    for _ in 0..runs {
        let metrics = correlated(&mut rng, Noise::Logn, TAGS + 1, 40);
        let p: Vec<Vec<f64>> = (0..TAGS)
            .map(|tag| {
                let cell = |m: usize| {
                    let beyond = if tag < bad && m < BAD_METRICS {
                        BEYOND
                    } else {
                        0.0
                    };
                    let d = differences(&metrics[m][0], &metrics[m][tag + 1]);
                    let d: Vec<f64> = d.iter().map(|d| d + beyond).collect();
                    repeated(&d, &looks).last().map_or(1.0, |p| p.0)
                };
                (0..METRICS).map(cell).collect()
            })
            .collect();
        for (tally, (_, rule)) in tallies.iter_mut().zip(RULES) {
            let blamed = rule(&p);
            let flagged = |tag: &&Vec<bool>| tag.contains(&true);
            tally.runs_failed += usize::from(blamed.iter().any(|tag| flagged(&tag)));
            tally.tags_flagged += blamed[..bad].iter().filter(flagged).count();
            let found = |tag: &Vec<bool>| tag[..BAD_METRICS].iter().filter(|b| **b).count();
            tally.cells_found += blamed[..bad].iter().map(found).sum::<usize>();
            tally.good_blamed += usize::from(blamed[bad..].iter().any(|tag| flagged(&tag)));
        }
    }
    tallies
}

/// Loads by metric, arm and block; metrics of one load correlated 0.6.
pub fn correlated(rng: &mut Rng, noise: Noise, arms: usize, size: usize) -> Vec<Vec<Vec<f64>>> {
    let common = blocks(rng, noise, arms, size);
    let mix = |own: Vec<Vec<f64>>| -> Vec<Vec<f64>> {
        let arm = |(own, common): (&Vec<f64>, &Vec<f64>)| {
            let load = |(own, common): (&f64, &f64)| 0.4f64.sqrt() * own + 0.6f64.sqrt() * common;
            own.iter().zip(common).map(load).collect()
        };
        own.iter().zip(&common).map(arm).collect()
    };
    (0..METRICS)
        .map(|_| mix(blocks(rng, noise, arms, size)))
        .collect()
}
