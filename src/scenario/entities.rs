use std::collections::BTreeMap;

use url::Host;

use crate::model::Entity;
use crate::reader::{At, Noted, Value};

/// Reads `[entities]`: names of third parties, each with its domains.
pub(super) fn read(value: Value<'_>) -> Result<Vec<Entity>, Noted> {
    let notes = value.notes();
    let read = |(key, value): (Value<'_>, Value<'_>)| {
        let domains = value.list(|domain| domain.at(read_domain))?;
        Ok((key.key().to_owned(), domains))
    };
    let read: Vec<Result<_, Noted>> = value.entries()?.into_iter().map(read).collect();
    let entities: Vec<_> = read.into_iter().collect::<Result<_, _>>()?;
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    let mut outcome = Ok(());
    for (name, domains) in &entities {
        for At { value, span } in domains {
            if let Some(owner) = owners.insert(value, name) {
                let message = format!("{value} already belongs to {owner:?}");
                outcome = Err(notes.refuse(span.clone(), message));
            }
        }
    }
    outcome?;
    let entities = entities.into_iter();
    Ok(entities
        .map(|(name, domains)| Entity {
            name,
            domains: domains.into_iter().map(|domain| domain.value).collect(),
        })
        .collect())
}

/// `chat.acme.example`, or `*.acme.example` for it and all below.
fn read_domain(value: Value<'_>) -> Result<String, Noted> {
    let place = value.clone();
    let text = value.text()?;
    let (wildcard, host) = match text.strip_prefix("*.") {
        Some(host) => ("*.", host),
        None => ("", text.as_str()),
    };
    match Host::parse(host) {
        Ok(Host::Domain(host)) if !host.contains('*') => Ok(format!("{wildcard}{host}")),
        Ok(Host::Ipv4(address)) if wildcard.is_empty() => Ok(address.to_string()),
        _ => {
            let help = "write a host without scheme, port or path: chat.acme.example, or *.acme.example for it and all below";
            Err(place.refuse_with(format!("{text:?} is no domain"), help))
        }
    }
}
