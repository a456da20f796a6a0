//! Scenes as SVG text and as PNG bytes.

use ab_glyph::{Font, ScaleFont, point};
use anyhow::{Context, Result, anyhow};
use plotters::backend::{BitMapBackend, SVGBackend};
use plotters::prelude::{
    Color, DrawingBackend, FontDesc, FontFamily, FontStyle, RGBColor, TextStyle,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::font;
use super::{Anchor, Colour, Label, Mark, Scene};

/// Backends count whole pixels: twice as many are sharp on fine screens and leave no visible rounding.
const SCALE: f64 = 2.0;

/// Plotters' font size is this many times the em that it writes into the SVG.
const PLOTTERS_SIZE: f64 = 1.24;

/// Plotters sets the baseline of an SVG's text this many em below its top.
const PLOTTERS_ASCENT: f64 = 0.76;

/// The scene as a complete SVG document of the scene's size.
///
/// # Errors
/// Plotters cannot write a mark.
pub fn svg(scene: &Scene) -> Result<String> {
    let mut drawn = String::new();
    let mut backend = SVGBackend::with_string(&mut drawn, pixels(scene));
    paint(&mut backend, scene, |backend, label| {
        let size = label.size * SCALE * PLOTTERS_SIZE;
        let face = FontDesc::new(FontFamily::Name(font::FAMILY), size, FontStyle::Normal);
        let colour = rgb(label.colour);
        let h_pos = match label.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let style = TextStyle::from(face)
            .color(&colour)
            .pos(Pos::new(h_pos, VPos::Top));
        let top = label.at.1 - label.size * PLOTTERS_ASCENT;
        let drawn = backend.draw_text(&label.text, &style, pixel((label.at.0, top)));
        drawn.map_err(|error| anyhow!("write a text into the SVG: {error}"))
    })?;
    drop(backend);
    let (_, body) = drawn
        .split_once(">\n")
        .context("plotters wrote an SVG without a head")?;
    let (across, down) = pixels(scene);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" \
         viewBox=\"0 0 {across} {down}\" role=\"img\">\n<title>{}</title>\n{body}",
        scene.width,
        scene.height,
        super::super::text::safe::xml(&scene.title)
    ))
}

/// The scene as a PNG file, at twice the scene's size.
///
/// # Errors
/// A mark or the file cannot be encoded.
pub fn png(scene: &Scene) -> Result<Vec<u8>> {
    let (across, down) = pixels(scene);
    let mut buffer = vec![0; across as usize * down as usize * 3];
    let mut backend = BitMapBackend::with_buffer(&mut buffer, (across, down));
    paint(&mut backend, scene, draw_glyphs)?;
    drop(backend);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, across, down);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().context("encode the PNG's head")?;
    writer
        .write_image_data(&buffer)
        .context("encode the PNG's pixels")?;
    writer.finish().context("encode the PNG's end")?;
    Ok(file)
}

fn paint<B: DrawingBackend>(
    backend: &mut B,
    scene: &Scene,
    write: impl Fn(&mut B, &Label) -> Result<()>,
) -> Result<()> {
    let ground = Mark::Rect {
        x: 0.0,
        y: 0.0,
        width: scene.width,
        height: scene.height,
        fill: scene.ground,
    };
    for mark in std::iter::once(&ground).chain(&scene.marks) {
        let drawn = match mark {
            Mark::Rect {
                x,
                y,
                width,
                height,
                fill,
            } => backend.draw_rect(
                pixel((*x, *y)),
                pixel((x + width, y + height)),
                &rgb(*fill),
                true,
            ),
            Mark::Polygon { corners, fill } => {
                backend.fill_polygon(corners.iter().map(|at| pixel(*at)), &rgb(*fill))
            }
            Mark::Disc {
                centre,
                radius,
                fill,
            } => backend.draw_circle(
                pixel(*centre),
                (radius * SCALE).round() as u32,
                &rgb(*fill),
                true,
            ),
            Mark::Text(label) => {
                write(backend, label)?;
                Ok(())
            }
        };
        drawn.map_err(|error| anyhow!("draw a mark of the figure: {error}"))?;
    }
    backend
        .present()
        .map_err(|error| anyhow!("finish the figure: {error}"))
}

/// Plotters' own way loses the glyphs' side bearings, which shows at this size.
fn draw_glyphs(backend: &mut BitMapBackend, label: &Label) -> Result<()> {
    let face = font::face()?;
    let face = face.as_scaled((label.size * SCALE) as f32 * font::height_per_em(&face));
    let advance = |c| face.h_advance(face.glyph_id(c));
    let length: f32 = label.text.chars().map(advance).sum();
    let (x, baseline) = (label.at.0 * SCALE, label.at.1 * SCALE);
    let mut pen = x as f32
        - match label.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => length / 2.0,
            Anchor::End => length,
        };
    for c in label.text.chars() {
        let mut glyph = face.scaled_glyph(c);
        glyph.position = point(pen, baseline.round() as f32);
        pen += advance(c);
        let Some(outline) = face.outline_glyph(glyph) else {
            continue;
        };
        let corner = outline.px_bounds().min;
        let mut result = Ok(());
        outline.draw(|x, y, cover| {
            let at = (corner.x as i32 + x as i32, corner.y as i32 + y as i32);
            let ink = rgb(label.colour).mix(f64::from(cover.min(1.0)));
            let drawn = backend.draw_pixel(at, ink.to_backend_color());
            if let Err(error) = drawn {
                result = Err(anyhow!("draw a letter of the figure: {error}"));
            }
        });
        result?;
    }
    Ok(())
}

fn pixels(scene: &Scene) -> (u32, u32) {
    let (across, down) = pixel((scene.width, scene.height));
    (across.unsigned_abs(), down.unsigned_abs())
}

fn pixel((x, y): (f64, f64)) -> (i32, i32) {
    ((x * SCALE).round() as i32, (y * SCALE).round() as i32)
}

fn rgb(Colour(red, green, blue): Colour) -> RGBColor {
    RGBColor(red, green, blue)
}
