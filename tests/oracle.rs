//! Every statistic against reference values that other programs computed.

use serde_json::Value;
use tagperf::stats::*;

fn oracle() -> Value {
    let text = include_str!("data/oracle.json");
    serde_json::from_str(text).expect("the oracle is JSON")
}

fn datasets() -> Vec<Value> {
    let sets = oracle()["datasets"].as_array().expect("a list").clone();
    assert_eq!(sets.len(), 31);
    sets
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list of numbers");
    list.iter().map(|v| v.as_f64().expect("a number")).collect()
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("{value} is no number"))
}

fn samples(set: &Value) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let (x, y) = (numbers(&set["x"]), numbers(&set["y"]));
    let d = x.iter().zip(&y).map(|(x, y)| y - x).collect();
    (x, y, d)
}

fn negated(d: &[f64]) -> Vec<f64> {
    d.iter().map(|v| -v).collect()
}

/// Equal to 1e-9, relative to the larger of the expected value and `scale`.
#[track_caller]
fn close_on(scale: f64, got: f64, want: f64, what: &str) {
    let off = (got - want).abs();
    assert!(
        off <= 1e-9 * want.abs().max(scale),
        "{what}: {got} for {want}"
    );
}

#[track_caller]
fn close(got: f64, want: f64, what: &str) {
    close_on(1.0, got, want, what);
}

/// For values in the data's own unit, which may be 1e-6 or 1e12.
#[track_caller]
fn close_in_unit(got: f64, want: f64, what: &str) {
    close_on(f64::MIN_POSITIVE, got, want, what);
}

fn alternative(name: &str) -> Alternative {
    match name {
        "greater" => Alternative::Greater,
        "less" => Alternative::Less,
        "two-sided" => Alternative::TwoSided,
        other => panic!("{other}"),
    }
}

#[test]
fn oracle_signed_rank_exact_p() {
    for set in datasets() {
        let (_, _, d) = samples(&set);
        let name = set["name"].as_str().unwrap();
        let tests = set["wilcoxon_signed_rank"].as_object().unwrap();
        let exact = &tests["conditional_exact_midrank_zeros_dropped"];
        let greater = signed_rank_p(&d, 0.0).unwrap();
        let less = signed_rank_p(&negated(&d), 0.0).unwrap();
        let two_sided = (2.0 * greater.min(less)).min(1.0);
        close(greater, number(&exact["p_greater"]), name);
        close(less, number(&exact["p_less"]), name);
        close(two_sided, number(&exact["p_two_sided"]), name);
        for (test, got) in [
            ("exact/greater", greater),
            ("exact/less", less),
            ("exact/two-sided", two_sided),
            ("scipy_permutation_check_greater", greater),
        ] {
            if let Some(reference) = tests.get(test) {
                let p = reference.get("p").unwrap_or(reference);
                close(got, number(p), name);
            }
        }
    }
}

/// The reference took y − x as it is: in one set rounding error keeps equal differences apart. On a grid
/// they are equal; that p-value was counted with exact fractions.
#[test]
fn oracle_signed_rank_p_without_rounding_error() {
    let sets = datasets();
    let set = sets
        .iter()
        .find(|set| set["name"] == "bimodal_n18")
        .unwrap();
    let p = signed_rank_p(&samples(set).2, DUST).unwrap();
    assert_eq!(p, 4518.0 / 262_144.0);
}

#[test]
fn oracle_signed_rank_normal_approximation() {
    let mut checked = 0;
    for set in datasets() {
        let (_, _, d) = samples(&set);
        for (test, want) in set["wilcoxon_signed_rank"].as_object().unwrap() {
            let parts: Vec<&str> = test.split('/').collect();
            let ["asymptotic", zeros, side, continuity] = parts[..] else {
                continue;
            };
            let zeros = match zeros {
                "wilcox" => Zeros::Drop,
                "pratt" => Zeros::Pratt,
                _ => Zeros::Split,
            };
            let got = signed_rank_normal(&d, zeros, alternative(side), continuity == "cc=True");
            let what = format!("{} {test}", set["name"]);
            match want["z"].as_f64() {
                Some(z) => {
                    let got = got.unwrap();
                    close(got.z, z, &what);
                    close(got.p, number(&want["p"]), &what);
                    close(got.statistic, number(&want["stat"]), &what);
                }
                None => assert_eq!(got, Err(Error::NoSpread), "{what}"),
            }
            checked += 1;
        }
    }
    assert!(checked >= 31 * 18 - 18, "{checked}");
}

#[test]
fn oracle_signed_rank_null_distribution() {
    for (n, counts) in oracle()["wilcoxon_null_counts"].as_object().unwrap() {
        let n: usize = n.parse().unwrap();
        let counts = numbers(counts);
        let sf = signed_rank_sf(n);
        assert_eq!(sf.len(), counts.len());
        let all = 2f64.powi(n as i32);
        for w in 0..sf.len() {
            let tail: f64 = counts[w..].iter().sum();
            assert_eq!(sf[w], tail / all);
        }
    }
}

#[test]
fn oracle_signed_rank_critical_values() {
    let table = &oracle()["wilcoxon_upper_critical_values"]["table"];
    let mut reachable = 0;
    for (n, row) in table.as_object().unwrap() {
        for (alpha, want) in row.as_object().unwrap() {
            let got = critical_signed_rank(n.parse().unwrap(), alpha.parse().unwrap());
            let want = want.as_u64().map(|w| w as usize);
            assert_eq!(got, want, "n={n} alpha={alpha}");
            reachable += usize::from(want.is_some());
        }
    }
    assert!(reachable > 500, "{reachable}");
}

#[test]
fn oracle_walsh_estimate_and_interval() {
    for set in datasets() {
        let (_, _, d) = samples(&set);
        let name = set["name"].as_str().unwrap();
        let walsh = WalshAverages::of(&d).unwrap();
        close_in_unit(walsh.estimate(), number(&set["hl_paired"]), name);
        for (confidence, want) in set["walsh_ci"].as_object().unwrap() {
            let alpha = (1.0 - confidence.parse::<f64>().unwrap()) / 2.0;
            let Some(got) = walsh.interval(alpha).unwrap() else {
                assert!(want.is_null(), "{name} {confidence}");
                continue;
            };
            close_in_unit(got.low, number(&want["lower"]), name);
            close_in_unit(got.high, number(&want["upper"]), name);
            close(got.confidence, number(&want["achieved_conf"]), name);
            assert_eq!(walsh.lower(alpha), Ok(Some(got.low)));
            assert_eq!(walsh.upper(alpha), Ok(Some(got.high)));
        }
    }
}

#[test]
fn oracle_unpaired_shift_and_interval() {
    for set in datasets() {
        let (x, y, _) = samples(&set);
        let name = set["name"].as_str().unwrap();
        close_in_unit(
            hodges_lehmann_shift(&x, &y).unwrap(),
            number(&set["hl_unpaired"]),
            name,
        );
        // The two smallest sets have no interval at any level.
        let Some(intervals) = set["mw_shift_ci"].as_object() else {
            assert_eq!(shift_interval(&x, &y, 0.05), Ok(None), "{name}");
            continue;
        };
        for (confidence, want) in intervals {
            let alpha = (1.0 - confidence.parse::<f64>().unwrap()) / 2.0;
            let Some(got) = shift_interval(&x, &y, alpha).unwrap() else {
                assert!(want.is_null(), "{name} {confidence}");
                continue;
            };
            close_in_unit(got.low, number(&want["lower"]), name);
            close_in_unit(got.high, number(&want["upper"]), name);
            close(got.confidence, number(&want["achieved_conf"]), name);
            assert_eq!(
                critical_rank_sum(x.len(), y.len(), alpha),
                want["u_crit"].as_u64().map(|u| u as usize)
            );
        }
    }
}

#[test]
fn oracle_rank_sum_exact_p() {
    let mut checked = 0;
    for set in datasets() {
        let (x, y, _) = samples(&set);
        for (test, want) in set["mannwhitneyu(y,x)"].as_object().unwrap() {
            let Some((kind, side)) = test.split_once('/') else {
                continue;
            };
            if kind == "exact" || kind == "exact_permutation_ties" {
                let got = rank_sum_p(&x, &y, alternative(side)).unwrap();
                close(got, number(&want["p"]), &format!("{} {test}", set["name"]));
                checked += 1;
            }
        }
    }
    assert!(checked > 60, "{checked}");
}

#[test]
fn oracle_describe() {
    for set in datasets() {
        let (x, y, d) = samples(&set);
        for (side, values) in [("x", &x), ("y", &y), ("d", &d)] {
            let want = &set["describe"][side];
            let what = format!("{} {side}", set["name"]);
            // Sums of differences near 0 are as precise as their terms are large.
            let scale = values.iter().fold(0.0f64, |most, v| most.max(v.abs()));
            let check = |got: Result<f64, Error>, key: &str| {
                if let Some(want) = want[key].as_f64() {
                    close_on(scale, got.unwrap(), want, &format!("{what} {key}"));
                }
            };
            check(mean(values), "mean");
            check(median(values), "median");
            check(mad(values), "mad_raw");
            check(mad(values).map(|m| m * MAD_TO_SD), "mad_normal_1.4826");
            check(trimmed_mean(values, 0.1), "tmean10");
            check(trimmed_mean(values, 0.2), "tmean20");
            check(quantile(values, 0.25), "q25_type7");
            check(quantile(values, 0.75), "q75_type7");
            check(quantile(values, 0.95), "q95_type7");
            check(quantile(values, 0.0), "min");
            check(quantile(values, 1.0), "max");
            if values.len() > 1 {
                check(sd(values), "sd_ddof1");
            }
        }
    }
}

#[test]
fn oracle_rank_correlations_in_time() {
    let mut checked = 0;
    for set in datasets() {
        let (_, _, d) = samples(&set);
        let name = set["name"].as_str().unwrap();
        let Some(trend) = set.get("trend") else {
            continue;
        };
        match trend["spearman_rho"].as_f64() {
            Some(rho) => close(spearman_index(&d).unwrap(), rho, name),
            None => assert_eq!(spearman_index(&d), Err(Error::NoSpread)),
        }
        match set["lag1_rank_autocorr"].as_f64() {
            Some(lag1) => close(rank_lag1(&d).unwrap(), lag1, name),
            None => assert_eq!(rank_lag1(&d), Err(Error::NoSpread)),
        }
        checked += 1;
    }
    assert!(checked > 20, "{checked}");
}

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

#[test]
fn oracle_normal_and_t() {
    let quantiles = &oracle()["quantiles"];
    let rows = |name: &str| quantiles[name].as_object().unwrap().clone();
    let two = |key: &str| {
        let (a, b) = key.split_once('/').unwrap();
        (a.parse::<f64>().unwrap(), b.parse::<f64>().unwrap())
    };
    for (p, want) in rows("norm_ppf") {
        let got = normal_quantile(p.parse().unwrap()).unwrap();
        close_in_unit(got, number(&want), &p);
    }
    for (z, want) in rows("norm_sf") {
        close_in_unit(normal_sf(z.parse().unwrap()), number(&want), &z);
    }
    for (key, want) in rows("t_ppf") {
        let (p, freedom) = two(&key);
        close_in_unit(t_quantile(p, freedom).unwrap(), number(&want), &key);
    }
    for (key, want) in rows("t_sf") {
        let (t, freedom) = two(&key);
        close_in_unit(t_sf(t, freedom).unwrap(), number(&want), &key);
    }
}
