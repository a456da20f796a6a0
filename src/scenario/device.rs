use crate::model::{Device, Millis, Network, Viewport};
use crate::reader::{Noted, Value};

const VIEWPORTS: &[(&str, Viewport)] =
    &[("mobile", Viewport::MOBILE), ("desktop", Viewport::DESKTOP)];

/// Lighthouse's figures for applied throttling: `mobileSlow4G` (its default, about the slowest quarter of
/// 4G), and `desktopDense4G`, which leaves the upload free; the upload here is that of Chromium DevTools'
/// "Fast 4G". <https://github.com/GoogleChrome/lighthouse/blob/main/core/config/constants.js>
const NETWORKS: &[(&str, Option<Network>)] = &[
    ("none", None),
    (
        "slow-4g",
        Some(Network {
            rtt: Millis(150.0),
            down_bps: 1_600_000,
            up_bps: 750_000,
        }),
    ),
    (
        "fast-4g",
        Some(Network {
            rtt: Millis(40.0),
            down_bps: 10_000_000,
            up_bps: 1_500_000,
        }),
    ),
];

/// Reads `[device]`.
pub(super) fn read(value: Value<'_>) -> Result<Device, Noted> {
    value.table(|fields| {
        let default = Device::default();
        let viewport = fields.or("viewport", default.viewport, read_viewport);
        let mobile = fields.optional("mobile", Value::boolean);
        let cpu_slowdown = fields.or("cpu_slowdown", default.cpu_slowdown, |value| {
            value.number(1.0..=20.0)
        });
        let network = fields.or("network", default.network, read_network);
        let mut viewport = viewport?;
        viewport.mobile = mobile?.unwrap_or(viewport.mobile);
        Ok(Device {
            viewport,
            cpu_slowdown: cpu_slowdown?,
            network: network?,
        })
    })
}

/// `412x823@2.6`: CSS pixels, and device pixels per CSS pixel.
fn read_viewport(value: Value<'_>) -> Result<Viewport, Noted> {
    let place = value.clone();
    let text = value.text()?;
    if let Some((_, preset)) = VIEWPORTS.iter().find(|(name, _)| *name == text) {
        return Ok(*preset);
    }
    parse_viewport(&text).ok_or_else(|| {
        place.refuse_with(
            format!("{text:?} is no viewport"),
            "write `mobile`, `desktop`, or a size such as 412x823@2.6: from 50x50 to 8192x8192, scale from 0.5 to 5",
        )
    })
}

fn parse_viewport(text: &str) -> Option<Viewport> {
    let (size, scale) = text.split_once('@').unwrap_or((text, "1"));
    let (width, height) = size.split_once('x')?;
    let pixels = |text: &str| text.parse().ok().filter(|n| (50..=8192).contains(n));
    let scale = scale.parse().ok().filter(|n| (0.5..=5.0).contains(n))?;
    Some(Viewport {
        width: pixels(width)?,
        height: pixels(height)?,
        scale,
        mobile: false,
    })
}

/// A preset, or `{ rtt = "150ms", down = "1600kbps", up = "750kbps" }`.
fn read_network(value: Value<'_>) -> Result<Option<Network>, Noted> {
    if value.is_text() {
        return value.choice(NETWORKS);
    }
    value.table(|fields| {
        let rtt = fields.required("rtt", Value::duration);
        let down = fields.required("down", read_rate);
        let up = fields.required("up", read_rate);
        Ok(Some(Network {
            rtt: Millis(rtt?.as_secs_f64() * 1e3),
            down_bps: down?,
            up_bps: up?,
        }))
    })
}

fn read_rate(value: Value<'_>) -> Result<u64, Noted> {
    let place = value.clone();
    let rate = value.rate()?;
    if rate < 1e3 {
        return Err(place.refuse("below 1kbps no page loads"));
    }
    Ok(rate as u64)
}

/// `412x823@2.6 mobile, CPU 1x, network unshaped`
pub(super) fn describe(device: &Device) -> String {
    let cpu = device.cpu_slowdown;
    format!("{}, CPU {cpu}x, {}", screen(device), network(device))
}

/// The same without the CPU slowdown.
pub(super) fn conditions(device: &Device) -> String {
    format!("{}, {}", screen(device), network(device))
}

fn screen(device: &Device) -> String {
    let Viewport {
        width,
        height,
        scale,
        mobile,
    } = device.viewport;
    let mobile = if mobile { " mobile" } else { "" };
    format!("{width}x{height}@{scale}{mobile}")
}

fn network(device: &Device) -> String {
    let network = match device.network {
        None => "unshaped".to_owned(),
        Some(Network {
            rtt,
            down_bps,
            up_bps,
        }) => format!(
            "{} ms, {} kbps down, {} kbps up",
            rtt.0,
            down_bps as f64 / 1e3,
            up_bps as f64 / 1e3
        ),
    };
    format!("network {network}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn viewports_are_sizes_with_a_scale() {
        let phone = parse_viewport("412x823@2.6").unwrap();
        assert_eq!((phone.width, phone.height, phone.scale), (412, 823, 2.6));
        assert_eq!(parse_viewport("800x600").unwrap().scale, 1.0);
        for wrong in [
            "",
            "x",
            "800",
            "800x",
            "0x600",
            "-8x600",
            "800x600@",
            "800x600@nan",
            "800x600@0",
            "9000x600",
            "800x600x3",
            "800 x 600",
        ] {
            assert_eq!(parse_viewport(wrong), None, "{wrong:?}");
        }
    }
}
