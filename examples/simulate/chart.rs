//! The figures of the documentation, as SVG.

use std::collections::BTreeSet;
use std::path::Path;

use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;

use super::intervals::Coverage;
use super::many_tags::Growth;
use super::noise::Noise;
use super::order::FalseAlarms;
use super::stopping::Verdicts;

type Outcome = Result<(), Box<dyn std::error::Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const SIZE: (u32, u32) = (860, 420);
const FONT: &str = "sans-serif";
/// Told apart by people with any colour vision, and in grey (Okabe & Ito).
const COLOURS: [RGBColor; 3] = [
    RGBColor(213, 94, 0),
    RGBColor(86, 180, 233),
    RGBColor(0, 114, 178),
];
const GREY: RGBColor = RGBColor(110, 110, 110);

fn draw(path: &Path, figure: impl FnOnce(&Area) -> Outcome) -> Outcome {
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    figure(&root)?;
    root.present()?;
    Ok(())
}

/// False alarms by noise and order of loads, as groups of bars.
pub fn orders(path: &Path, alarms: &[FalseAlarms]) -> Outcome {
    draw(path, |root| {
        let mut chart = ChartBuilder::on(root)
            .margin(12)
            .caption("False alarms by order of loads, nominal 1 %", (FONT, 18))
            .x_label_area_size(60)
            .y_label_area_size(48)
            .build_cartesian_2d(-0.5..alarms.len() as f64 - 0.5, 0.0..100.0)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(WHITE)
            .x_labels(alarms.len())
            .x_label_formatter(&|x| noise_at(alarms.iter().map(|a| a.noise), *x))
            .y_desc("called slower, %")
            .label_style((FONT, 13))
            .draw()?;
        let names = [
            "one arm, then the other",
            "strictly alternating",
            "random within blocks",
        ];
        for (order, name) in names.into_iter().enumerate() {
            let bars = alarms.iter().enumerate().map(|(i, alarm)| {
                let left = i as f64 - 0.36 + 0.24 * order as f64;
                Rectangle::new(
                    [(left, 0.0), (left + 0.22, alarm.orders[order])],
                    COLOURS[order].filled(),
                )
            });
            chart.draw_series(bars)?.label(name).legend(move |(x, y)| {
                Rectangle::new([(x, y - 5), (x + 14, y + 5)], COLOURS[order].filled())
            });
        }
        chart.draw_series([PathElement::new(
            vec![(-0.5, 1.0), (alarms.len() as f64 - 0.5, 1.0)],
            GREY.stroke_width(1),
        )])?;
        legend(&mut chart, SeriesLabelPosition::UpperLeft)
    })
}

fn noise_at(noises: impl Iterator<Item = Noise>, x: f64) -> String {
    let on_tick = (x - x.round()).abs() < 1e-6;
    let mut noises = noises;
    match noises.nth(x.round().max(0.0) as usize) {
        Some(noise) if on_tick && x > -0.1 => noise.name().into(),
        _ => String::new(),
    }
}

/// Share of each verdict against the true cost.
pub fn verdicts(path: &Path, curves: &[Verdicts]) -> Outcome {
    draw(path, |root| {
        let mut chart = ChartBuilder::on(root)
            .margin(12)
            .caption("Verdict by true cost, at most 40 blocks", (FONT, 18))
            .x_label_area_size(44)
            .y_label_area_size(48)
            .build_cartesian_2d(-2.5..2.5, 0.0..100.0)?;
        chart
            .configure_mesh()
            .light_line_style(WHITE)
            .x_desc("cost beyond the margin, in standard deviations of one load")
            .y_desc("runs, %")
            .label_style((FONT, 13))
            .draw()?;
        for (curve, colour) in curves.iter().zip(COLOURS) {
            let (name, points) = (curve.noise.name(), &curve.points);
            let regressed = points.iter().map(|p| (p.0, p.1)).collect();
            line(
                &mut chart,
                regressed,
                colour,
                false,
                format!("regressed, {name}"),
            )?;
            let ok = points.iter().map(|p| (p.0, p.2)).collect();
            line(&mut chart, ok, colour, true, format!("ok, {name}"))?;
        }
        legend(&mut chart, SeriesLabelPosition::MiddleRight)
    })
}

/// Mean number of blocks against the true cost.
pub fn effort(path: &Path, curves: &[Verdicts]) -> Outcome {
    draw(path, |root| {
        let mut chart = ChartBuilder::on(root)
            .margin(12)
            .caption("Blocks until the verdict, mean", (FONT, 18))
            .x_label_area_size(44)
            .y_label_area_size(48)
            .build_cartesian_2d(-2.5..2.5, 0.0..42.0)?;
        chart
            .configure_mesh()
            .light_line_style(WHITE)
            .x_desc("cost beyond the margin, in standard deviations of one load")
            .y_desc("blocks")
            .label_style((FONT, 13))
            .draw()?;
        for (curve, colour) in curves.iter().zip(COLOURS) {
            let points = curve.points.iter().map(|p| (p.0, p.3)).collect();
            line(&mut chart, points, colour, false, curve.noise.name().into())?;
        }
        legend(&mut chart, SeriesLabelPosition::UpperRight)
    })
}

/// Loads against the number of tags, both on logarithmic axes.
pub fn growth(path: &Path, caption: &str, growths: &[Growth]) -> Outcome {
    draw(path, |root| {
        let mut chart = ChartBuilder::on(root)
            .margin(12)
            .caption(caption, (FONT, 18))
            .x_label_area_size(44)
            .y_label_area_size(56)
            .build_cartesian_2d((4.5..55.0).log_scale(), (50.0..30_000.0).log_scale())?;
        chart
            .configure_mesh()
            .light_line_style(WHITE)
            .x_desc("tags")
            .y_desc("loads")
            .x_label_formatter(&|x: &f64| format!("{x:.0}"))
            .y_label_formatter(&|y: &f64| format!("{y:.0}"))
            .label_style((FONT, 13))
            .draw()?;
        let designs: Vec<&str> = growths.iter().map(|growth| growth.design).collect();
        for growth in growths {
            let first = designs.iter().position(|design| *design == growth.design);
            let rank = designs[..first.unwrap_or(0)]
                .iter()
                .collect::<BTreeSet<_>>()
                .len();
            let colour = COLOURS[rank % COLOURS.len()];
            let reached = |(tags, loads): &(usize, Option<usize>)| {
                loads.map(|loads| (*tags as f64, loads as f64))
            };
            let points: Vec<(f64, f64)> = growth.loads.iter().filter_map(reached).collect();
            let dots = points
                .iter()
                .map(|point| Circle::new(*point, 4, colour.filled()));
            chart.draw_series(dots)?;
            let name = format!("{}, {}", growth.design, growth.noise.name());
            line(
                &mut chart,
                points,
                colour,
                growth.noise != Noise::Logn,
                name,
            )?;
        }
        legend(&mut chart, SeriesLabelPosition::UpperLeft)
    })
}

/// Coverage of the 98 % interval by noise and number of blocks.
pub fn coverage(path: &Path, coverages: &[Coverage]) -> Outcome {
    draw(path, |root| {
        let mut chart = ChartBuilder::on(root)
            .margin(12)
            .caption("Coverage of the 98 % interval", (FONT, 18))
            .x_label_area_size(60)
            .y_label_area_size(48)
            .build_cartesian_2d(-0.5..coverages.len() as f64 - 0.5, 95.0..100.0)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(WHITE)
            .x_labels(coverages.len())
            .x_label_formatter(&|x| noise_at(coverages.iter().map(|c| c.noise), *x))
            .y_desc("holds the truth, %")
            .label_style((FONT, 13))
            .draw()?;
        chart.draw_series([PathElement::new(
            vec![(-0.5, 98.0), (coverages.len() as f64 - 0.5, 98.0)],
            GREY.stroke_width(1),
        )])?;
        for (size, name) in ["10 blocks", "20 blocks", "40 blocks"]
            .into_iter()
            .enumerate()
        {
            let dots = coverages.iter().enumerate().map(|(i, coverage)| {
                let x = i as f64 + 0.2 * (size as f64 - 1.0);
                Circle::new((x, coverage.held[size]), 5, COLOURS[size].filled())
            });
            chart
                .draw_series(dots)?
                .label(name)
                .legend(move |(x, y)| Circle::new((x + 8, y), 5, COLOURS[size].filled()));
        }
        legend(&mut chart, SeriesLabelPosition::UpperRight)
    })
}

type Chart<'a, 'b, X, Y> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<X, Y>>;

fn line<'a, X, Y>(
    chart: &mut Chart<'a, '_, X, Y>,
    points: Vec<(f64, f64)>,
    colour: RGBColor,
    dashed: bool,
    label: String,
) -> Outcome
where
    X: Ranged<ValueType = f64>,
    Y: Ranged<ValueType = f64>,
{
    let key = |x: i32, y: i32| [(x, y), (x + 20, y)].into_iter();
    if dashed {
        let style = colour.stroke_width(2);
        chart
            .draw_series([DashedPathElement::new(points, 6, 5, style)])?
            .label(label)
            .legend(move |(x, y)| DashedPathElement::new(key(x, y), 6, 5, style));
    } else {
        let style = colour.stroke_width(3);
        chart
            .draw_series([PathElement::new(points, style)])?
            .label(label)
            .legend(move |(x, y)| PathElement::new(key(x, y).collect::<Vec<_>>(), style));
    }
    Ok(())
}

fn legend<'a, 'b: 'a, X, Y>(
    chart: &mut Chart<'a, 'b, X, Y>,
    position: SeriesLabelPosition,
) -> Outcome
where
    X: Ranged<ValueType = f64>,
    Y: Ranged<ValueType = f64>,
{
    chart
        .configure_series_labels()
        .position(position)
        .background_style(WHITE.mix(0.85))
        .border_style(GREY)
        .label_font((FONT, 13))
        .draw()?;
    Ok(())
}
