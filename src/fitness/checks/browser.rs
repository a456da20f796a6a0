use super::{Check, Judged, Readings, fit, unfit};

pub const CHECK: Check = Check {
    id: "browser",
    what: "Is there a Chromium that starts and answers? Nothing can be measured without one.",
    judge,
};

fn judge(readings: &Readings) -> Option<Judged> {
    match &readings.browser {
        Ok(browser) => fit(format!("{} ({})", browser.version, browser.program)),
        Err(why) => unfit(why, "then run `tagperf doctor` again"),
    }
}
