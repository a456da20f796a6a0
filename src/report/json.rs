//! The whole report for machines: `run.json`, from which every other format can be made again.

use anyhow::{Context, Result, bail};

use crate::chart::text::safe;
use crate::model::{Examination, Interval, Report};

use super::Reporter;

pub const REPORTER: Reporter = Reporter {
    id: "json",
    file: "run.json",
    what: "everything, for machines; `tagperf schema` prints its schema",
    render,
};

fn render(report: &Report) -> Result<String> {
    refuse_what_json_cannot_hold(report)?;
    let text = serde_json::to_string_pretty(report).context("write the report as JSON")?;
    Ok(inert(&text) + "\n")
}

/// `doctor.json`, in which nothing acts on whoever shows it.
///
/// # Errors
/// It cannot be written as JSON.
pub fn examination(of: &Examination) -> Result<String> {
    let text = serde_json::to_string_pretty(of).context("write the examination as JSON")?;
    Ok(inert(&text) + "\n")
}

/// The same document, in which nothing acts on whoever shows the file: no markup, no terminal control, no reordering.
///
/// These characters only ever stand in strings, where an escape means the same.
fn inert(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        let acts = c != '\n' && (safe::is_hidden(c) || matches!(c, '<' | '\u{2028}' | '\u{2029}'));
        if acts {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out += &format!("\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// JSON writes infinity as null, which would read back as "not measured" or not at all.
fn refuse_what_json_cannot_hold(report: &Report) -> Result<()> {
    for cell in &report.judgement.cells {
        let effect = &cell.effect;
        let figures = [
            effect.without,
            effect.with,
            effect.estimate,
            effect.p_regressed,
            effect.p_ok,
            effect.detectable,
            effect.interval.map(|interval| interval.low),
            effect.interval.map(|interval| interval.high),
        ];
        let what = || format!("the effect of {} on {}", effect.tag, effect.metric);
        finite(figures.into_iter().flatten(), &what)?;
    }
    if let Some(screen) = &report.screen {
        let of_pairs = screen.interactions.iter().flat_map(|it| {
            let Interval { low, high, .. } = it.interval;
            [it.estimate, low, high]
        });
        let correlations = screen.confounded.iter().map(|it| it.correlation);
        let figures = of_pairs.chain(correlations);
        finite(figures.chain([screen.largest_correlation]), &|| {
            "the screen".into()
        })?;
    }
    Ok(())
}

fn finite(mut figures: impl Iterator<Item = f64>, what: &dyn Fn() -> String) -> Result<()> {
    match figures.find(|figure| !figure.is_finite()) {
        Some(figure) => bail!(
            "{} holds {figure}, which JSON cannot: `tagperf report` computes it again",
            what()
        ),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_keep_the_value() {
        let hostile = "a</script>\u{9b}\u{202e}\u{2028}\u{e0041}\n\u{7f}ü🙂";
        let text = inert(&serde_json::to_string(hostile).unwrap());
        assert!(!text.contains('<') && !text.chars().any(safe::is_hidden));
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), hostile);
    }
}
