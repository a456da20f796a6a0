use std::time::Duration;

use super::*;

/// Reads a little file that has some of everything.
fn sample(text: &str) -> Result<(String, Vec<(String, Duration)>), Mistakes> {
    read("sample.toml", text, |top| {
        let name = top.required("name", Value::text);
        let steps = top.required("steps", |steps| {
            steps.list(|step| {
                step.table(|step| {
                    step.call_keys("step");
                    let kinds = ["click", "idle"];
                    let (kind, value) = step.one_of(&kinds)?;
                    Ok((kinds[kind].to_owned(), value.duration()?))
                })
            })
        });
        let share = top.optional("share", Value::percent);
        let tag = top.or("tag", vec![], |tags| {
            tags.list(|tag| {
                tag.table(|tag| {
                    let id = tag.required("id", Value::text);
                    let place = tag.or("place", 0, |v| v.choice(&[("head", 1), ("body", 2)]));
                    let often = tag.or("often", 1, |v| v.integer(1..=9));
                    Ok((id?, place?, often?))
                })
            })
        });
        (share?, tag?);
        Ok((name?, steps?))
    })
}

fn message(text: &str) -> String {
    let mistakes = sample(text).unwrap_err();
    let lines: Vec<String> = mistakes
        .list()
        .iter()
        .map(|mistake| {
            let (line, column) = mistakes.position(mistake.span.start);
            let help = mistake.help.as_deref().unwrap_or("-");
            format!("{line}:{column} {} ({help})", mistake.message)
        })
        .collect();
    lines.join("\n")
}

#[test]
fn a_good_file_is_read() {
    let (name, steps) = sample("name = 'a'\nsteps = [{ idle = '2s' }]").unwrap();
    assert_eq!(name, "a");
    assert_eq!(steps, [("idle".to_owned(), Duration::from_secs(2))]);
}
