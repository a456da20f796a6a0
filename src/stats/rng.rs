//! Seeded randomness whose values never change: a plan can be redone from its seed, by any version.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng};

/// ChaCha with 8 rounds, keyed by a 64-bit seed.
///
/// The draws are written out here and not taken from a library, because libraries change how they draw.
#[derive(Clone, Debug)]
pub struct Rng(ChaCha8Rng);

impl Rng {
    /// The generator of `seed`.
    pub fn seeded(seed: u64) -> Self {
        Self::stream(seed, 0)
    }

    /// The `stream`-th of the independent generators of `seed`: block 7 can be laid out without block 6.
    pub fn stream(seed: u64, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut inner = ChaCha8Rng::from_seed(key);
        inner.set_stream(stream);
        Self(inner)
    }

    /// Any 64 bits, equally likely.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A whole number below `n`, all equally likely; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        if n == 0 {
            return 0;
        }
        // Draws beyond the last multiple of n would favour the low numbers, and are thrown away.
        let fair = u64::MAX - (u64::MAX % n + 1) % n;
        loop {
            let bits = self.bits();
            if bits <= fair {
                return (bits % n) as usize;
            }
        }
    }

    /// A number from 0 to below 1, a multiple of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * 2f64.powi(-53)
    }

    /// Heads or tails.
    pub fn coin(&mut self) -> bool {
        self.bits() & 1 == 1
    }

    /// Puts `items` into an order of which all are equally likely (Fisher & Yates, downwards).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_means_the_same_for_ever() {
        let mut rng = Rng::seeded(42);
        let mut order: Vec<usize> = (0..8).collect();
        rng.shuffle(&mut order);
        assert_eq!(
            (order, rng.below(1000)),
            (vec![3, 6, 0, 4, 5, 2, 1, 7], 433)
        );
    }

    #[test]
    fn streams_differ_and_repeat() {
        let first = |seed, stream| Rng::stream(seed, stream).bits();
        assert_eq!(first(1, 5), first(1, 5));
        assert_ne!(first(1, 5), first(1, 6));
        assert_ne!(first(1, 5), first(2, 5));
        assert_eq!(first(1, 0), Rng::seeded(1).bits());
    }

    #[test]
    fn every_order_is_as_likely() {
        let mut rng = Rng::seeded(7);
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..6000 {
            let mut order = [0, 1, 2];
            rng.shuffle(&mut order);
            *seen.entry(order).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), 6);
        // Six binomial counts of mean 1000, sd 29; seeded, so this either holds or never does.
        assert!(seen.values().all(|count| (880..1120).contains(count)));
    }

    #[test]
    fn draws_stay_in_range() {
        let mut rng = Rng::seeded(3);
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.below(1), 0);
        for n in 2..50 {
            assert!(rng.below(n) < n);
            assert!((0.0..1.0).contains(&rng.unit()));
        }
        rng.shuffle::<u8>(&mut []);
    }
}
