use super::{Check, Fitness, Judged, Readings, fit, said};

pub const CHECK: Check = Check {
    id: "sandbox",
    what: "Does the browser's sandbox work? It changes no figure that was ever seen to matter, but a tag's code runs with the rights of whoever runs tagperf without it.",
    judge,
};

fn judge(readings: &Readings) -> Option<Judged> {
    if readings.browser.as_ref().ok()?.sandbox {
        return fit("on");
    }
    said(
        Fitness::Fit,
        "off: it cannot work as root or in this container",
        "measure as an ordinary user if you do not trust the tags",
    )
}
