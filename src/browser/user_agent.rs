//! What the page is told about the browser: an ordinary Chrome, since some tags behave differently for
//! a headless one.

use std::process::Stdio;
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::emulation::{
    SetUserAgentOverrideParams, UserAgentBrandVersion, UserAgentMetadata,
};
use tokio::process::Command;

use super::{Program, Viewport};

const MACOS: bool = cfg!(target_os = "macos");

/// Chrome's reduced user agent for a desktop: <https://www.chromium.org/updates/ua-reduction/>.
pub(super) fn desktop(major: u32) -> String {
    let system = if MACOS {
        "Macintosh; Intel Mac OS X 10_15_7"
    } else {
        "X11; Linux x86_64"
    };
    format!(
        "Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Safari/537.36"
    )
}

/// The same for a phone.
pub(super) fn mobile(major: u32) -> String {
    format!(
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Mobile Safari/537.36"
    )
}

/// The override for one page: header, `navigator.userAgent` and client hints agree with each other.
pub(super) fn override_for(
    viewport: &Viewport,
    major: u32,
    full: &str,
) -> SetUserAgentOverrideParams {
    let text = if viewport.mobile {
        mobile(major)
    } else {
        desktop(major)
    };
    let brands = |chromium: &str, other: &str| {
        Some(vec![
            UserAgentBrandVersion::new("Chromium", chromium),
            UserAgentBrandVersion::new("Not:A-Brand", other),
        ])
    };
    let platform = match (viewport.mobile, MACOS) {
        (true, _) => "Android",
        (false, true) => "macOS",
        (false, false) => "Linux",
    };
    let mut params = SetUserAgentOverrideParams::new(text);
    params.user_agent_metadata = Some(UserAgentMetadata {
        brands: brands(&major.to_string(), "8"),
        full_version_list: brands(full, "8.0.0.0"),
        platform: platform.into(),
        platform_version: if viewport.mobile { "10" } else { "" }.into(),
        architecture: if viewport.mobile { "" } else { "x86" }.into(),
        model: if viewport.mobile { "K" } else { "" }.into(),
        mobile: viewport.mobile,
        bitness: None,
        wow64: None,
        form_factors: None,
    });
    params
}

/// The major version that the program reports without being launched, as a flag must name it before.
pub(super) async fn major_version(program: &Program) -> Option<u32> {
    let output = Command::new(&program.path)
        .arg("--version")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(Duration::from_secs(10), output)
        .await
        .ok()?
        .ok()?;
    major(&String::from_utf8_lossy(&output.stdout))
}

/// `HeadlessChrome/156.0.8078.79` and `Chromium 156.0.8078.79 built on Debian` both give 156.
pub fn major(text: &str) -> Option<u32> {
    text.split(|c: char| !c.is_ascii_digit())
        .find(|digits| !digits.is_empty())?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_the_first_number() {
        assert_eq!(major("HeadlessChrome/156.0.8078.79"), Some(156));
        assert_eq!(
            major("Chromium 156.0.8078.79 built on Debian 12"),
            Some(156)
        );
        assert_eq!(major("no version"), None);
    }

    #[test]
    fn a_phone_says_so_in_every_place() {
        let params = override_for(&Viewport::MOBILE, 156, "156.0.1.2");
        let metadata = params.user_agent_metadata.unwrap();
        assert!(params.user_agent.contains("Mobile Safari") && metadata.mobile);
        assert!(!params.user_agent.contains("Headless"));
    }
}
