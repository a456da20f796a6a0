use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The machine that the page believes it runs on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Device {
    pub viewport: Viewport,
    /// How many times slower the main thread shall run; 1 is the machine itself.
    pub cpu_slowdown: f64,
    pub network: Option<Network>,
}

impl Default for Device {
    fn default() -> Self {
        Self {
            viewport: Viewport::DESKTOP,
            cpu_slowdown: 1.0,
            network: None,
        }
    }
}

/// Size of the visible page in CSS pixels, and device pixels per CSS pixel.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Viewport {
    pub width: u32,
    pub height: u32,
    pub scale: f64,
    /// Touch input and a mobile viewport meta tag.
    pub mobile: bool,
}

impl Viewport {
    pub const DESKTOP: Self = Self {
        width: 1366,
        height: 768,
        scale: 1.0,
        mobile: false,
    };
    pub const MOBILE: Self = Self {
        width: 412,
        height: 823,
        scale: 2.625,
        mobile: true,
    };
}

/// A shaped network, as the stage plays it to the browser.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Network {
    /// Added to every new connection and to every request.
    #[schemars(with = "f64")]
    pub rtt: Millis,
    /// Bits per second from the servers to the page, shared by all origins.
    pub down_bps: u64,
    /// Bits per second from the page to the servers, shared by all origins.
    pub up_bps: u64,
}

/// A duration that is stored as milliseconds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Millis(pub f64);

impl From<Millis> for Duration {
    fn from(value: Millis) -> Self {
        Duration::from_secs_f64(value.0.max(0.0) / 1e3)
    }
}
