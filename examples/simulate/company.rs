//! Tags that are not alone: a cost that two have only together, work that two share, a tag that needs another.

use tagperf::stats::{Pair, Rng, fixed, fold_over, huber};

use super::noise::Noise;
use super::procedure::Fate;
use super::screening::{Asking, Page, Screened, adaptive, leave_one_out, screen};
use super::table::{Table, percent};

const RUNS: usize = 600;
/// Ratios of variances need more.
const FITS: usize = 2000;
const TAGS: usize = 20;
const MARGIN: f64 = 0.5;
const NOISES: [Noise; 3] = [Noise::Logn, Noise::Spikes, Noise::All];

/// The first two tags cost `own` each, and `together` when both are on.
fn page(own: f64, together: f64) -> Page {
    let mut costs = vec![0.0; TAGS];
    costs[..2].fill(own);
    Page {
        costs,
        together: Some((0, 1, together)),
    }
}

/// Two tags that hurt only together, and two that do the same work, through the whole scheme.
pub fn verdicts() -> Table {
    let mut table = Table::new(
        &format!(
            "Two of {TAGS} tags, margin {MARGIN} s, in %: both suspected / both regressed / one or both called masked / any other tag regressed; and leaving one out, at most 60 blocks: both regressed; {RUNS} runs per cell, 100 for leaving one out."
        ),
        &["page", "logn", "spikes", "all"],
    );
    let pages = [
        ("2 s, only together", page(0.0, 2.0)),
        ("3 s, only together", page(0.0, 3.0)),
        ("2 s each, 2 s together", page(2.0, -2.0)),
        ("3 s each, 3 s together", page(3.0, -3.0)),
    ];
    for (stream, (name, page)) in pages.into_iter().enumerate() {
        table.row(
            name,
            NOISES.map(|noise| {
                let mut rng = Rng::stream(117 + stream as u64, noise as u64);
                let mut counts = [0; 4];
                for _ in 0..RUNS {
                    let ended = adaptive(&mut rng, noise, &page, MARGIN, Asking::Both(40));
                    let happened = [
                        ended.flagged[..2] == [true; 2],
                        ended.fates[..2] == [Fate::Regressed; 2],
                        ended.masked[..2].contains(&true),
                        ended.fates[2..].contains(&Fate::Regressed),
                    ];
                    for (count, happened) in counts.iter_mut().zip(happened) {
                        *count += usize::from(happened);
                    }
                }
                let alone = (0..100).filter(|_| {
                    let (fates, _) = leave_one_out(&mut rng, noise, &page, MARGIN, 60);
                    fates[..2] == [Fate::Regressed; 2]
                });
                let alone = alone.count();
                format!("{}; {alone}", counts.map(|c| percent(c, RUNS)).join(" / "))
            }),
        );
    }
    table
}

/// The test for a cost that two tags have only together.
pub fn together() -> Table {
    let mut table = Table::new(
        &format!(
            "The test for company among {TAGS} tags, 1 % over the pairs of tags tested: two tags of 2 s only together named / of 3 s / any pair named when two tags cost 1.5 s each and nothing together, in %; {RUNS} runs per cell."
        ),
        &["noise", "40 pairs", "60 pairs", "100 pairs"],
    );
    for noise in NOISES {
        let cells = [40, 60, 100].map(|pairs| {
            let mut rng = Rng::stream(121, (noise as usize * 1000 + pairs) as u64);
            let looks = fixed(pairs).expect("some pairs");
            let mut named = |page: Page, which: fn(&[(usize, usize)]) -> bool| {
                let runs = (0..RUNS).filter(|_| {
                    let screened = screen(&mut rng, noise, &page, MARGIN, &looks);
                    which(&company(&screened))
                });
                percent(runs.count(), RUNS)
            };
            let right = |named: &[(usize, usize)]| named.contains(&(0, 1));
            let any = |named: &[(usize, usize)]| !named.is_empty();
            [
                named(page(0.0, 2.0), right),
                named(page(0.0, 3.0), right),
                named(page(1.5, 0.0), any),
            ]
            .join(" / ")
        });
        table.row(noise.name(), cells);
    }
    table
}

/// Pairs of notable tags that cost something, or save something, by being together.
fn company(screened: &Screened) -> Vec<(usize, usize)> {
    let notable = screened.notable();
    let pairs: Vec<(usize, usize)> = notable
        .iter()
        .enumerate()
        .flat_map(|(i, a)| notable[i + 1..].iter().map(|b| (*a, *b)))
        .collect();
    let level = 0.01 / pairs.len().max(1) as f64;
    let passes = |pair: &(usize, usize)| {
        let found = screened.together(pair.0, pair.1);
        found.is_some_and(|(_, p)| p <= level)
    };
    pairs.iter().copied().filter(passes).collect()
}

/// How a design is changed for a second tag that works only where the first one is.
type Constraint = fn(&mut Rng, &mut Pair);

/// What it costs that a tag needs another: the standard errors' squares, against those without the need.
pub fn needing() -> Table {
    #[rustfmt::skip]
    let designs: [(&str, Constraint); 3] = [
        ("B wherever A is, by its sign", |_, pair| {
            if pair.signs[0] != pair.signs[1] { pair.signs[1] = 0 }
        }),
        ("by lot: A varies and B is off, or B varies and A is on", |rng, pair| {
            pair.signs[usize::from(rng.coin())] = 0;
        }),
        ("no such need", |_, _| {}),
    ];
    let mut table = Table::new(
        &format!(
            "Tag B works only where tag A is: by what the loads must be multiplied for equal standard errors; {TAGS} tags, 100 pairs, logn, {FITS} runs per row."
        ),
        &["design", "A", "B", "any other tag"],
    );
    let squares = designs.map(|(_, constraint)| mean_squares(constraint));
    for ((name, _), row) in designs.iter().zip(squares).take(2) {
        let ratios = (0..3).map(|tag| format!("{:.1}", row[tag] / squares[2][tag]));
        table.row(name, ratios);
    }
    table
}

/// Mean squared errors of the estimates of A, B and a third tag, all free.
fn mean_squares(constraint: Constraint) -> [f64; 3] {
    let mut rng = Rng::seeded(122);
    let mut squares = [0.0; 3];
    for _ in 0..FITS {
        let mut design = fold_over(&mut rng, TAGS, 100).expect("a design");
        let loads = Noise::Logn.run(&mut rng, 200);
        for pair in &mut design {
            constraint(&mut rng, pair);
        }
        let signs: Vec<&[i8]> = design.iter().map(|pair| pair.signs.as_slice()).collect();
        let d: Vec<f64> = loads
            .chunks_exact(2)
            .map(|pair| pair[0] - pair[1])
            .collect();
        let fit = huber(&signs, &d).expect("enough pairs");
        for (square, estimate) in squares.iter_mut().zip(&fit.estimates) {
            *square += estimate * estimate / FITS as f64;
        }
    }
    squares
}
