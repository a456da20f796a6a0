//! How often whole runs are right: planner, effects and judge as they are, on many seeds.

use super::*;

/// The outcome of a run of tags with these costs, in ms.
async fn run(costs: &[(&'static str, f64)], seed: u64) -> Report {
    let mut bench = Pretend::new(costs);
    bench.noise = 40.0;
    bench.random = Rng::seeded(seed);
    let mut fresh = header(&bench, None, false);
    fresh.plan.seed = seed;
    let dir = tempfile::tempdir().unwrap();
    measure(&mut bench, dir.path(), fresh).await
}

fn blamed(report: &Report) -> Vec<&str> {
    let tags = report.judgement.tags.iter();
    let failed = tags.filter(|tag| tag.outcome == Outcome::Fail);
    failed.map(|tag| tag.tag.as_str()).collect()
}

/// A cost at its margin is no harm: blame would need a false suspicion, and a false confirmation of it.
#[tokio::test(flavor = "current_thread")]
async fn clean_runs_do_not_fail_even_at_the_margin() {
    for seed in 0..4 {
        let one = run(&[("edge", 20.0)], seed).await;
        assert_eq!(blamed(&one), [""; 0], "seed {seed}");
        let many = run(&many::EIGHT.map(|(tag, _)| (tag, 20.0)), seed).await;
        assert_eq!(blamed(&many), [""; 0], "seed {seed}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_tag_far_beyond_its_margin_is_blamed_and_no_other() {
    for seed in 0..3 {
        let one = run(&[("slow", 80.0)], seed).await;
        assert_eq!(blamed(&one), ["slow"], "seed {seed}");
        let many = run(&many::EIGHT, seed).await;
        assert_eq!(blamed(&many), ["c"], "seed {seed}");
    }
}
