//! The command line of the browser: quiet, repeatable, and silent towards the internet.

use std::path::Path;

use super::Program;

/// Taken from what chrome-launcher and puppeteer have in common, less what does not matter here.
const ALWAYS: &[&str] = &[
    "--remote-debugging-pipe",
    // A page must not be slowed down for being in the background, nor killed for being busy.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-ipc-flooding-protection",
    "--disable-hang-monitor",
    // Nothing of the browser's own on the network. Where the page's traffic goes is up to the caller.
    "--disable-background-networking",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-quic",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--metrics-recording-only",
    // No visitors, no questions, no keyrings.
    "--disable-component-extensions-with-background-pages",
    "--disable-extensions",
    "--disable-popup-blocking",
    "--disable-prompt-on-repost",
    "--disable-search-engine-choice-screen",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--password-store=basic",
    "--propagate-iph-for-testing",
    "--use-mock-keychain",
    // The same pixels and the same features on every machine.
    "--disable-field-trial-config",
    "--disable-gpu",
    "--force-color-profile=srgb",
    "--force-fieldtrials=*BackgroundTracing/default/",
    "--hide-scrollbars",
    // Some tags do nothing when `navigator.webdriver` is set.
    "--disable-blink-features=AutomationControlled",
];

/// Chromium honours the last `--disable-features` only, so there must be one.
const DISABLED_FEATURES: &[&str] = &[
    "AcceptCHFrame",
    "AutofillServerCommunication",
    "BackForwardCache",
    "CertificateTransparencyComponentUpdater",
    "DialMediaRouteProvider",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "InterestFeedContentSuggestions",
    "LocalNetworkAccessChecks",
    "MediaRouter",
    "OptimizationHints",
    "PaintHolding",
    "PrivacySandboxSettings4",
    "ProcessPerSiteUpToMainFrameThreshold",
    "RenderDocument",
    "SpareRendererForSitePerProcess",
    "Translate",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
];

/// All arguments for one launch.
pub(super) fn arguments(
    program: &Program,
    profile: &Path,
    sandbox: bool,
    user_agent: Option<&str>,
    extra: &[String],
) -> Vec<String> {
    let mut flags: Vec<String> = ALWAYS.iter().map(|flag| (*flag).into()).collect();
    flags.push(format!(
        "--disable-features={}",
        DISABLED_FEATURES.join(",")
    ));
    flags.push(format!("--user-data-dir={}", profile.display()));
    if !program.is_shell() {
        // Without the second, a new-tab page and its helpers work beside the page under test.
        flags.extend(["--headless".into(), "--no-startup-window".into()]);
    }
    if !sandbox {
        flags.push("--no-sandbox".into());
    }
    if !roomy_shared_memory() {
        flags.push("--disable-dev-shm-usage".into());
    }
    if let Some(user_agent) = user_agent {
        flags.push(format!("--user-agent={user_agent}"));
    }
    flags.extend_from_slice(extra);
    flags
}

/// Containers often give 64 MB of `/dev/shm`, in which a big page crashes.
fn roomy_shared_memory() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    rustix::fs::statvfs("/dev/shm").is_ok_and(|shm| shm.f_bavail * shm.f_frsize >= 256 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(program: &str, sandbox: bool, extra: &[String]) -> Vec<String> {
        let program = Program {
            path: program.into(),
        };
        arguments(&program, Path::new("/p"), sandbox, None, extra)
    }

    #[test]
    fn a_full_browser_is_told_to_have_no_window() {
        let has = |flags: Vec<String>| flags.iter().any(|flag| flag == "--no-startup-window");
        assert!(has(of("/usr/lib/chromium/chromium", true, &[])));
        assert!(!has(of("/x/chrome-headless-shell", true, &[])));
    }

    #[test]
    fn the_sandbox_stays_on_unless_it_cannot() {
        let off = |flags: Vec<String>| flags.iter().any(|flag| flag == "--no-sandbox");
        assert!(!off(of("/x/chromium", true, &[])));
        assert!(off(of("/x/chromium", false, &[])));
    }

    #[test]
    fn no_flag_is_given_twice_and_the_callers_come_last() {
        let flags = of(
            "/x/chromium",
            false,
            &["--host-resolver-rules=MAP * ~NOTFOUND".into()],
        );
        let mut names: Vec<&str> = flags
            .iter()
            .map(|flag| flag.split('=').next().unwrap())
            .collect();
        assert_eq!(
            flags.last().unwrap(),
            "--host-resolver-rules=MAP * ~NOTFOUND"
        );
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
