//! The machine that a run is measured on, and what must match for two runs to be comparable.

use std::collections::BTreeMap;
use std::fs;

use crate::model::{Environment, Fingerprint, ScenarioInfo};

/// Version of the measurement and of the statistics: raised when old and new numbers must not be compared.
const METHOD: &str = "1";

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

pub(super) fn fingerprint(environment: &Environment, scenario: &ScenarioInfo) -> Fingerprint {
    let entries = [
        ("method", METHOD.to_owned()),
        (
            "browser",
            format!("{} ({})", environment.browser, environment.browser_program),
        ),
        ("device", scenario.device.clone()),
        ("page", scenario.hash.chars().take(16).collect()),
        (
            "machine",
            format!("{} x {}", environment.cpu_count, environment.cpu_model),
        ),
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
