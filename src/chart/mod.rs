//! Figures of a report: what a tag costs, as a picture.
//!
//! A figure is a file here and a row in [`ALL`]; it says which shapes stand where and knows no file format.

mod cost;
mod draw;
pub mod text;

use anyhow::{Context, Result};

pub use draw::{Anchor, Colour, Label, Mark, Scene, Theme};

use crate::model::Report;

/// A figure. Its files in a run's folder are `<id>.svg` and `<id>.png`.
#[derive(Clone, Copy, Debug)]
pub struct Chart {
    pub id: &'static str,
    pub title: &'static str,
    pub draw: fn(&Report, &Theme) -> Result<Scene>,
}

#[rustfmt::skip]
pub static ALL: &[Chart] = &[
    cost::CHART,
];

/// The figure as an SVG document, 800 pixels wide; text stays text and names typefaces that need no download.
///
/// # Errors
/// The report contradicts itself, or a mark cannot be written.
pub fn svg(chart: &Chart, report: &Report, theme: &Theme) -> Result<String> {
    let scene =
        (chart.draw)(report, theme).with_context(|| format!("draw figure `{}`", chart.id))?;
    draw::svg(&scene)
}

/// The figure as a PNG file at twice the width of the SVG, so that it is sharp on fine screens.
///
/// # Errors
/// The report contradicts itself, or the picture cannot be encoded.
pub fn png(chart: &Chart, report: &Report, theme: &Theme) -> Result<Vec<u8>> {
    let scene =
        (chart.draw)(report, theme).with_context(|| format!("draw figure `{}`", chart.id))?;
    draw::png(&scene)
}
