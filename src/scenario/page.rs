use url::Url;

use crate::reader::{At, Noted, Notes, Span, Value};

use super::steps::{PlacedStep, Step};

/// An absolute URL of a page.
pub(super) fn read_url(value: Value<'_>) -> Result<Url, Noted> {
    let place = value.clone();
    let help = "write the whole URL, such as https://shop.example/";
    match Url::parse(&value.text()?) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        Ok(url) => {
            let message = format!("the scheme `{}` is not http or https", url.scheme());
            Err(place.refuse_with(message, help))
        }
        Err(error) => Err(place.refuse_with(format!("not a whole URL: {error}"), help)),
    }
}

/// The hosts whose documents the scenario opens; each must be played.
pub(super) fn check_hosts(
    notes: &Notes<'_>,
    url: &At<Url>,
    steps: &[At<PlacedStep>],
    played: &[String],
) -> Result<Vec<String>, Noted> {
    let mut hosts = vec![check_host(notes, &url.span, &url.value, played)];
    for At { value, span } in steps {
        let Step::Load(load) = &value.step else {
            continue;
        };
        hosts.push(match url.value.join(&load.url) {
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
