//! Noise of page loads, as models: what simulations feed to the statistics. Unit: the standard deviation s
//! of one load's own noise.

use tagperf::stats::Rng;

/// A model of how the time of a load varies from one load to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// Normal.
    Gauss,
    /// Lognormal, log-sd 0.5: skewed as load times are.
    Logn,
    /// Lognormal, and 5 % of the loads suffer an exponential delay of mean 6 s.
    Spikes,
    /// Lognormal, and 10 % suffer one of mean 15 s.
    HeavySpikes,
    /// Lognormal, and 35 % of the loads take a path that is 3 s longer.
    Bimodal,
    /// Lognormal, and the machine changes between two states 3 s apart, ten loads each on average.
    Sticky,
    /// Lognormal on an autoregressive level: correlation 0.95 from load to load, sd 1.5 s.
    Ar1,
    /// Lognormal on a level that rises by 3 s over the run.
    Linear,
    /// Lognormal, and a neighbour costs 3 s during a contiguous half of the run.
    Step,
    /// Lognormal, and every other load takes 1.5 s longer.
    Period2,
    /// Spikes on the autoregressive level.
    All,
}

impl Noise {
    pub const EVERY: [Self; 11] = [
        Self::Gauss,
        Self::Logn,
        Self::Spikes,
        Self::HeavySpikes,
        Self::Bimodal,
        Self::Sticky,
        Self::Ar1,
        Self::Linear,
        Self::Step,
        Self::Period2,
        Self::All,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Gauss => "gauss",
            Self::Logn => "logn",
            Self::Spikes => "spikes",
            Self::HeavySpikes => "heavy spikes",
            Self::Bimodal => "bimodal",
            Self::Sticky => "sticky modes",
            Self::Ar1 => "ar1",
            Self::Linear => "linear drift",
            Self::Step => "step",
            Self::Period2 => "period 2",
            Self::All => "all",
        }
    }

    /// The noise of `loads` loads, one after another.
    pub fn run(self, rng: &mut Rng, loads: usize) -> Vec<f64> {
        let levels = self.levels(rng, loads);
        levels.into_iter().map(|l| l + self.own(rng)).collect()
    }

    /// What a load has of its own, whatever went before.
    fn own(self, rng: &mut Rng) -> f64 {
        match self {
            Self::Gauss => normal(rng),
            Self::Spikes | Self::All => lognormal(rng) + sometimes(rng, 0.05, 6.0),
            Self::HeavySpikes => lognormal(rng) + sometimes(rng, 0.10, 15.0),
            Self::Bimodal => lognormal(rng) + if rng.unit() < 0.35 { 3.0 } else { 0.0 },
            _ => lognormal(rng),
        }
    }

    /// What the loads share with their neighbours.
    fn levels(self, rng: &mut Rng, loads: usize) -> Vec<f64> {
        match self {
            Self::Sticky => {
                let mut slow = rng.coin();
                let mut next = || {
                    slow ^= rng.unit() < 0.1;
                    if slow { 3.0 } else { 0.0 }
                };
                (0..loads).map(|_| next()).collect()
            }
            Self::Ar1 | Self::All => {
                let (rho, sd) = (0.95, 1.5);
                let mut level = sd * normal(rng);
                let mut next = || {
                    level = rho * level + sd * (1.0f64 - rho * rho).sqrt() * normal(rng);
                    level
                };
                (0..loads).map(|_| next()).collect()
            }
            Self::Linear => (0..loads).map(|i| 3.0 * i as f64 / loads as f64).collect(),
            Self::Step => {
                let start = rng.below(loads / 2 + 1);
                let busy = start..start + loads / 2;
                let level = |i| if busy.contains(&i) { 3.0 } else { 0.0 };
                (0..loads).map(level).collect()
            }
            Self::Period2 => {
                let phase = usize::from(rng.coin());
                (0..loads).map(|i| 1.5 * ((i + phase) % 2) as f64).collect()
            }
            _ => vec![0.0; loads],
        }
    }
}

/// A standard normal draw (Box & Muller).
pub fn normal(rng: &mut Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.unit()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.unit()).cos()
}

/// Lognormal with log-sd 0.5, moved and scaled to mean 0 and sd 1.
fn lognormal(rng: &mut Rng) -> f64 {
    let variance = 0.25f64;
    let mean = (variance / 2.0).exp();
    let sd = mean * variance.exp_m1().sqrt();
    ((0.5 * normal(rng)).exp() - mean) / sd
}

fn sometimes(rng: &mut Rng, share: f64, mean: f64) -> f64 {
    if rng.unit() < share {
        -mean * (1.0 - rng.unit()).ln()
    } else {
        0.0
    }
}
