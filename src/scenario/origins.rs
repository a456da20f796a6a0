use std::path::Path;

use url::Host;

use crate::model::{Millis, Origin};
use crate::reader::{At, Fields, Noted, Value};

/// Reads the `[[origin]]` tables; each host is played once.
pub(super) fn read(list: Value<'_>, folder: &Path) -> Result<Vec<At<Origin>>, Noted> {
    let notes = list.notes();
    let origins =
        list.list(|origin| origin.at(|origin| origin.table(|fields| read_one(fields, folder))))?;
    let mut outcome = Ok(());
    for (at, At { value, span }) in origins.iter().enumerate() {
        let mut before = origins[..at].iter();
        if let Some(first) = before.find(|first| first.value.host == value.host) {
            let line = notes.line(first.span.start);
            let message = format!(
                "{} is already played by the origin of line {line}",
                value.host
            );
            outcome = Err(notes.refuse(span.clone(), message));
        }
    }
    outcome.map(|()| origins)
}

fn read_one(fields: &mut Fields<'_>, folder: &Path) -> Result<Origin, Noted> {
    let help = "give a folder of files with `dir`";
    let archive = fields.refuse("archive", "recorded archives are not played yet", help);
    let live = fields.refuse("live", "no host is reached over the network yet", help);
    let host = fields.required("host", read_host);
    let dir = match archive.and(live) {
        Ok(()) => fields.required("dir", |value| value.folder(folder)),
        Err(noted) => fields
            .optional("dir", |value| value.folder(folder))
            .and(Err(noted)),
    };
    let latency = fields.or("latency", Millis::default(), |value| {
        Ok(Millis(value.duration()?.as_secs_f64() * 1e3))
    });
    let headers = fields.optional("headers", Value::headers);
    let redirects = fields.or("redirects", Vec::new(), read_redirects);
    Ok(Origin {
        host: host?,
        dir: dir?,
        latency: latency?,
        headers: headers?,
        redirects: redirects?,
    })
}

/// `{ "/from" = "https://other.example/to" }`.
fn read_redirects(value: Value<'_>) -> Result<Vec<(String, String)>, Noted> {
    let mut redirects = Vec::new();
    let mut outcome = Ok(());
    for (key, value) in value.entries()? {
        let path = key.key();
        if !path.starts_with('/') || path.contains(['?', '#']) {
            let help = "write the path alone, from its slash on: \"/from\"";
            outcome = Err(key.refuse_with("is no path", help));
            continue;
        }
        match value.url() {
            Ok(url) => redirects.push((path.to_owned(), String::from(url))),
            Err(noted) => outcome = Err(noted),
        }
    }
    outcome.map(|()| redirects)
}

fn read_host(value: Value<'_>) -> Result<String, Noted> {
    let place = value.clone();
    let text = value.text()?;
    match Host::parse(&text) {
        Ok(Host::Domain(host)) => Ok(host),
        Ok(Host::Ipv4(address)) => Ok(address.to_string()),
        Ok(Host::Ipv6(_)) | Err(_) => {
            let help = "write the name alone, without scheme, port or path: shop.example";
            Err(place.refuse_with(format!("{text:?} is no host name"), help))
        }
    }
}
