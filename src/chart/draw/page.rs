//! A page that a figure fills from top to bottom.

use anyhow::Result;

use crate::model::Verdict;

use super::{Anchor, Colour, Label, Mark, Scene, Theme, font};

/// A page in the making.
#[derive(Debug)]
pub struct Page<'a> {
    pub theme: &'a Theme,
    /// Where the next thing goes, pixels from the top.
    pub y: f64,
    marks: Vec<Mark>,
}

impl<'a> Page<'a> {
    pub fn new(theme: &'a Theme) -> Self {
        Self {
            theme,
            y: 0.0,
            marks: Vec::new(),
        }
    }

    /// The page as far as it was filled.
    pub fn done(self, title: String, width: f64) -> Scene {
        Scene {
            title,
            width,
            height: self.y.ceil(),
            ground: self.theme.ground,
            marks: self.marks,
        }
    }

    /// Text on the baseline `y`, to one side of `x`, shortened where it needs more than `room` pixels.
    ///
    /// # Errors
    /// The embedded typeface is damaged.
    pub fn write(
        &mut self,
        text: &str,
        (x, anchor): (f64, Anchor),
        room: f64,
        (size, colour): (f64, Colour),
    ) -> Result<()> {
        self.marks.push(Mark::Text(Label {
            at: (x, self.y),
            text: font::fit(text, size, room)?,
            size,
            anchor,
            colour,
        }));
        Ok(())
    }

    pub fn rect(&mut self, (left, right): (f64, f64), (top, bottom): (f64, f64), fill: Colour) {
        self.marks.push(Mark::Rect {
            x: left.min(right),
            y: top.min(bottom),
            width: (right - left).abs(),
            height: (bottom - top).abs(),
            fill,
        });
    }

    /// A vertical line, one pixel wide.
    pub fn rule(&mut self, x: f64, span: (f64, f64), fill: Colour) {
        self.rect((x - 0.5, x + 0.5), span, fill);
    }

    pub fn polygon(&mut self, corners: &[(f64, f64)], fill: Colour) {
        self.marks.push(Mark::Polygon {
            corners: corners.to_vec(),
            fill,
        });
    }

    /// A hollow diamond, `radius` pixels from its centre to its corners.
    pub fn hollow(&mut self, (x, y): (f64, f64), radius: f64, fill: Colour) {
        let diamond = |r: f64| [(x, y - r), (x + r, y), (x, y + r), (x - r, y)];
        self.polygon(&diamond(radius), fill);
        self.polygon(&diamond(radius / 2.0), self.theme.ground);
    }

    /// The verdict's sign: triangle for regressed, disc for ok, hollow diamond for undecided, cross for not measured.
    pub fn sign(&mut self, verdict: Verdict, (x, y): (f64, f64)) {
        let fill = self.theme.of(verdict);
        match verdict {
            Verdict::Regressed => {
                self.polygon(
                    &[(x, y - 6.0), (x + 6.0, y + 5.0), (x - 6.0, y + 5.0)],
                    fill,
                );
            }
            Verdict::Ok => self.marks.push(Mark::Disc {
                centre: (x, y),
                radius: 4.5,
                fill,
            }),
            Verdict::Inconclusive => {
                self.hollow((x, y), 6.0, fill);
            }
            Verdict::NotComparable | Verdict::NotMeasured => {
                for slope in [1.0, -1.0] {
                    let bar = [(-4.5, -3.0), (-3.0, -4.5), (4.5, 3.0), (3.0, 4.5)];
                    let corners = bar.map(|(dx, dy)| (x + dx, y + slope * dy));
                    self.polygon(&corners, fill);
                }
            }
        }
    }
}
