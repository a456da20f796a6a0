//! The scheme for many tags as a run follows it, on simulated loads: screen, suspect, confirm.

use tagperf::stats::{
    ALPHA, ALPHA_CONFIRM, ALPHA_DOUBT, ALPHA_OK, DUST, HuberFit, Looks, Pair, Rng, fold_over, gate,
    huber, schedule, screen_looks, signed_rank_p, t_sf,
};

use super::noise::Noise;
use super::procedure::{Fate, fresh_looks};

/// Tags that are asked again at most.
const MOST_ASKED: usize = 6;
/// Unadjusted p-value of "costs something" at which a tag is worth a question about its company.
const NOTABLE: f64 = 0.01;

/// What a load costs, by the tags that are on.
#[derive(Clone, Debug)]
pub struct Page {
    /// Each tag's own cost, in s.
    pub costs: Vec<f64>,
    /// A cost that two tags have only together; negative when they do the same work.
    pub together: Option<(usize, usize, f64)>,
}

impl Page {
    pub fn load(&self, on: impl Fn(usize) -> bool) -> f64 {
        let own: f64 = (0..self.costs.len())
            .filter(|tag| on(*tag))
            .map(|tag| self.costs[tag])
            .sum();
        match self.together {
            Some((a, b, cost)) if on(a) && on(b) => own + cost,
            _ => own,
        }
    }
}

/// What the screen says.
pub struct Screened {
    /// The pairs of loads that were measured.
    pub design: Vec<Pair>,
    /// Mean of each pair's two loads.
    pub means: Vec<f64>,
    pub fit: HuberFit,
    /// Repeated p-values of "costs more than the margin".
    pub p: Vec<f64>,
    /// Passes the gate.
    pub flagged: Vec<bool>,
    /// Shown to cost less than the margin.
    pub ok: Vec<bool>,
}

/// Fold-over pairs until every tag is flagged or ok, or the looks are used up.
pub fn screen(rng: &mut Rng, noise: Noise, page: &Page, margin: f64, looks: &Looks) -> Screened {
    let tags = page.costs.len();
    let most = looks.blocks[looks.blocks.len() - 1];
    let mut design = fold_over(rng, tags, most).expect("a design");
    let (d, mut means) = pairs(page, &design, &noise.run(rng, 2 * most));
    let signs: Vec<&[i8]> = design.iter().map(|pair| pair.signs.as_slice()).collect();
    let (mut p, mut below) = (vec![1.0f64; tags], vec![1.0f64; tags]);
    let mut look = 0;
    let (pairs, fit, flagged, ok) = loop {
        let (n, weight) = (looks.blocks[look], looks.weights[look]);
        let fit = huber(&signs[..n], &d[..n]).expect("enough pairs");
        for tag in 0..tags {
            let above = fit.p_above(tag, margin).expect("a known tag");
            p[tag] = p[tag].min(above / weight);
            below[tag] = below[tag].min((1.0 - above) / weight);
        }
        let flagged = blamed(&p);
        let ok: Vec<bool> = (0..tags)
            .map(|t| below[t] <= ALPHA_OK && !flagged[t])
            .collect();
        look += 1;
        if look == looks.blocks.len() || (0..tags).all(|t| flagged[t] || ok[t]) {
            break (n, fit, flagged, ok);
        }
    };
    design.truncate(pairs);
    means.truncate(pairs);
    Screened {
        design,
        means,
        fit,
        p,
        flagged,
        ok,
    }
}

/// Set minus complement, and the mean of both, pair by pair.
fn pairs(page: &Page, design: &[Pair], noise: &[f64]) -> (Vec<f64>, Vec<f64>) {
    design
        .iter()
        .zip(noise.chunks_exact(2))
        .map(|(pair, noise)| {
            let set = page.load(|tag| pair.signs[tag] > 0);
            let complement = page.load(|tag| pair.signs[tag] < 0);
            let (a, b) = if pair.set_first { (0, 1) } else { (1, 0) };
            let (set, complement) = (set + noise[a], complement + noise[b]);
            (set - complement, (set + complement) / 2.0)
        })
        .unzip()
}

/// Which tags the gate flags, by one metric.
fn blamed(p: &[f64]) -> Vec<bool> {
    let cells: Vec<[f64; 1]> = p.iter().map(|p| [*p]).collect();
    let judged = gate(&cells, &[1.0], ALPHA).expect("p-values");
    judged.iter().map(|tag| tag.regressed).collect()
}

/// Which tags are asked again on fresh blocks, of which there are at most so many.
#[derive(Clone, Copy)]
pub enum Asking {
    /// Suspects, which the gate flagged: each is confirmed at 5 %. And tags in doubt: nothing is known of
    /// them, so that they need a gate of their own at 1 %.
    Both(usize),
    /// Suspects alone.
    Suspects(usize),
    /// Both, through one gate at 1 %, as if nothing were known.
    Afresh(usize),
}

impl Screened {
    /// The tags to ask again, the least p-values first.
    fn asked(&self, asking: Asking) -> Vec<usize> {
        let doubtful = !matches!(asking, Asking::Suspects(_));
        let in_doubt = |t: usize| doubtful && !self.ok[t] && self.p[t] <= ALPHA_DOUBT;
        let mut all: Vec<usize> = (0..self.p.len())
            .filter(|t| self.flagged[*t] || in_doubt(*t))
            .collect();
        all.sort_by(|a, b| self.p[*a].total_cmp(&self.p[*b]));
        all.truncate(MOST_ASKED);
        all
    }

    /// The tags that cost something, and so may do so in company.
    pub fn notable(&self) -> Vec<usize> {
        let costs = |t: &usize| self.fit.p_above(*t, 0.0).is_some_and(|p| p <= NOTABLE);
        (0..self.p.len()).filter(costs).collect()
    }

    /// What two tags cost together beyond their own costs, and the two-sided p-value of "nothing".
    ///
    /// A pair's mean holds the cost of both together in those rows in which they are on the same side; the
    /// costs that a tag has alone are in every mean alike.
    pub fn together(&self, a: usize, b: usize) -> Option<(f64, f64)> {
        let row = |pair: &Pair| [1, pair.signs[a] * pair.signs[b]];
        let rows: Vec<[i8; 2]> = self.design.iter().map(row).collect();
        let fit = huber(&rows, &self.means).ok()?;
        two_sided(&fit, 1, 4.0)
    }
}

/// `scale` times a fit's estimate, and the two-sided p-value of 0.
fn two_sided(fit: &HuberFit, factor: usize, scale: f64) -> Option<(f64, f64)> {
    let (estimate, error) = (fit.estimates[factor], fit.errors[factor]);
    let tail = t_sf((estimate / error).abs(), fit.freedom).ok()?;
    Some((scale * estimate, 2.0 * tail))
}

/// Which of the tags regressed, by their repeated p-values.
type Blame<'a> = &'a dyn Fn(&[f64]) -> Vec<bool>;

/// Every tag in blocks of everything, and everything without one tag each: its fate, and the loads.
pub fn leave_one_out(
    rng: &mut Rng,
    noise: Noise,
    page: &Page,
    margin: f64,
    cap: usize,
) -> (Vec<Fate>, usize) {
    let tags: Vec<usize> = (0..page.costs.len()).collect();
    let looks = schedule(tags.len() as f64, cap, ALPHA).expect("a valid schedule");
    follow_blocks(rng, noise, &beyond(page, margin, &tags), &looks, &blamed)
}

/// What leaving out each of the tags saves, less the margin.
fn beyond(page: &Page, margin: f64, tags: &[usize]) -> Vec<f64> {
    let everything = page.load(|_| true);
    let without = |tag: &usize| page.load(|other| other != *tag);
    let saved = tags.iter().map(|tag| everything - without(tag));
    saved.map(|saved| saved - margin).collect()
}

/// Blocks of a control and an arm per tag, whose costs are `beyond` the margin; an arm that is decided
/// leaves the run. Each tag's fate, and the loads.
fn follow_blocks(
    rng: &mut Rng,
    noise: Noise,
    beyond: &[f64],
    looks: &Looks,
    blame: Blame,
) -> (Vec<Fate>, usize) {
    let tags = beyond.len();
    let most = looks.blocks.last().copied().unwrap_or(0);
    let noise = noise.run(rng, (tags + 1) * most);
    let mut spent = 0;
    let mut d = vec![Vec::new(); tags];
    let (mut p, mut below) = (vec![1.0f64; tags], vec![1.0f64; tags]);
    let mut fates = vec![Fate::Inconclusive; tags];
    for (&n, weight) in looks.blocks.iter().zip(&looks.weights) {
        let open = |t: &usize| fates[*t] == Fate::Inconclusive;
        // The last arm is the control's.
        let mut arms: Vec<usize> = (0..tags).filter(open).chain([tags]).collect();
        let open: Vec<usize> = arms[..arms.len() - 1].to_vec();
        while d[open[0]].len() < n {
            rng.shuffle(&mut arms);
            let mut block = vec![0.0; tags + 1];
            for arm in &arms {
                block[*arm] = noise[spent];
                spent += 1;
            }
            for t in &open {
                d[*t].push(block[tags] - block[*t] + beyond[*t]);
            }
        }
        for t in open {
            let (slower, faster) = both_ways(&d[t]);
            p[t] = p[t].min(slower / weight);
            below[t] = below[t].min(faster / weight);
        }
        for (t, blamed) in blame(&p).into_iter().enumerate() {
            if blamed {
                fates[t] = Fate::Regressed;
            } else if below[t] <= ALPHA_OK {
                fates[t] = Fate::Ok;
            }
        }
        if !fates.contains(&Fate::Inconclusive) {
            break;
        }
    }
    (fates, spent)
}

/// P-values of "slower" and of "faster". The one that the ranks speak against is above a half, and 1 does
/// for it.
fn both_ways(d: &[f64]) -> (f64, f64) {
    let mut ranked = d.to_vec();
    ranked.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    let signed = |(rank, d): (usize, &f64)| (rank + 1) as f64 * d.signum();
    let test = |d: &[f64]| signed_rank_p(d, DUST).expect("finite loads");
    if ranked.iter().enumerate().map(signed).sum::<f64>() > 0.0 {
        (test(d), 1.0)
    } else {
        let flipped: Vec<f64> = d.iter().map(|d| -d).collect();
        (1.0, test(&flipped))
    }
}

/// How a run of many tags ended.
pub struct Ended {
    pub fates: Vec<Fate>,
    /// Flagged by the screen.
    pub flagged: Vec<bool>,
    /// Flagged by the screen, and yet leaving it out alone saves nothing.
    pub masked: Vec<bool>,
    pub loads: usize,
}

/// The screen, and fresh blocks of everything and everything without one asked tag each.
pub fn adaptive(rng: &mut Rng, noise: Noise, page: &Page, margin: f64, asking: Asking) -> Ended {
    let looks = screen_looks(page.costs.len()).expect("4 to 50 tags");
    let screened = screen(rng, noise, page, margin, &looks);
    let fate = |ok: &bool| if *ok { Fate::Ok } else { Fate::Inconclusive };
    let mut ended = Ended {
        fates: screened.ok.iter().map(fate).collect(),
        flagged: screened.flagged.clone(),
        masked: vec![false; page.costs.len()],
        loads: 2 * screened.design.len(),
    };
    let asked = screened.asked(asking);
    if asked.is_empty() {
        return ended;
    }
    let suspect: Vec<bool> = asked.iter().map(|tag| screened.flagged[*tag]).collect();
    let by_standing = |p: &[f64]| confirmed(p, &suspect);
    let (looks, blame): (Looks, Blame) = match asking {
        Asking::Both(cap) | Asking::Suspects(cap) => (fresh_looks(cap), &by_standing),
        Asking::Afresh(cap) => {
            let looks = schedule(asked.len() as f64, cap, ALPHA);
            (looks.expect("a valid schedule"), &blamed)
        }
    };
    let beyond = beyond(page, margin, &asked);
    let (fates, loads) = follow_blocks(rng, noise, &beyond, &looks, blame);
    ended.loads += loads;
    for (tag, fate) in asked.into_iter().zip(fates) {
        ended.masked[tag] = fate == Fate::Ok && screened.flagged[tag];
        ended.fates[tag] = match fate {
            Fate::Ok if ended.masked[tag] => Fate::Inconclusive,
            fate => fate,
        };
    }
    ended
}

/// Which tags fresh blocks convict: suspects on their own, tags in doubt through a gate.
fn confirmed(p: &[f64], suspect: &[bool]) -> Vec<bool> {
    let in_doubt = p.iter().zip(suspect).filter(|(_, suspect)| !**suspect);
    let in_doubt: Vec<f64> = in_doubt.map(|(p, _)| *p).collect();
    let mut gated = blamed(&in_doubt).into_iter();
    p.iter()
        .zip(suspect)
        .map(|(p, suspect)| {
            if *suspect {
                *p <= ALPHA_CONFIRM
            } else {
                gated.next() == Some(true)
            }
        })
        .collect()
}
