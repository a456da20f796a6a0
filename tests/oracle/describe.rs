//! Summaries, rank correlations, and the distributions that levels come from.

use super::*;
use tagperf::stats::*;

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
