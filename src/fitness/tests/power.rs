use super::*;
use crate::stats::POWER;

fn known(detectable_at_twenty: f64, margin: f64) -> Noise {
    Noise {
        metric: "cpu".into(),
        pairs: 20,
        sd: Some(1.0),
        detectable: Some([10, 20, 40].map(|n| stats::mde_at(detectable_at_twenty, 20, n))),
        without: Some(100.0),
        margin,
        drifted: false,
    }
}

fn blocks(noise: &[Noise], plan: &Plan) -> usize {
    power(noise, &gate(), plan, |blocks| blocks, 1.0)
        .blocks
        .unwrap()
}

#[test]
fn power_is_the_first_look_with_enough_blocks() {
    let plan = plan(40, 1);
    let looks = &plan.schedule.looks;
    // Without noise the first look will do; it has the blocks without which no p-value is small enough.
    assert_eq!(blocks(&[known(0.0, 10.0)], &plan), looks[0]);
    // Twenty blocks see the margin at 1 %; the gate's looks ask more.
    let planned = blocks(&[known(10.0, 10.0)], &plan);
    assert!(planned > 20 && looks.contains(&planned), "{planned}");
    // Twice the noise, four times the blocks: more than the budget, so it is the figure itself.
    let level = ALPHA * 0.6 * plan.schedule.weights[4];
    let z = |p: f64| stats::normal_quantile(p).unwrap();
    let stricter = (z(1.0 - level) + z(POWER)) / (z(1.0 - ALPHA) + z(POWER));
    assert_eq!(
        blocks(&[known(20.0, 10.0)], &plan),
        (80.0 * stricter.powi(2)).ceil() as usize
    );
    assert!(
        blocks(&[known(20.0, 10.0)], &self::plan(40, 20)) > blocks(&[known(20.0, 10.0)], &plan)
    );
}

#[test]
fn the_metric_that_takes_longest_is_named_with_a_margin_that_would_do() {
    let plan = plan(40, 1);
    let slow = Noise {
        metric: "lcp".into(),
        ..known(10.0, 10.0)
    };
    let both = [known(0.0, 10.0), slow.clone()];
    let longest = power(&both, &gate(), &plan, |blocks| blocks, 1.0)
        .longest
        .unwrap();
    assert_eq!(
        (longest.metric.as_str(), longest.blocks),
        ("lcp", plan.schedule.looks[0])
    );
    let wider = Noise {
        margin: longest.margin,
        ..slow
    };
    assert_eq!(blocks(&[known(0.0, 10.0), wider], &plan), longest.blocks);
    assert_eq!(
        power(&[known(0.0, 10.0)], &gate(), &plan, |blocks| blocks, 1.0).longest,
        None
    );
}

#[test]
fn a_budget_that_is_too_small_is_told_with_the_margin_that_fits_it() {
    let plan = plan(40, 1);
    let planned = power(
        &[known(20.0, 10.0)],
        &gate(),
        &plan,
        |blocks| 2 * blocks + 3,
        1.5,
    );
    let needed = planned.beyond().next().unwrap();
    let fits = known(20.0, needed.least_margin.unwrap());
    assert_eq!(blocks(&[fits], &plan), 40);
    let most = planned.blocks.unwrap();
    assert_eq!(
        planned.effort,
        Some((2 * most + 3, (2 * most + 3) as f64 * 1.5))
    );
}

#[test]
fn the_noisier_question_decides() {
    let chosen = noisiest(vec![known(5.0, 10.0)], vec![known(9.0, 10.0)]);
    assert_eq!(chosen, [known(9.0, 10.0)]);
    let unknown = Noise {
        detectable: None,
        ..known(1.0, 10.0)
    };
    assert_eq!(
        noisiest(vec![unknown.clone()], vec![known(9.0, 10.0)]),
        [unknown]
    );
}
