//! How a figure becomes a file: a scene of plain shapes, painted as SVG or PNG.

mod axis;
mod font;
mod page;
mod paint;
mod scene;
mod theme;

pub use axis::Axis;
pub use font::width;
pub use page::Page;
pub use paint::{png, svg};
pub use scene::{Anchor, Colour, Label, Mark, Scene};
pub use theme::Theme;
