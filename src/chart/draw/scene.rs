//! A picture as plain shapes: figures say what is drawn where, painters know the file formats.

/// Shapes in the order in which they are painted, on a plain ground. Lengths are CSS pixels, y points down.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// What a reader who cannot see the picture is told.
    pub title: String,
    pub width: f64,
    pub height: f64,
    pub ground: Colour,
    pub marks: Vec<Mark>,
}

/// Red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// One shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A filled rectangle; a thin one is a line.
    Rect {
        x: f64,
        y: f64,
        width: f64,
        height: f64,
        fill: Colour,
    },
    /// A filled polygon.
    Polygon {
        corners: Vec<(f64, f64)>,
        fill: Colour,
    },
    /// A filled circle.
    Disc {
        centre: (f64, f64),
        radius: f64,
        fill: Colour,
    },
    Text(Label),
}

/// One line of text whose baseline goes through `at`.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub at: (f64, f64),
    pub text: String,
    /// The em, in pixels.
    pub size: f64,
    pub anchor: Anchor,
    pub colour: Colour,
}

/// Which end of a text stands at its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}
