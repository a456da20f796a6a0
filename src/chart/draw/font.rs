//! The one typeface of all figures: part of the program, so that a picture is the same on every machine.

use ab_glyph::{Font, FontRef, GlyphId, ScaleFont};
use anyhow::{Context, Result};

use super::super::text::safe;

/// What an SVG asks for: the embedded typeface where it is installed, else one of much the same width.
pub const FAMILY: &str = "Ubuntu, Helvetica, Arial, sans-serif";

/// DejaVu Sans, the widest typeface that viewers commonly fall back to, is wider than ours by this much.
const SLACK: f64 = 1.25;

/// Ubuntu Light, under the Ubuntu Font Licence 1.0.
pub fn face() -> Result<FontRef<'static>> {
    FontRef::try_from_slice(epaint_default_fonts::UBUNTU_LIGHT)
        .context("read the embedded typeface")
}

/// Ratio of ab_glyph's scale, the typeface's height, to the em that sizes are given in.
pub fn height_per_em(face: &impl Font) -> f32 {
    face.height_unscaled() / face.units_per_em().unwrap_or(1000.0)
}

/// How much room `text` needs in any viewer, pixels.
///
/// # Errors
/// The embedded typeface is damaged.
pub fn width(text: &str, size: f64) -> Result<f64> {
    let face = face()?;
    let scaled = face.as_scaled(size as f32 * height_per_em(&face));
    let advance = |c| match scaled.glyph_id(c) {
        // A viewer takes such a letter from another typeface; the widest scripts fill the em.
        GlyphId(0) => size,
        glyph => f64::from(scaled.h_advance(glyph)),
    };
    Ok(text.chars().map(advance).sum::<f64>() * SLACK)
}

/// `text`, shortened in its middle where it needs more than `room` pixels.
///
/// # Errors
/// The embedded typeface is damaged.
pub fn fit(text: &str, size: f64, room: f64) -> Result<String> {
    let length = text.chars().count();
    for max in (1..=length).rev() {
        let short = safe::shorten(text, length, max);
        if width(&short, size)? <= room {
            return Ok(short);
        }
    }
    Ok(String::new())
}
