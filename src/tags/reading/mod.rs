//! The list of a scenario's tags: what holds of each alone, and of all together.

use crate::model::UrlPattern;
use crate::reader::{At, Fields, Noted, Notes, Span, Value};

use super::{ALL, Scene, Tag};

/// Reads the `[[tag]]` tables, and puts each tag behind those that it needs; otherwise their order stays.
pub fn read(list: Value<'_>, scene: &Scene<'_>) -> Result<Vec<Tag>, Noted> {
    let notes = list.notes();
    let mut ids = Vec::new();
    let mut needs = Vec::new();
    let mut groups = Vec::new();
    let tags = list
        .list(|tag| tag.table(|fields| read_one(fields, scene, &mut ids, &mut needs, &mut groups)));
    let ids: Result<Vec<_>, _> = ids.into_iter().collect();
    let ids = ids?;
    let outcome = [check_ids(notes, &ids), check_needs(notes, &ids, &needs)];
    let tags = tags?;
    outcome.into_iter().collect::<Result<(), _>>()?;
    check_claims(notes, &ids, &tags)?;
    check_groups(notes, &ids, &groups, &tags)?;
    in_order(tags).map_err(|circle| {
        let start = needs.iter().find(|need| need.value == circle[0]);
        let span = start.map_or(0..0, |need| need.span.clone());
        let circle = circle.join("` needs `");
        notes.refuse(span, format!("a circle: `{circle}`"))
    })
}

fn read_one(
    fields: &mut Fields<'_>,
    scene: &Scene<'_>,
    ids: &mut Vec<Result<At<String>, Noted>>,
    all_needs: &mut Vec<At<String>>,
    groups: &mut Vec<At<String>>,
) -> Result<Tag, Noted> {
    let line = fields.line();
    let id = fields.required("id", |value| value.at(read_id));
    let owner = fields.optional("owner", Value::text);
    let needs = fields.or("needs", Vec::new(), |value| {
        value.list(|need| need.at(Value::text))
    });
    let names: Vec<_> = ALL.iter().map(|row| row.id).collect();
    let group = fields.optional("group", |value| value.at(read_id));
    let source = fields
        .one_of(&names)
        .and_then(|(at, value)| (ALL[at].read)(value.such_as(ALL[at].example), scene));

    ids.push(id.clone());
    let needs = needs?;
    all_needs.extend(needs.iter().cloned());
    Ok(Tag {
        id: id?.value,
        owner: owner?,
        needs: needs.into_iter().map(|need| need.value).collect(),
        group: group?.map(|group| {
            groups.push(group.clone());
            group.value
        }),
        source: source?,
        line,
    })
}

fn read_id(value: Value<'_>) -> Result<String, Noted> {
    let place = value.clone();
    let id = value.name()?;
    if id == "control" {
        return Err(place.refuse("`control` is what the page without tags is called"));
    }
    Ok(id)
}

fn check_ids(notes: &Notes<'_>, ids: &[At<String>]) -> Result<(), Noted> {
    let mut outcome = Ok(());
    for (at, id) in ids.iter().enumerate() {
        if let Some(first) = ids[..at].iter().find(|first| first.value == id.value) {
            let line = notes.line(first.span.start);
            let message = format!("the id `{}` is taken by the tag of line {line}", id.value);
            outcome = Err(notes.refuse(id.span.clone(), message));
        }
    }
    outcome
}

fn check_needs(notes: &Notes<'_>, ids: &[At<String>], needs: &[At<String>]) -> Result<(), Noted> {
    let ids: Vec<&str> = ids.iter().map(|id| id.value.as_str()).collect();
    let mut outcome = Ok(());
    for need in needs {
        if !ids.contains(&need.value.as_str()) {
            outcome = Err(notes.refuse_name(need.span.clone(), "tag", &need.value, &ids));
        }
    }
    outcome
}

/// A group is judged under its name, so no tag may have it; and what moves together cannot need itself.
fn check_groups(
    notes: &Notes<'_>,
    ids: &[At<String>],
    groups: &[At<String>],
    tags: &[Tag],
) -> Result<(), Noted> {
    let mut outcome = Ok(());
    for group in groups {
        if let Some(id) = ids.iter().find(|id| id.value == group.value) {
            let line = notes.line(id.span.start);
            let message = format!("`{}` is the id of the tag of line {line}", group.value);
            outcome = Err(notes.refuse(group.span.clone(), message));
        } else if needs_itself(tags, &group.value) {
            let message = format!(
                "the group `{}` needs a tag that needs the group: they can only move as one",
                group.value
            );
            outcome = Err(notes.refuse(group.span.clone(), message));
        }
    }
    outcome
}

/// Does anything outside of the group that it needs, need one of the group in turn?
fn needs_itself(tags: &[Tag], group: &str) -> bool {
    let in_group = |tag: &Tag| tag.group.as_deref() == Some(group);
    let mut reached: Vec<&Tag> = Vec::new();
    let mut waiting: Vec<&Tag> = tags.iter().filter(|tag| in_group(tag)).collect();
    while let Some(tag) = waiting.pop() {
        let moves_with = |other: &&Tag| tag.group.is_some() && other.group == tag.group;
        let next = tags
            .iter()
            .filter(|other| tag.needs.contains(&other.id) || moves_with(other));
        for other in next {
            if in_group(other) && !in_group(tag) {
                return true;
            }
            if !in_group(other) && !reached.iter().any(|seen| seen.id == other.id) {
                reached.push(other);
                waiting.push(other);
            }
        }
    }
    false
}

/// One URL pattern cannot be the code of two tags: neither would be measured.
fn check_claims(notes: &Notes<'_>, ids: &[At<String>], tags: &[Tag]) -> Result<(), Noted> {
    let mut claims: Vec<(UrlPattern, &Tag)> = Vec::new();
    let mut outcome = Ok(());
    for (tag, id) in tags.iter().zip(ids) {
        let played = tag.staging(true).plays.into_iter();
        let played = played.map(|play| UrlPattern(play.url));
        for claim in tag.urls().into_iter().chain(played) {
            match claims.iter().find(|(other, _)| *other == claim) {
                Some((_, owner)) if owner.id != tag.id => {
                    outcome = Err(refuse_claim(notes, id.span.clone(), &claim, owner));
                }
                Some(_) => {}
                None => claims.push((claim, tag)),
            }
        }
    }
    outcome
}

fn refuse_claim(notes: &Notes<'_>, span: Span, claim: &UrlPattern, owner: &Tag) -> Noted {
    let message = format!("{claim} is already the code of tag `{}`", owner.id);
    notes.refuse_with(span, message, "make them one tag, or give each its own URL")
}

/// A stable topological order, or the ids of a circle, the first again at the end.
fn in_order(mut waiting: Vec<Tag>) -> Result<Vec<Tag>, Vec<String>> {
    let mut placed: Vec<Tag> = Vec::new();
    while !waiting.is_empty() {
        let is_placed = |id: &String| placed.iter().any(|tag| tag.id == *id);
        let ready = waiting
            .iter()
            .position(|tag| tag.needs.iter().all(is_placed));
        match ready {
            Some(at) => placed.push(waiting.remove(at)),
            None => return Err(circle(&waiting)),
        }
    }
    Ok(placed)
}

/// Each of `waiting` needs another of them: following the needs must come back.
fn circle(waiting: &[Tag]) -> Vec<String> {
    let mut path: Vec<&Tag> = waiting.iter().take(1).collect();
    while let Some(last) = path.last() {
        let mut waits_for = waiting.iter().filter(|tag| last.needs.contains(&tag.id));
        let Some(next) = waits_for.next() else { break };
        if let Some(start) = path.iter().position(|tag| tag.id == next.id) {
            path.drain(..start);
            path.push(next);
            break;
        }
        path.push(next);
    }
    path.into_iter().map(|tag| tag.id.clone()).collect()
}
