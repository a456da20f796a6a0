use super::*;

#[test]
fn a_session_tells_the_noise_that_was_put_in() {
    // The difference of two uniform values has a standard deviation of 1/√6.
    let samples = samples(60, |lot| lot.unit());
    let noise = noise(&samples, &contrast(), &gate());
    let sd = |at: usize| noise[at].sd.unwrap();
    assert!((sd(0) * 6f64.sqrt() - 1.0).abs() < 0.2, "{}", sd(0));
    assert!((sd(1) / 20.0 * 6f64.sqrt() - 1.0).abs() < 0.2, "{}", sd(1));
    assert_eq!((noise[0].pairs, noise[0].drifted), (60, false));
    assert!(
        (noise[1].margin - 100.0).abs() < 2.0,
        "5 % of the page: {}",
        noise[1].margin
    );
    let [ten, twenty, forty] = noise[0].detectable.unwrap();
    assert!((ten / forty - 2.0).abs() < 1e-9 && twenty < ten);
    // (z₀.₉₉ + z₀.₈)·sd/√n, to within what sixty pairs tell.
    assert!(
        (forty / (3.168 * sd(0) / 40f64.sqrt()) - 1.0).abs() < 0.25,
        "{forty}"
    );
}

#[test]
fn a_session_that_gets_slower_has_drifted_and_cries_no_wolf() {
    let mut call = 0;
    let samples = samples(20, |lot| {
        call += 1;
        f64::from(call) + lot.unit()
    });
    let asked = Asked {
        run: "r".into(),
        seed: 3,
        verdicts: (2, 0),
        trial_s: 1.0,
    };
    let session = session(&samples, &gate(), &asked);
    assert!(session.noise.iter().all(|noise| noise.drifted));
    let certificate = &session.certificate;
    assert_eq!((certificate.blocks, certificate.relabelled), (20, 1000));
    assert!(
        certificate.false_alarms < 0.03,
        "{}",
        certificate.false_alarms
    );
}

#[test]
fn relabelling_keeps_the_promise_of_one_percent() {
    let asked = |seed| Asked {
        run: "r".into(),
        seed,
        verdicts: (2, 0),
        trial_s: 1.0,
    };
    let samples = samples(20, |lot| lot.unit());
    let rates: Vec<f64> = (0..5)
        .map(|seed| {
            session(&samples, &gate(), &asked(seed))
                .certificate
                .false_alarms
        })
        .collect();
    let mean = rates.iter().sum::<f64>() / 5.0;
    assert!((0.002..=0.013).contains(&mean), "{rates:?}");
    // A metric that never differs raises none.
    let same = self::samples(20, |_| 0.0);
    assert_eq!(
        session(&same, &gate(), &asked(1)).certificate.false_alarms,
        0.0
    );
}

#[test]
fn too_few_pairs_tell_nothing() {
    let few = noise(&samples(6, |lot| lot.unit()), &contrast(), &gate());
    assert_eq!(few[0].detectable, None);
    let planned = power(&few, &gate(), &plan(40, 1), |blocks| blocks, 1.0);
    assert_eq!(
        (planned.blocks, planned.effort, planned.longest),
        (None, None, None)
    );
    let none = noise(&[], &contrast(), &gate());
    assert_eq!(
        (none[0].pairs, none[0].sd, none[0].without),
        (0, None, None)
    );
}
