use url::Url;

use crate::reader::{At, Noted, Notes, Span};

use super::steps::{PlacedStep, Step};

/// The hosts whose documents the scenario opens; each must be played.
pub(super) fn check_hosts(
    notes: &Notes<'_>,
    url: &At<Url>,
    steps: &[At<PlacedStep>],
    played: &[String],
) -> Result<Vec<String>, Noted> {
    let page = url.value.host_str();
    let mut hosts = vec![check_host(notes, &url.span, &url.value, played)];
    for At { value, span } in steps {
        let Step::Load(load) = &value.step else {
            continue;
        };
        hosts.push(match url.value.join(&load.url) {
            Ok(target) if target.host_str() == page => continue,
            Ok(target) => check_host(notes, span, &target, played),
            Err(error) => Err(notes.refuse(span.clone(), format!("`{}`: {error}", load.url))),
        });
    }
    hosts.into_iter().collect()
}

fn check_host(
    notes: &Notes<'_>,
    span: &Span,
    url: &Url,
    played: &[String],
) -> Result<String, Noted> {
    let host = url.host_str().unwrap_or_default().to_owned();
    if played.contains(&host) {
        return Ok(host);
    }
    let message = format!("unknown host: no `[[origin]]` plays {host:?}");
    let help = if played.is_empty() {
        format!("add an [[origin]] with `host = {host:?}` and a `dir` with the page's files")
    } else {
        format!("played are: {}", played.join(", "))
    };
    Err(notes.refuse_with(span.clone(), message, help))
}
