//! Measurement data on its way out: it is taken, counted, and answered so that the sender is content.

use hyper::{Method, StatusCode};

use super::asked::{Asked, Purpose};

/// A transparent GIF of one pixel: what a tracking server answers to an image.
///
/// An image without content would fire `error`, and some tags send again then.
pub(super) const EMPTY_GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// Images in these formats are pictures that the page shows, whatever their query is for.
const PICTURES: &[&str] = &[".jpg", ".jpeg", ".webp", ".avif", ".svg"];

/// How a beacon is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beacon {
    /// 204.
    Data,
    /// 200 with [`EMPTY_GIF`].
    Pixel,
}

impl Beacon {
    /// Whether a request to a host or a path that nobody plays looks like measurement data.
    ///
    /// `fetch`, `sendBeacon`, pings and reports that send something, and images that are asked for with a query.
    pub(super) fn of(asked: &Asked) -> Option<Self> {
        let sends = matches!(*asked.method(), Method::POST | Method::PUT);
        match asked.purpose() {
            Purpose::Data if sends => Some(Beacon::Data),
            Purpose::Image if asked.is_reading() && is_pixel(asked) => Some(Beacon::Pixel),
            _ => None,
        }
    }

    pub(super) fn status(self) -> StatusCode {
        match self {
            Beacon::Data => StatusCode::NO_CONTENT,
            Beacon::Pixel => StatusCode::OK,
        }
    }
}

fn is_pixel(asked: &Asked) -> bool {
    let path = asked.url.path().to_ascii_lowercase();
    asked.url.query().is_some() && !PICTURES.iter().any(|end| path.ends_with(end))
}
