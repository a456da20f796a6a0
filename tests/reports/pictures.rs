//! What decoders make of figures.

use std::collections::HashSet;

use tagperf::chart::{self, Theme};
use tagperf::model::{Report, Verdict};

use super::sample::{HOSTILE, assert_inert, fifty_tags, hostile, sample, with_strings};
use super::screened::screened;

fn decode(png: &[u8]) -> (u32, u32, Vec<[u8; 3]>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png))
        .read_info()
        .unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    let pixels = bytes.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
    (info.width, info.height, pixels)
}

fn nothing_measured() -> Report {
    let mut report = sample();
    for cell in &mut report.judgement.cells {
        cell.verdict = Verdict::NotMeasured;
        cell.effect.estimate = None;
        cell.effect.interval = None;
    }
    report
}

#[test]
fn pictures_show_something_and_nothing_is_cut_off() {
    let one = {
        let mut report = sample();
        let cells = &mut report.judgement.cells;
        cells.retain(|cell| cell.effect.tag == "heatmap" && cell.effect.metric == "cpu");
        report
    };
    let reports = [
        sample(),
        one,
        hostile(),
        fifty_tags(),
        nothing_measured(),
        screened(),
    ];
    let light = reports.iter().map(|report| (report, Theme::LIGHT));
    for (report, theme) in light.chain([(&reports[0], Theme::DARK)]) {
        for chart in chart::ALL {
            let (width, height, pixels) = decode(&chart::png(chart, report, &theme).unwrap());
            assert_eq!(width, 1600);
            let some = pixels.iter().take(1600 * 1000).step_by(3);
            let colours: HashSet<&[u8; 3]> = some.collect();
            assert!(colours.len() > 20, "{} colours", colours.len());
            let edge = |x: u32, y: u32| x.min(y).min(width - 1 - x).min(height - 1 - y) < 16;
            for (y, row) in (0..).zip(pixels.chunks(width as usize)) {
                let marks = (0..).zip(row).filter(|(_, pixel)| **pixel != pixels[0]);
                let outside = marks.map(|(x, _)| x).find(|x| edge(*x, y));
                assert_eq!(outside, None, "something reaches the edge in line {y}");
            }
        }
    }
}

#[test]
fn svgs_are_xml_of_shapes_and_text() {
    for report in [
        sample(),
        hostile(),
        fifty_tags(),
        nothing_measured(),
        screened(),
        with_strings(&screened(), &|text| format!("{text}{HOSTILE}")),
    ] {
        let svg = chart::svg(&chart::ALL[0], &report, &Theme::LIGHT).unwrap();
        assert_inert(&svg);
        let document = roxmltree::Document::parse(&svg).unwrap();
        let known = ["svg", "title", "rect", "polygon", "circle", "text"];
        let elements = document.descendants().filter(roxmltree::Node::is_element);
        for element in elements {
            let name = element.tag_name().name();
            assert!(known.contains(&name), "{name}");
            assert!(
                element
                    .attributes()
                    .all(|attribute| !attribute.name().starts_with("on"))
            );
        }
    }
    let sane = chart::svg(&chart::ALL[0], &sample(), &Theme::LIGHT).unwrap();
    assert!(sane.contains("Whisker: 98 to 99 % interval. Shaded: beyond the margin."));
    assert!(
        sane.contains("Hollow diamond: estimate from fresh trials") && sane.contains("ok, cleared")
    );
    let mut calm = sample();
    calm.judgement.suspicions.clear();
    let calm = chart::svg(&chart::ALL[0], &calm, &Theme::LIGHT).unwrap();
    assert!(!calm.contains("fresh trials") && !calm.contains("cleared"));
    let hostile = chart::svg(&chart::ALL[0], &hostile(), &Theme::LIGHT).unwrap();
    assert!(
        hostile.contains("heatmap2J&lt;"),
        "labels are escaped, not dropped"
    );
}
