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
        share?;
        tag?;
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

#[test]
fn all_mistakes_are_told_in_order_with_what_to_do() {
    let text = "nam = 'a'
share = '5 pct'
[[tag]]
id = 3
plase = 'head'
place = 'heat'
often = nan
steps = []
";
    assert_eq!(
        message(text),
        "1:1 unknown key `nam` (did you mean `name`?)
2:9 `share`: unknown unit `pct` (a share is in %)
4:6 `id`: expected a text, found the integer 3 (-)
5:1 unknown key `plase` (did you mean `place`?)
6:9 `place`: \"heat\" is none of the choices (did you mean `head`?)
7:9 `often`: expected a whole number from 1 to 9, found the number nan (-)
8:1 `steps` belongs at the top level: move it above the first `[table]` (keys here: `id`, `place`, `often`)"
    );
}

#[test]
fn a_misplaced_key_in_braces_is_merely_unknown() {
    let text = "name = 'a'\nsteps = []\ntag = [{ id = 'b', steps = 1 }]";
    assert_eq!(
        message(text),
        "3:20 unknown key `steps` (keys here: `id`, `place`, `often`)"
    );
}

#[test]
fn columns_count_characters() {
    assert_eq!(
        message("name = 'ä' # ü\n'ñ' = 1\n'ä' . x = 2\nsteps = []"),
        "2:1 unknown key `ñ` (keys here: `name`, `steps`, `share`, `tag`)
3:1 unknown key `ä` (keys here: `name`, `steps`, `share`, `tag`)"
    );
    assert_eq!(
        message("steps = ['äöü', 4]\nname = 'a'"),
        "1:10 `steps`: expected a table, found the text \"äöü\" (-)
1:17 `steps`: expected a table, found the integer 4 (-)"
    );
}

#[test]
fn the_plain_and_the_coloured_form_say_the_same() {
    let mistakes = sample("name = 'a'\nstep = 1").unwrap_err();
    let plain = "sample.toml:2:1: error: unknown key `step`
  |
2 | step = 1
  | ^^^^
  |
  = help: did you mean `steps`?";
    assert_eq!(mistakes.render(false), plain);
    assert_eq!(mistakes.to_string(), plain);
    let coloured = mistakes.render(true);
    assert!(coloured.contains('\u{1b}'));
    let stripped = anstream::adapter::strip_str(&coloured).to_string();
    assert_eq!(stripped, plain);
}

#[test]
fn what_a_file_says_cannot_steer_the_terminal() {
    let text = "name = 'a'\nsteps = []\n\"\\u001b[31mx\\u0007\" = 1";
    let rendered = sample(text).unwrap_err().render(false);
    assert!(!rendered.contains(['\u{1b}', '\u{7}']), "{rendered:?}");
}

fn one<T>(text: &str, read_it: impl FnOnce(Value<'_>) -> Result<T, Noted>) -> Option<T> {
    read("one.toml", text, |top| top.required("it", read_it)).ok()
}

#[test]
fn values_of_no_sense_are_refused() {
    assert_eq!(one("it = 0x10", |it| it.integer(1..=20)), Some(16));
    assert_eq!(one("it = 1_000", |it| it.integer(1..=2000)), Some(1000));
    for wrong in ["-1", "0", "21", "1.0", "'1'", "99999999999999999999", "nan"] {
        let text = format!("it = {wrong}");
        assert_eq!(one(&text, |it| it.integer(1..=20)), None, "{wrong}");
    }
    assert_eq!(one("it = 1", |it| it.number(0.5..=2.0)), Some(1.0));
    assert_eq!(one("it = 1.5", |it| it.number(0.5..=2.0)), Some(1.5));
    for wrong in ["nan", "-nan", "inf", "-inf", "-1", "2.1", "1e999", "true"] {
        let text = format!("it = {wrong}");
        assert_eq!(one(&text, |it| it.number(0.5..=2.0)), None, "{wrong}");
    }
    assert_eq!(one("it = '7%'", |it| it.percent()), Some(0.07));
    assert_eq!(one("it = '0s'", |it| it.duration()), Some(Duration::ZERO));
    assert_eq!(one("it = '0s'", |it| it.some_time()), None);
    assert_eq!(one("it = '1.5kB'", |it| it.size()), Some(1500.0));
    assert_eq!(one("it = ' '", |it| it.text()), None);
    for wrong in ["../a", ".a", "-a", "a b", "ä", "a/b", ""] {
        let text = format!("it = '{wrong}'");
        assert_eq!(one(&text, |it| it.name()), None, "{wrong}");
    }
    assert_eq!(
        one("it = 'a-b_c.2'", |it| it.name()).as_deref(),
        Some("a-b_c.2")
    );
}

#[test]
fn syntax_errors_hide_all_others() {
    assert_eq!(
        message("nam = 'a'\n[x\n"),
        "2:3 unclosed table, expected `]` (-)"
    );
    let mistakes = sample("").unwrap_err();
    assert_eq!(mistakes.list().len(), 2);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused_at_places_that_exist(text in ".{0,200}") {
        check_refusal(&text);
    }

    #[test]
    fn anything_like_toml_is_read_or_refused(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "name", "steps", "tag", "id", " = ", "'a'", "\"é", "\"", "'''", "[", "]", "[[", "]]", "{", "}",
                ".", ",", "\n", "\r\n", "\r", "#", "idle", "1", "nan", "-", "2s", "\u{feff}", "\0", "1979-05-27",
            ]),
            0..40,
        )
    ) {
        check_refusal(&parts.concat());
    }
}

fn check_refusal(text: &str) {
    let Err(mistakes) = sample(text) else { return };
    assert!(!mistakes.list().is_empty());
    for mistake in mistakes.list() {
        assert!(mistake.span.start <= text.len());
        let (line, column) = mistakes.position(mistake.span.start);
        assert!(line >= 1 && column >= 1);
    }
    let plain = mistakes.render(false);
    assert!(plain.matches(": error: ").count() >= mistakes.list().len());
    mistakes.render(true);
}
