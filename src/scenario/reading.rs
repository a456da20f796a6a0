use std::path::Path;

use crate::model::{Device, Gate, Origin};
use crate::reader::{At, Fields, Noted, Notes, Value, is_name};
use crate::tags::{self, Scene};

use super::gate::Ground;
use super::hash::{Canon, Measured};
use super::steps::PlacedStep;
use super::trials::Trials;
use super::{Scenario, Vocabulary, device, entities, gate, origins, page, steps, trials};

/// Reads a scenario's top level, then checks its parts against each other.
pub(super) fn scenario(
    top: &mut Fields<'_>,
    file: &Path,
    vocabulary: &Vocabulary,
) -> Result<Scenario, Noted> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let notes = top.notes();
    let name = read_name(top, file);
    let url = top.required("url", |value| value.at(Value::url));
    let device = top.or("device", Device::default(), device::read);
    let origins = top.or("origin", Vec::new(), |value| origins::read(value, folder));
    let hosts = origins.as_ref().map(|all| hosts(all)).ok();
    let scene = Scene {
        folder,
        hosts: hosts.as_deref(),
        page: url.as_ref().ok().map(|url| &url.value),
    };
    let tags = top.or("tag", Vec::new(), |value| tags::read(value, &scene));
    let steps = top.required("steps", steps::read);
    let kinds = steps.as_ref().map(|all| kinds(all)).ok();
    let ground = Ground {
        vocabulary,
        steps: kinds.as_deref(),
    };
    let gate = top.or("gate", gate::default(ground), |value| {
        gate::read(value, ground)
    });
    let entities = top.or("entities", Vec::new(), entities::read);
    let trials = top.optional("trials", trials::read);

    let budget = check_traced(notes, &gate, trials);
    let (url, steps, origins) = (url?, steps?, origins?);
    let pages = page::check_hosts(notes, &url, &steps, &hosts.unwrap_or_default());
    let (pages, tags, device) = (pages?, tags?, device?);
    let steps: Vec<PlacedStep> = steps.into_iter().map(|step| step.value).collect();
    let url: String = url.value.into();
    let measured = Measured {
        url: &url,
        device: &device,
        steps: &steps,
        tags: &tags,
        pages: &pages,
    };
    let hash = hash(notes, &measured, &origins)?;
    Ok(Scenario {
        name: name?,
        file: file.to_owned(),
        url,
        device,
        origins: origins.into_iter().map(|origin| origin.value).collect(),
        tags,
        steps,
        gate: gate?,
        entities: entities?,
        trials: budget?,
        hash,
    })
}

/// The name is also that of files with the scenario's results.
fn read_name(top: &mut Fields<'_>, file: &Path) -> Result<String, Noted> {
    if let Some(name) = top.optional("name", Value::name)? {
        return Ok(name);
    }
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    if is_name(&stem) {
        return Ok(stem.into_owned());
    }
    let message = format!("`name` is missing, and the file's name {stem:?} cannot be one");
    Err(top.notes().refuse_with(
        0..0,
        message,
        "give a `name` of letters, digits, `.`, `_` and `-`",
    ))
}

fn hosts(origins: &[At<Origin>]) -> Vec<String> {
    let origins = origins.iter();
    origins.map(|origin| origin.value.host.clone()).collect()
}

fn kinds(steps: &[At<PlacedStep>]) -> Vec<&'static str> {
    let steps = steps.iter();
    steps.map(|step| step.value.step.kind()).collect()
}

/// Findings are looked for in traced trials only.
fn check_traced(
    notes: &Notes<'_>,
    gate: &Result<Gate, Noted>,
    trials: Result<Option<At<Trials>>, Noted>,
) -> Result<Trials, Noted> {
    let Some(At { value, span }) = trials? else {
        return Ok(Trials::default());
    };
    let forbids = gate.as_ref().is_ok_and(|gate| !gate.forbid.is_empty());
    if value.traced == 0 && forbids {
        let message = "findings are looked for in traced trials, and the gate forbids some";
        let help = "leave at least 1, or write `forbid = []` in `[gate]`";
        return Err(notes.refuse_with(span, message, help));
    }
    Ok(value)
}

fn hash(
    notes: &Notes<'_>,
    measured: &Measured<'_>,
    origins: &[At<Origin>],
) -> Result<String, Noted> {
    let failed =
        |at: usize, error: std::io::Error| notes.refuse(at..at, format!("cannot read it: {error}"));
    let mut canon = Canon::new(measured).map_err(|error| failed(0, error))?;
    let mut sorted: Vec<_> = origins.iter().collect();
    sorted.sort_by_key(|origin| &origin.value.host);
    for origin in sorted {
        let added = canon.origin(&origin.value, measured);
        added.map_err(|error| failed(origin.span.start, error))?;
    }
    Ok(canon.finish())
}
