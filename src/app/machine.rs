//! The machine that a run is measured on, and what must match for two runs to be comparable.

use std::collections::BTreeMap;
use std::fs;

use crate::model::{Environment, Fingerprint};
use crate::scenario::Scenario;

/// Version of the measurement and of the statistics: raised when old and new numbers must not be compared.
pub(super) const METHOD: &str = "1";

/// The fingerprint's entry for the scenario's hash.
pub(super) const PAGE: &str = "page";

/// Model name of the first processor, where the system tells.
pub(super) fn cpu_model() -> String {
    fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        })
        .unwrap_or_else(|| std::env::consts::ARCH.into())
}

/// Name and version of the operating system, where it tells.
pub(super) fn os() -> String {
    let name = fs::read_to_string("/etc/os-release").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("PRETTY_NAME="))?;
        Some(
            line.trim_start_matches("PRETTY_NAME=")
                .trim_matches('"')
                .to_owned(),
        )
    });
    name.unwrap_or_else(|| std::env::consts::OS.into())
}

/// Processors that this process may use.
pub(super) fn cpu_count() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What must match, and nothing that only moves the speed: that is scaled away.
pub(super) fn fingerprint(environment: &Environment, scenario: &Scenario) -> Fingerprint {
    let entries = [
        ("method", METHOD.to_owned()),
        (
            "browser",
            format!(
                "{} ({})",
                major(&environment.browser),
                environment.browser_program
            ),
        ),
        ("device", scenario.conditions()),
        (PAGE, page(scenario)),
        (
            "architecture",
            format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        ),
    ];
    Fingerprint(
        entries
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect::<BTreeMap<_, _>>(),
    )
}

/// The page as a fingerprint has it: enough of the hash to tell two pages apart, and to read in a diff.
pub(super) fn page(scenario: &Scenario) -> String {
    scenario.hash.chars().take(16).collect()
}

/// `HeadlessChrome/156.0.8078.79` → `HeadlessChrome/156`: within a major version only faults are repaired.
fn major(browser: &str) -> &str {
    browser.split('.').next().unwrap_or(browser)
}
