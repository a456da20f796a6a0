/// The name of `names` that was probably meant by `typed`, if one is near enough.
pub fn nearest<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    // Below it Jaro–Winkler finds likeness in any two words.
    const ALIKE: f64 = 0.8;
    let typed = plain(typed);
    names
        .into_iter()
        .map(|name| (likeness(&typed, &plain(name)), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

fn plain(name: &str) -> String {
    name.to_lowercase().replace('-', "_")
}

/// From 0 to 1. Jaro–Winkler favours a common beginning, which is how names are mistyped, but it does not
/// see two exchanged letters in a short name.
fn likeness(a: &str, b: &str) -> f64 {
    const ONE_SLIP: f64 = 0.9;
    let similar = strsim::jaro_winkler(a, b);
    if b.len() > 2 && strsim::osa_distance(a, b) == 1 {
        similar.max(ONE_SLIP)
    } else {
        similar
    }
}

/// `` `a`, `b`, `c` ``
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// Longer lists are not read.
const MOST_LISTED: usize = 24;

/// What to write instead of `typed`: the nearest of `names`, or all of them under the heading `all`.
pub(super) fn instead(typed: &str, names: &[&str], all: &str) -> Option<String> {
    match nearest(typed, names.iter().copied()) {
        Some(name) => Some(format!("did you mean `{name}`?")),
        None if names.is_empty() => None,
        None => {
            let first = names.iter().copied().take(MOST_LISTED);
            let more = match names.len().saturating_sub(MOST_LISTED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            Some(format!("{all}: {}{more}", listed(first)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_likeness_is_told_what_there_is_up_to_a_point() {
        let few = instead("colour", &["cls", "lcp"], "metrics");
        assert_eq!(few.unwrap(), "metrics: `cls`, `lcp`");
        let many = instead("colour", &["cls"; 30], "metrics").unwrap();
        assert!(many.ends_with("`cls` and 6 more"), "{many}");
    }

    #[test]
    fn a_slip_of_the_finger_is_understood_and_another_word_is_not() {
        let names = ["viewport", "network", "cpu_slowdown"];
        assert_eq!(nearest("viewprt", names), Some("viewport"));
        assert_eq!(nearest("cpu-slowdown", names), Some("cpu_slowdown"));
        assert_eq!(nearest("Network", names), Some("network"));
        assert_eq!(nearest("colour", names), None);
        assert_eq!(nearest("lpc", ["cls", "cpu", "lcp"]), Some("lcp"));
    }
}
