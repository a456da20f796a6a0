//! Many tags, one of them bad: what does it take to find and confirm it, and to clear the others?

use std::fmt;

use tagperf::stats::Rng;

use super::many_tags::{Growth, TAGS};
use super::noise::Noise;
use super::procedure::Fate;
use super::screening::{Asking, Ended, Page, adaptive, leave_one_out};
use super::table::{Table, percent, share};

const RUNS: usize = 500;
/// The search for an equal power takes many sizes, and each takes thousands of loads.
const SEARCH_RUNS: usize = 200;
/// What every tag may cost, in s.
const MARGIN: f64 = 0.5;
/// What the bad tag costs, in s.
const COST: f64 = 1.5;
const NOISES: [Noise; 3] = [Noise::Logn, Noise::Spikes, Noise::All];
/// Blocks at most, tried in turn until leaving one out is right as often as the screen is.
const CAPS: [usize; 10] = [60, 70, 80, 90, 100, 115, 130, 145, 165, 185];

/// Loads by number of tags, with the verdicts; and for the chart, loads at equal power.
pub fn simulate() -> (Table, Vec<Growth>) {
    let mut table = Table::new(
        &format!(
            "One tag of {COST} s among N, margin {MARGIN} s, the others free: mean loads until the verdicts, bad tag regressed / good tags ok in %; {RUNS} runs per cell, {SEARCH_RUNS} for equal power."
        ),
        &["scheme, noise", "N = 5", "N = 10", "N = 20", "N = 50"],
    );
    let (mut growths, mut blamed) = (Vec::new(), 0);
    for (stream, noise) in NOISES.into_iter().enumerate() {
        let rng = |scheme: u64| Rng::stream(112 + scheme, stream as u64);
        let screened = TAGS.map(|n| Tally::of(&mut rng(0), n, RUNS, asking(noise, 40)));
        let capped = TAGS.map(|n| Tally::of(&mut rng(1), n, RUNS, leaving(noise, CAPS[0])));
        let mut from = 0;
        let equal = screened.each_ref().map(|screened| {
            let (cap, tally) = as_good(&mut rng(2), noise, screened, from);
            from = cap;
            tally.map(|tally| (CAPS[cap], tally))
        });
        let name = noise.name();
        table.row(
            &format!("leave one out, at most 60 blocks, {name}"),
            capped.iter().map(Tally::to_string),
        );
        let cell = |equal: &Option<(usize, Tally)>| match equal {
            Some((cap, tally)) => format!("{tally} ({cap} blocks)"),
            None => "-".into(),
        };
        table.row(
            &format!("leave one out, for equal power, {name}"),
            equal.iter().map(cell),
        );
        table.row(
            &format!("screen and confirm, {name}"),
            screened.iter().map(Tally::to_string),
        );
        blamed += capped
            .iter()
            .chain(&screened)
            .map(|t| t.blamed)
            .sum::<usize>();
        if noise != Noise::Spikes {
            let loads = equal
                .iter()
                .map(|e| e.as_ref().map(|(_, tally)| tally.mean()));
            growths.push(growth("leave one out, equal power", noise, loads));
            let loads = screened.iter().map(|tally| Some(tally.mean()));
            growths.push(growth("screen and confirm", noise, loads));
        }
    }
    table.title += &format!(" Runs in which a good tag was called regressed: {blamed}.");
    (table, growths)
}

fn growth(
    design: &'static str,
    noise: Noise,
    loads: impl Iterator<Item = Option<usize>>,
) -> Growth {
    Growth {
        design,
        noise,
        loads: TAGS.into_iter().zip(loads).collect(),
    }
}

/// The first cap from `from` on with which leaving one out finds the bad tag and clears the good ones as
/// often, to within one in a hundred.
fn as_good(rng: &mut Rng, noise: Noise, screened: &Tally, from: usize) -> (usize, Option<Tally>) {
    for (cap, &blocks) in CAPS.iter().enumerate().skip(from) {
        let tally = Tally::of(rng, screened.tags, SEARCH_RUNS, leaving(noise, blocks));
        if tally.found() >= screened.found() - 1.0 && tally.cleared() >= screened.cleared() - 1.0 {
            return (cap, Some(tally));
        }
    }
    (CAPS.len(), None)
}

/// Ways to confirm what the screen suspects.
pub fn ways() -> Table {
    let mut table = Table::new(
        &format!(
            "The same among {0} tags, by what is asked of fresh blocks; {RUNS} runs per cell.",
            TAGS[2]
        ),
        &["asked again", "logn", "spikes", "all"],
    );
    #[rustfmt::skip]
    let ways = [
        ("suspects, 5 %; tags in doubt, gate at 1 %; 40 blocks", Asking::Both(40)),
        ("the same; 60 blocks", Asking::Both(60)),
        ("suspects only, 5 %; 40 blocks", Asking::Suspects(40)),
        ("all as new, gate at 1 %, five looks; 40 blocks", Asking::Afresh(40)),
        ("the same; 60 blocks", Asking::Afresh(60)),
    ];
    for (name, asking) in ways {
        let cells = NOISES.map(|noise| {
            let mut rng = Rng::stream(115, noise as u64);
            let run = |rng: &mut Rng, page: &Page| adaptive(rng, noise, page, MARGIN, asking);
            Tally::of(&mut rng, TAGS[2], RUNS, run).to_string()
        });
        table.row(name, cells);
    }
    table
}

/// Every tag exactly at its margin: how often is that called anything else?
pub fn at_the_margin() -> Table {
    let mut table = Table::new(
        &format!(
            "Every tag exactly at its margin: the screen suspects any / any is called regressed / a tag is called ok, in %; {RUNS} runs per cell."
        ),
        &["noise", "N = 5", "N = 10", "N = 20", "N = 50"],
    );
    for (stream, noise) in NOISES.into_iter().enumerate() {
        let mut rng = Rng::stream(116, stream as u64);
        let cells = TAGS.map(|tags| {
            let page = Page {
                costs: vec![MARGIN; tags],
                together: None,
            };
            let (mut suspected, mut regressed, mut ok) = (0, 0, 0);
            for _ in 0..RUNS {
                let ended = adaptive(&mut rng, noise, &page, MARGIN, Asking::Both(40));
                suspected += usize::from(ended.flagged.contains(&true));
                regressed += usize::from(ended.fates.contains(&Fate::Regressed));
                ok += ended.fates.iter().filter(|f| **f == Fate::Ok).count();
            }
            format!(
                "{} / {} / {}",
                percent(suspected, RUNS),
                percent(regressed, RUNS),
                percent(ok, RUNS * tags)
            )
        });
        table.row(noise.name(), cells);
    }
    table
}

fn asking(noise: Noise, cap: usize) -> impl Fn(&mut Rng, &Page) -> Ended {
    move |rng, page| adaptive(rng, noise, page, MARGIN, Asking::Both(cap))
}

fn leaving(noise: Noise, cap: usize) -> impl Fn(&mut Rng, &Page) -> Ended {
    move |rng, page| {
        let (fates, loads) = leave_one_out(rng, noise, page, MARGIN, cap);
        Ended {
            flagged: vec![false; fates.len()],
            masked: vec![false; fates.len()],
            fates,
            loads,
        }
    }
}

struct Tally {
    tags: usize,
    runs: usize,
    loads: usize,
    /// Runs in which the bad tag regressed, and in which any good one did.
    found: usize,
    blamed: usize,
    /// Good tags that are ok.
    cleared: usize,
}

impl Tally {
    fn of(rng: &mut Rng, tags: usize, runs: usize, run: impl Fn(&mut Rng, &Page) -> Ended) -> Self {
        let mut costs = vec![0.0; tags];
        costs[0] = COST;
        let page = Page {
            costs,
            together: None,
        };
        let (mut loads, mut found, mut blamed, mut cleared) = (0, 0, 0, 0);
        for _ in 0..runs {
            let ended = run(rng, &page);
            let (bad, good) = (ended.fates[0], &ended.fates[1..]);
            loads += ended.loads;
            found += usize::from(bad == Fate::Regressed);
            blamed += usize::from(good.contains(&Fate::Regressed));
            cleared += good.iter().filter(|fate| **fate == Fate::Ok).count();
        }
        Self {
            tags,
            runs,
            loads,
            found,
            blamed,
            cleared,
        }
    }

    /// Runs that find the bad tag, in %.
    fn found(&self) -> f64 {
        share(self.found, self.runs)
    }

    /// Good tags that are ok, in %.
    fn cleared(&self) -> f64 {
        share(self.cleared, self.runs * (self.tags - 1))
    }

    fn mean(&self) -> usize {
        self.loads / self.runs
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (found, cleared) = (self.found(), self.cleared());
        write!(f, "{}, {found:.0} / {cleared:.0}", self.mean())
    }
}
