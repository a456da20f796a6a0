//! What does it cost to ask again before the gate fails, and what does it save?

use tagperf::stats::{ALPHA_CONFIRM, Looks, Rng, fixed, gate, schedule};

use super::family::{METRICS, WEIGHTS, correlated};
use super::noise::Noise;
use super::procedure::{Fate, differences, follow, fresh_looks, repeated};
use super::table::{Table, percent};

const CLEAN_RUNS: usize = 4000;
const RUNS: usize = 1000;
const CAP: usize = 40;
const TAGS: [usize; 2] = [1, 3];
const NOISES: [Noise; 3] = [Noise::Logn, Noise::Spikes, Noise::All];
/// The first tag's costs beyond the margin, in s, on one metric of six.
const COSTS: [f64; 3] = [0.5, 1.0, 2.0];
const BAD_METRIC: usize = 1;
/// As many fresh blocks as the rule that takes most.
const FRESH: usize = 2 * CAP;

/// When fresh blocks are judged, given how many blocks raised the suspicion, and at which level.
struct Rule {
    name: &'static str,
    looks: fn(usize) -> Looks,
    level: f64,
}

#[rustfmt::skip]
const RULES: [Rule; 7] = [
    Rule { name: "6, 20 and 40", looks: |_| fresh_looks(CAP), level: ALPHA_CONFIRM },
    Rule { name: "6 and n", looks: |n| evenly(vec![6, n]), level: ALPHA_CONFIRM },
    Rule { name: "6, n and 2n", looks: |n| evenly(vec![6, n, 2 * n]), level: ALPHA_CONFIRM },
    Rule { name: "6, 14, 24 and 40", looks: |_| with(vec![6, 14, 24, 40], vec![0.32, 0.20, 0.22, 0.26]), level: ALPHA_CONFIRM },
    Rule { name: "n", looks: once, level: ALPHA_CONFIRM },
    Rule { name: "7", looks: |_| once(7), level: ALPHA_CONFIRM },
    Rule { name: "n, at 1 %", looks: once, level: 0.01 },
];
/// The rule that a run follows.
const CHOSEN: usize = 0;

fn with(blocks: Vec<usize>, weights: Vec<f64>) -> Looks {
    Looks { blocks, weights }
}

fn evenly(blocks: Vec<usize>) -> Looks {
    let weights = vec![1.0 / blocks.len() as f64; blocks.len()];
    with(blocks, weights)
}

fn once(n: usize) -> Looks {
    fixed(n).expect("some blocks")
}

#[derive(Clone, Copy, Default)]
struct Tally {
    runs: usize,
    suspected: usize,
    confirmed: [usize; RULES.len()],
    /// Fresh blocks.
    blocks: [usize; RULES.len()],
}

impl Tally {
    fn and(mut self, other: &Self) -> Self {
        self.runs += other.runs;
        self.suspected += other.suspected;
        for rule in 0..RULES.len() {
            self.confirmed[rule] += other.confirmed[rule];
            self.blocks[rule] += other.blocks[rule];
        }
        self
    }

    /// Suspected, confirmed by the rule, and mean fresh blocks of a suspicion.
    fn cell(&self, rule: usize) -> String {
        format!(
            "{} -> {}, {:.0}",
            percent(self.suspected, self.runs),
            percent(self.confirmed[rule], self.runs),
            self.blocks[rule] as f64 / self.suspected.max(1) as f64
        )
    }
}

/// The chosen rule by number of tags and noise, and all rules over all of these.
pub fn simulate() -> [Table; 2] {
    let columns = ["clean", "+0.5 s", "+1 s", "+2 s"];
    let header = |first| [&[first][..], &columns].concat();
    let mut chosen = Table::new(
        &format!(
            "Runs that the first blocks would fail -> that fresh ones confirm, in %, and mean fresh blocks of a suspicion; {METRICS} metrics, correlation 0.6, every good cell exactly at its margin, one metric of one tag beyond it; {CLEAN_RUNS} clean runs, {RUNS} of the others."
        ),
        &header("tags, noise"),
    );
    let mut rules = Table::new(
        &format!(
            "The same over all rows, by the numbers of fresh blocks at which they are judged; n is the number of blocks that raised the suspicion. {} clean runs, {} of the others.",
            CLEAN_RUNS * NOISES.len() * TAGS.len(),
            RUNS * NOISES.len() * TAGS.len()
        ),
        &header("judged after"),
    );
    let mut sums = [Tally::default(); 4];
    for tags in TAGS {
        for noise in NOISES {
            let mut rng = Rng::stream(110, (10 * tags + noise as usize) as u64);
            let clean = tally(&mut rng, noise, tags, 0.0, CLEAN_RUNS);
            let [some, more, most] = COSTS.map(|cost| tally(&mut rng, noise, tags, cost, RUNS));
            let all = [clean, some, more, most];
            let name = format!("{tags}, {}", noise.name());
            chosen.row(&name, all.iter().map(|tally| tally.cell(CHOSEN)));
            for (sum, tally) in sums.iter_mut().zip(&all) {
                *sum = sum.and(tally);
            }
        }
    }
    rules.title += &format!(
        " Clean runs that the first rule confirms: {}.",
        sums[0].confirmed[CHOSEN]
    );
    for (index, rule) in RULES.iter().enumerate() {
        rules.row(rule.name, sums.iter().map(|tally| tally.cell(index)));
    }
    [chosen, rules]
}

/// Every cell at its margin, but for the first tag's bad metric; when that is `beyond`, only the first tag
/// counts.
fn tally(rng: &mut Rng, noise: Noise, tags: usize, beyond: f64, runs: usize) -> Tally {
    let looks = schedule(tags as f64 / WEIGHTS[0], CAP, 0.01).expect("a valid schedule");
    let costs = |metrics: &[Vec<Vec<f64>>], arm: usize, tag: usize, metric: usize| {
        let bad = tag == 0 && metric == BAD_METRIC;
        let beyond = if bad { beyond } else { 0.0 };
        let d = differences(&metrics[metric][0], &metrics[metric][arm + 1]);
        d.iter().map(|d| d + beyond).collect::<Vec<f64>>()
    };
    let mut tally = Tally {
        runs,
        ..Tally::default()
    };
    for _ in 0..runs {
        let metrics = correlated(rng, noise, tags + 1, CAP);
        let cell = |tag, metric| repeated(&costs(&metrics, tag, tag, metric), &looks);
        let cells: Vec<Vec<_>> = (0..tags)
            .map(|tag| (0..METRICS).map(|metric| cell(tag, metric)).collect())
            .collect();
        let suspects = suspects(&cells, &looks);
        let counts = |suspect: &Suspect| beyond == 0.0 || suspect.tag == 0;
        if !suspects.iter().any(counts) {
            continue;
        }
        tally.suspected += 1;
        let fresh = correlated(rng, noise, suspects.len() + 1, FRESH);
        for (index, rule) in RULES.iter().enumerate() {
            let (mut confirmed, mut blocks) = (false, 0);
            for (arm, suspect) in suspects.iter().enumerate() {
                let looks = (rule.looks)(suspect.blocks);
                for &metric in &suspect.metrics {
                    let d = costs(&fresh, arm, suspect.tag, metric);
                    let (fate, spent) = follow(&d, &looks, rule.level, ALPHA_CONFIRM);
                    confirmed |= counts(suspect) && fate == Fate::Regressed;
                    blocks = blocks.max(spent);
                }
            }
            tally.confirmed[index] += usize::from(confirmed);
            tally.blocks[index] += blocks;
        }
    }
    tally
}

struct Suspect {
    tag: usize,
    /// Blocks after which the gate flagged it.
    blocks: usize,
    metrics: Vec<usize>,
}

/// The tags that the gate flags at any look, from the cells' repeated p-values after each.
fn suspects(cells: &[Vec<Vec<(f64, f64)>>], looks: &Looks) -> Vec<Suspect> {
    let mut all: Vec<Suspect> = Vec::new();
    for (look, &blocks) in looks.blocks.iter().enumerate() {
        let tag = |tag: &Vec<Vec<(f64, f64)>>| tag.iter().map(|cell| cell[look].0).collect();
        let p: Vec<Vec<f64>> = cells.iter().map(tag).collect();
        let judged = gate(&p, &WEIGHTS, 0.01).expect("p-values");
        for (tag, judged) in judged.into_iter().enumerate() {
            if judged.regressed && all.iter().all(|suspect| suspect.tag != tag) {
                all.push(Suspect {
                    tag,
                    blocks,
                    metrics: judged.blamed,
                });
            }
        }
    }
    all
}
