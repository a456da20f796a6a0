//! Adjusted p-values, looks, designs, the joint fit, and bounds against a baseline.

use super::*;
use tagperf::stats::*;

#[test]
fn oracle_adjusted_p_values() {
    let vectors = oracle()["multiplicity"].as_array().unwrap().clone();
    assert_eq!(vectors.len(), 8);
    type Adjust = fn(&[f64]) -> Result<Vec<f64>, Error>;
    let procedures: [(&str, Adjust); 5] = [
        ("bonferroni_adjusted", bonferroni),
        ("holm_adjusted", holm),
        ("hochberg_adjusted", hochberg),
        ("bh_adjusted", benjamini_hochberg),
        ("by_adjusted", benjamini_yekutieli),
    ];
    for vector in vectors {
        let p = numbers(&vector["p"]);
        for (key, adjust) in procedures {
            let (got, want) = (adjust(&p).unwrap(), numbers(&vector[key]));
            assert_eq!(got.len(), want.len());
            for (got, want) in got.iter().zip(want) {
                close_in_unit(*got, want, &format!("{} {key}", vector["name"]));
            }
        }
    }
}

#[test]
fn oracle_schedules() {
    for want in oracle()["schedules"].as_array().unwrap() {
        let cap = want["cap"].as_u64().unwrap() as usize;
        let got = schedule(number(&want["m"]), cap, number(&want["alpha"])).unwrap();
        let blocks: Vec<f64> = got.blocks.iter().map(|n| *n as f64).collect();
        assert_eq!(blocks, numbers(&want["looks"]));
        for (got, want) in got.weights.iter().zip(numbers(&want["weights"])) {
            close(*got, want, "weight");
        }
    }
}

#[test]
fn oracle_sequential_runs() {
    for run in oracle()["sequential_examples"].as_array().unwrap() {
        let delta = number(&run["delta"]);
        let d: Vec<f64> = numbers(&run["d"]).iter().map(|d| d - delta).collect();
        let looks = schedule(1.0, 40, 0.01).unwrap();
        let (mut greater, mut less) = (Vec::new(), Vec::new());
        let mut verdict = None;
        for (k, &n) in looks.blocks.iter().enumerate() {
            greater.push(signed_rank_p(&d[..n], DUST).unwrap());
            less.push(signed_rank_p(&negated(&d[..n]), DUST).unwrap());
            close_in_unit(greater[k], numbers(&run["p_greater"])[k], "p greater");
            close_in_unit(less[k], numbers(&run["p_less"])[k], "p less");
            let regressed = repeated_p(&greater, &looks.weights).unwrap();
            let ok = repeated_p(&less, &looks.weights).unwrap();
            close_in_unit(
                regressed,
                numbers(&run["repeated_p_regressed"])[k],
                "regressed",
            );
            close_in_unit(ok, numbers(&run["repeated_p_ok"])[k], "ok");
            let found = match (regressed <= 0.01, ok <= 0.05) {
                (true, _) => "regressed",
                (_, true) => "ok",
                _ if n == 40 => "inconclusive",
                _ => continue,
            };
            verdict.get_or_insert((found, n));
        }
        let want = (run["verdict"].as_str().unwrap(), number(&run["stopped_at"]));
        assert_eq!(verdict.map(|(v, n)| (v, n as f64)), Some(want));
    }
    let looks = schedule(1.0, 40, 0.01).unwrap();
    assert_eq!(
        critical_values(&looks, 0.01),
        Ok(vec![Some(55), Some(100), Some(182), Some(325), Some(604)])
    );
}

#[test]
fn oracle_hadamard_orders() {
    for (asked, want) in oracle()["hadamard"].as_object().unwrap() {
        let matrix = hadamard(asked.parse().unwrap()).unwrap();
        assert_eq!(matrix.len() as f64, number(&want["order_used"]));
        let orthogonal = (0..matrix.len()).all(|i| {
            (0..i).all(|j| {
                matrix
                    .iter()
                    .map(|row| row[i] * row[j])
                    .map(i32::from)
                    .sum::<i32>()
                    == 0
            })
        });
        assert_eq!(Some(orthogonal), want["orthogonal"].as_bool());
    }
}

#[test]
fn oracle_huber_fit() {
    for example in oracle()["huber_examples"].as_array().unwrap() {
        let signs: Vec<Vec<i8>> = example["S_rows_pm1"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| numbers(row).iter().map(|s| *s as i8).collect())
            .collect();
        let fit = huber(&signs, &numbers(&example["D"])).unwrap();
        for (got, want) in fit.estimates.iter().zip(numbers(&example["huber_b"])) {
            close(*got, want, "estimate");
        }
        for (got, want) in fit.errors.iter().zip(numbers(&example["huber_se"])) {
            close(*got, want, "standard error");
        }
        assert_eq!(fit.freedom, number(&example["df"]));
    }
}

#[test]
fn oracle_mover_bounds() {
    for example in oracle()["mover_examples"].as_array().unwrap() {
        let bounded = |h: &str, l: &str, u: &str| Bounded {
            estimate: number(&example[h]),
            low: number(&example[l]),
            high: number(&example[u]),
        };
        let got = mover_difference(bounded("h1", "l1", "u1"), bounded("h2", "l2", "u2"));
        close(got.estimate, number(&example["diff"]), "difference");
        close(got.low, number(&example["lower"]), "lower");
        close(got.high, number(&example["upper"]), "upper");
    }
}
