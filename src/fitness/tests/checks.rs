use super::*;

#[track_caller]
fn says(readings: &Readings, id: &str, fitness: Fitness, words: &[&str]) {
    let (_, checks) = examine(readings);
    let check = checks.iter().find(|check| check.id == id).unwrap();
    assert_eq!(check.fitness, fitness, "{check:?}");
    for word in words {
        let all = format!("{} | {}", check.seen, check.advice);
        assert!(all.contains(word), "`{word}` is not in {all}");
    }
}

/// `change` makes the one check `id` noisy or unfit, with words and an advice, and no other.
#[track_caller]
fn spoils(id: &str, to: Fitness, words: &[&str], change: impl Fn(&mut Readings)) {
    let mut readings = quiet();
    change(&mut readings);
    says(&readings, id, to, words);
    let (fitness, checks) = examine(&readings);
    assert_eq!(fitness, to);
    let spoilt: Vec<_> = checks
        .iter()
        .filter(|c| c.fitness != Fitness::Fit)
        .collect();
    assert!(
        spoilt.len() == 1 && !spoilt[0].advice.is_empty(),
        "{spoilt:?}"
    );
}

fn session_of(readings: &mut Readings) -> &mut Played {
    readings.session.as_mut().unwrap().as_mut().unwrap()
}

#[test]
fn a_machine_that_is_left_alone_is_fit() {
    let (fitness, checks) = examine(&quiet());
    assert_eq!(fitness, Fitness::Fit, "{checks:#?}");
    assert_eq!(checks.len(), crate::fitness::checks::ALL.len());
}

#[test]
fn a_busy_machine_is_noisy_and_the_culprit_is_named() {
    spoils(
        "busy",
        Fitness::Noisy,
        &["1.0 of 2 CPUs", "`yes`", "0.07"],
        |r| {
            r.watched[1] = watched(1.0, 0.0, 0.2);
        },
    );
    spoils("steal", Fitness::Noisy, &["5.0 %"], |r| {
        r.watched[1] = watched(0.0, 0.05, 0.0)
    });
    spoils("pressure", Fitness::Noisy, &["46 %"], |r| {
        r.watched[1] = watched(0.1, 0.0, 0.46)
    });
    spoils("waiting", Fitness::Noisy, &["70 %"], |r| {
        session_of(r).waiting = Some(0.7)
    });
    spoils("throttle", Fitness::Noisy, &["3.20"], |r| {
        r.slowdown = Some((4.0, 3.2))
    });
    spoils("throttle", Fitness::Noisy, &["4.70"], |r| {
        r.slowdown = Some((4.0, 4.7))
    });
    spoils("cpus", Fitness::Noisy, &["1 of 2 x AMD EPYC"], |r| {
        r.cpus.allowed = 1
    });
    spoils(
        "speed",
        Fitness::Noisy,
        &["governor powersave", "performance"],
        |r| {
            r.governor = Some("powersave".into());
            r.speed_ms.extend([20.0, 21.0]);
        },
    );
}

#[test]
fn what_a_system_does_not_tell_is_said_and_no_failure() {
    let mut readings = quiet();
    for watched in &mut readings.watched {
        (watched.others, watched.most, watched.steal, watched.stalled) = (None, None, None, None);
    }
    (readings.load, readings.disk_free, readings.clock.source) = (None, None, None);
    session_of(&mut readings).waiting = None;
    for id in ["busy", "steal", "pressure", "disk", "waiting"] {
        says(&readings, id, Fitness::Fit, &["cannot be told here"]);
    }
    assert_eq!(examine(&readings).0, Fitness::Fit);
}

#[test]
fn without_a_browser_the_rest_is_still_looked_at() {
    let mut readings = quiet();
    readings.browser = Err("no Chromium was found".into());
    (readings.slowdown, readings.session, readings.speed_ms) = (None, None, vec![]);
    says(
        &readings,
        "browser",
        Fitness::Unfit,
        &["no Chromium was found"],
    );
    let (fitness, checks) = examine(&readings);
    assert_eq!(fitness, Fitness::Unfit);
    let ids: Vec<&str> = checks.iter().map(|check| check.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "browser", "cpus", "busy", "steal", "pressure", "clock", "disk"
        ]
    );
}

#[test]
fn what_makes_figures_wrong_is_unfit() {
    spoils("clock", Fitness::Unfit, &["10000.00 µs"], |r| {
        r.clock.step_us = 1e4
    });
    spoils("disk", Fitness::Unfit, &["0.0 GB"], |r| {
        r.disk_free = Some(1_000_000)
    });
    spoils("false_alarms", Fitness::Unfit, &["1 of 2"], |r| {
        session_of(r).session.certificate.regressed = 1;
    });
    spoils("false_alarms", Fitness::Unfit, &["4.0 %"], |r| {
        session_of(r).session.certificate.false_alarms = 0.04;
    });
    spoils("trials", Fitness::Unfit, &["9 of 40", "crashed"], |r| {
        let played = session_of(r);
        (played.lost, played.fault) = (9, Some("the page's process crashed".into()));
    });
    spoils("trials", Fitness::Unfit, &["no origin"], |r| {
        r.session = Some(Err("no origin".into()))
    });
    spoils("trials", Fitness::Unfit, &["disk full"], |r| {
        session_of(r).stop = Stop::Broken("disk full".into());
    });
}

#[test]
fn a_doubtful_session_is_noisy() {
    spoils("trials", Fitness::Noisy, &["interrupted"], |r| {
        session_of(r).stop = Stop::Interrupted;
    });
    spoils("clock", Fitness::Noisy, &["jumped by 30.0 s"], |r| {
        r.clock.jump_s = 30.0
    });
    spoils("clock", Fitness::Noisy, &["steps"], |r| {
        r.clock.step_us = 250.0
    });
    spoils("drift", Fitness::Noisy, &["LCP"], |r| {
        session_of(r).session.noise[1].drifted = true;
    });
}

#[test]
fn a_margin_within_the_noise_is_noisy_and_the_advice_has_figures() {
    let spread = |factor: f64| {
        move |r: &mut Readings| {
            let played = session_of(r);
            for noise in &mut played.session.noise {
                noise.detectable = noise.detectable.map(|seen| seen.map(|seen| seen * factor));
            }
            let noise = &played.session.noise;
            played.power = power(noise, &gate(), &plan(40, 1), |blocks| 2 * blocks, 2.0);
        }
    };
    spoils(
        "noise",
        Fitness::Noisy,
        &["of LCP", "raise [gate] lcp to", " ms, or --max-blocks to"],
        spread(25.0),
    );
    let hopeless = "no --max-blocks that is allowed would do";
    spoils("noise", Fitness::Noisy, &[hopeless], spread(250.0));
    spoils("noise", Fitness::Noisy, &["40 pairs are too few"], |r| {
        spread(25.0)(r);
        session_of(r).power.design = Design::Screen;
    });
    spoils("noise", Fitness::Noisy, &["--blocks 20"], |r| {
        session_of(r).power.metrics[0].blocks = None;
    });
}
