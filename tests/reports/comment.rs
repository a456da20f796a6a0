//! What a Markdown reader with GitHub's extensions makes of a comment.

use comrak::nodes::NodeValue;
use tagperf::model::{Outcome, Report, Verdict};
use tagperf::report::markdown;

use super::sample::{HOSTILE, assert_inert, fifty_tags, hostile, render, sample, with_strings};
use super::screened::screened;

/// What a Markdown reader makes of a comment.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    html: Vec<String>,
    links: usize,
    headings: usize,
    rows: Vec<usize>,
    other: Vec<String>,
}

fn read_markdown(text: &str) -> Seen {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    options.extension.math_code = true;
    let arena = comrak::Arena::new();
    let mut seen = Seen::default();
    for node in comrak::parse_document(&arena, text, &options).descendants() {
        match &node.data.borrow().value {
            NodeValue::HtmlBlock(html) => seen.html.push(html.literal.trim().to_owned()),
            NodeValue::HtmlInline(html) if html != "<code>" && html != "</code>" => {
                seen.html.push(html.clone());
            }
            NodeValue::Link(_) | NodeValue::Image(_) => seen.links += 1,
            NodeValue::Heading(_) => seen.headings += 1,
            NodeValue::TableRow(_) => seen.rows.push(node.children().count()),
            NodeValue::Emph
            | NodeValue::Strikethrough
            | NodeValue::TaskItem(_)
            | NodeValue::FootnoteReference(_)
            | NodeValue::Math(_)
            | NodeValue::CodeBlock(_)
            | NodeValue::BlockQuote
            | NodeValue::ThematicBreak => {
                seen.other.push(format!("{:?}", node.data.borrow().value))
            }
            _ => {}
        }
    }
    seen
}

#[test]
fn comments_cannot_be_taken_over() {
    let sane = read_markdown(&render("markdown", &sample()));
    let text = render("markdown", &hostile());
    assert_inert(&text.replace("⚠️", ""));
    let seen = read_markdown(&text);
    let marker = |html: &mut Vec<String>| html.remove(0);
    let (mut sane_html, mut html) = (sane.html.clone(), seen.html.clone());
    assert!(marker(&mut html).starts_with("<!-- tagperf landing"));
    marker(&mut sane_html);
    assert_eq!(html, sane_html);
    assert_eq!((seen.links, seen.headings), (0, sane.headings));
    assert_eq!(seen.rows, sane.rows);
    assert!(sane.rows.len() == 22 && sane.rows.iter().all(|cells| *cells == 8));
    assert_eq!(seen.other, Vec::<String>::new());
    assert!(!text.contains("secret"));
}

#[test]
fn mentions_and_references_only_stand_in_code() {
    for report in [
        hostile(),
        with_strings(&screened(), &|text| format!("{text}{HOSTILE}")),
    ] {
        mentions_stand_in_code(&render("markdown", &report));
    }
}

fn mentions_stand_in_code(text: &str) {
    // GitHub looks for them in what is left when code is taken out.
    let mut options = comrak::Options::default();
    options.render.r#unsafe = true;
    let html = comrak::markdown_to_html(text, &options);
    let mut outside = String::new();
    for piece in html.split("<code>") {
        outside += piece
            .split_once("</code>")
            .map_or(piece, |(_, after)| after);
    }
    assert!(html.contains("@octocat") && html.contains("a/b#3"));
    for sign in ["@octocat", "#12", "#3", "evil.example", ":tada:"] {
        assert!(!outside.contains(sign), "{sign}");
    }
}

/// The longest comment that there is: every effect open, every pair of tags in a word.
fn everything_undecided(mut report: Report) -> Report {
    for cell in &mut report.judgement.cells {
        cell.verdict = Verdict::Inconclusive;
        cell.reason.text = format!(
            "{} {}: {}",
            cell.effect.tag,
            cell.effect.metric,
            "a ".repeat(300)
        );
    }
    for tag in &mut report.tags {
        tag.members = vec![tag.id.clone(); 9];
    }
    for tag in &mut report.judgement.tags {
        tag.outcome = Outcome::Inconclusive;
    }
    let screen = report.screen.as_mut().unwrap();
    screen.interactions = vec![screen.interactions[0].clone(); 99];
    screen.confounded = vec![screen.confounded[0].clone(); 99];
    report
}

#[test]
fn comments_stay_below_the_limit() {
    let hostile = |report| with_strings(&report, &|text| format!("{text}{HOSTILE}"));
    for (report, folds, columns) in [
        (fifty_tags(), 5, 8),
        (hostile(fifty_tags()), 5, 8),
        (screened(), 6, 6),
        (hostile(screened()), 6, 6),
        (hostile(everything_undecided(screened())), 5, 6),
    ] {
        let text = render("markdown", &report);
        assert!(text.len() < markdown::LIMIT, "{}", text.len());
        let seen = read_markdown(&text);
        assert_eq!((seen.links, &seen.other), (0, &vec![]));
        assert!(seen.rows.iter().all(|cells| *cells == columns));
        assert_eq!(
            seen.html
                .iter()
                .filter(|html| html.contains("<details>"))
                .count(),
            folds
        );
        assert_eq!(
            seen.html
                .iter()
                .filter(|html| html.contains("</details>"))
                .count(),
            folds
        );
    }
}

#[test]
fn a_comment_links_what_it_is_given() {
    let links = markdown::Links {
        chart: Some("https://ci.example/cost.png?a=1&b=\"".into()),
        report: Some("https://ci.example/report.html".into()),
    };
    let text = markdown::render(&sample(), &links).unwrap();
    assert!(text.contains("<img src=\"https://ci.example/cost.png?a=1&amp;b=&quot;\""));
    assert!(text.contains("<a href=\"https://ci.example/report.html\">"));
}

#[test]
fn a_comment_is_found_again() {
    let first = render("markdown", &sample());
    assert_eq!(first.lines().next().unwrap(), markdown::marker("landing"));
    assert_eq!(markdown::marker("a --> b"), "<!-- tagperf a_____b -->");
}
