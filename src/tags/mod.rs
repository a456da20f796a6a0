//! Where tags come from: one file per tag source.
//!
//! A source says how its tag is read from a scenario, what the stage does in arms that have the tag and in
//! arms that lack it, and how a visit shows that the tag really ran. To add one, write a file with a type
//! that implements `TagSource`, and give it a row in the table below.

mod inline;
mod reading;
mod requests;
mod script;
mod snippet;

use std::path::Path;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::{Arm, Firing, Reason, ReasonId, Staging, TagInfo, UrlPattern, Visit};
use crate::reader::{Noted, Value};

pub use reading::read;

/// Third-party code whose cost is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    pub id: String,
    pub owner: Option<String>,
    /// Tags that must be present for this one to work, by id.
    pub needs: Vec<String>,
    /// Tags of one group are present or absent together, and are judged as one under its name.
    pub group: Option<String>,
    pub source: Source,
    /// Line in the scenario, from 1.
    pub line: usize,
}

/// What a tag source must be able to tell.
trait TagSource: Sized {
    /// The key that names the source in a `[[tag]]`; also the file's name.
    const ID: &'static str;
    /// One sentence for help.
    const WHAT: &'static str;
    /// As it stands in a `[[tag]]`.
    const EXAMPLE: &'static str;

    fn read(value: Value<'_>, scene: &Scene<'_>) -> Result<Self, Noted>;

    /// Where the code comes from, in one line.
    fn what(&self) -> String;

    /// The URLs of the tag's own code; what it loads in turn is found by comparing the arms.
    fn urls(&self) -> Vec<UrlPattern>;

    /// What the stage does in an arm that has the tag `id`, or lacks it.
    fn staging(&self, id: &str, present: bool) -> Staging;

    /// Did the tag run in a visit of an arm that has it?
    fn fired(&self, id: &str, visit: &Visit) -> Result<(), Doubt>;

    /// Did the tag stay away in a visit of an arm that lacks it?
    fn stayed_away(&self, visit: &Visit) -> Result<(), Doubt>;

    /// Is the file that plays `path` of `host` this tag's code rather than the page's?
    fn owns(&self, host: &str, path: &str, page_host: bool) -> bool;

    /// What the tag's definition changes in arms that lack it; empty if nothing.
    fn changes_control(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Why a visit does not tell what it should, and a sentence about it.
type Doubt = (ReasonId, String);

/// What a tag's definition is checked against.
pub struct Scene<'a> {
    /// Paths are relative to it.
    pub folder: &'a Path,
    /// Hosts that an origin plays; `None` when the origins themselves are mistaken.
    pub hosts: Option<&'a [String]>,
    /// The page's URL; `None` when it is mistaken.
    pub page: Option<&'a Url>,
}

/// One row of [`ALL`].
pub struct SourceRow {
    pub id: &'static str,
    /// One sentence for help.
    pub what: &'static str,
    /// As it stands in a `[[tag]]`.
    pub example: &'static str,
    read: fn(Value<'_>, &Scene<'_>) -> Result<Source, Noted>,
}

macro_rules! sources {
    ($($Name:ident in $module:ident,)*) => {
        /// A tag's source with its settings.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Source { $($Name($module::$Name)),* }

        /// All tag sources.
        pub static ALL: &[SourceRow] = &[$(SourceRow {
            id: $module::$Name::ID,
            what: $module::$Name::WHAT,
            example: $module::$Name::EXAMPLE,
            read: |value, scene| $module::$Name::read(value, scene).map(Source::$Name),
        }),*];

        impl Source {
            fn id(&self) -> &'static str {
                match self { $(Source::$Name(_) => $module::$Name::ID),* }
            }
            fn what(&self) -> String {
                match self { $(Source::$Name(source) => source.what()),* }
            }
            fn urls(&self) -> Vec<UrlPattern> {
                match self { $(Source::$Name(source) => source.urls()),* }
            }
            fn staging(&self, id: &str, present: bool) -> Staging {
                match self { $(Source::$Name(source) => source.staging(id, present)),* }
            }
            fn fired(&self, id: &str, visit: &Visit) -> Result<(), Doubt> {
                match self { $(Source::$Name(source) => source.fired(id, visit)),* }
            }
            fn stayed_away(&self, visit: &Visit) -> Result<(), Doubt> {
                match self { $(Source::$Name(source) => source.stayed_away(visit)),* }
            }
            fn owns(&self, host: &str, path: &str, page_host: bool) -> bool {
                match self { $(Source::$Name(source) => source.owns(host, path, page_host)),* }
            }
            fn changes_control(&self) -> Vec<String> {
                match self { $(Source::$Name(source) => source.changes_control()),* }
            }
        }
    };
}

sources! {
    Script in script,
    Snippet in snippet,
    Requests in requests,
}

impl Tag {
    /// What the stage does in an arm that has this tag, or lacks it.
    pub fn staging(&self, present: bool) -> Staging {
        self.source.staging(&self.id, present)
    }

    /// Did the tag run in a visit of an arm that has it?
    ///
    /// # Errors
    /// Why it did not: the visit must not be taken for the tag's cost.
    pub fn fired(&self, visit: &Visit) -> Result<(), Reason> {
        let outcome = self.source.fired(&self.id, visit);
        outcome.map_err(|doubt| self.reason(doubt))
    }

    /// Did the tag stay away in a visit of an arm that lacks it?
    ///
    /// # Errors
    /// What was seen of it: the visit must not be taken for the page without the tag.
    pub fn strays(&self, visit: &Visit) -> Result<(), Reason> {
        let outcome = self.source.stayed_away(visit);
        outcome.map_err(|doubt| self.reason(doubt))
    }

    /// The URLs of the tag's own code.
    pub fn urls(&self) -> Vec<UrlPattern> {
        self.source.urls()
    }

    /// Is the file that plays `path` (`/a/b.js`) of `host` this tag's code rather than the page's?
    /// `page_host` says that the scenario opens documents of that host.
    pub fn owns(&self, host: &str, path: &str, page_host: bool) -> bool {
        self.source.owns(host, path, page_host)
    }

    /// What the tag's definition changes in arms that lack it; empty if nothing.
    pub fn changes_control(&self) -> Vec<String> {
        self.source.changes_control()
    }

    /// What a report says of the tag.
    pub fn info(&self, firing: Firing) -> TagInfo {
        TagInfo {
            inline: inline::scripts(&self.staging(true)),
            members: Vec::new(),
            id: self.id.clone(),
            owner: self.owner.clone(),
            source: self.source.id().to_owned(),
            what: self.source.what(),
            urls: self.urls(),
            code: String::new(),
            line: self.line,
            firing,
        }
    }

    fn reason(&self, (id, text): Doubt) -> Reason {
        Reason {
            id,
            tag: Some(self.id.clone()),
            metric: None,
            text,
        }
    }
}

/// What the stage does in `arm`: all tags of a scenario together, present or not.
pub fn staging(tags: &[Tag], arm: &Arm) -> Staging {
    let mut all = Staging::default();
    for tag in tags {
        let part = tag.staging(arm.has(&tag.id));
        all.inserts.extend(part.inserts);
        all.plays.extend(part.plays);
        all.blocks.extend(part.blocks);
    }
    all
}

/// What a report says of the tags: of each, or of its group, in the order of insertion. Nothing has fired yet.
pub fn infos(tags: &[Tag]) -> Vec<TagInfo> {
    let mut infos: Vec<TagInfo> = Vec::new();
    for tag in tags {
        let own = tag.info(Firing::default());
        let Some(group) = &tag.group else {
            infos.push(own);
            continue;
        };
        match infos.iter_mut().find(|info| info.id == *group) {
            Some(info) => {
                info.members.push(own.id);
                info.what = format!("{}; {}", info.what, own.what);
                info.urls.extend(own.urls);
                info.inline.extend(own.inline);
                info.owner = info.owner.take().or(own.owner);
            }
            None => infos.push(TagInfo {
                id: group.clone(),
                members: vec![own.id],
                ..own
            }),
        }
    }
    infos
}

/// All that `id` needs, and what that needs in turn, in the order of `tags`, as [`read`] gave them.
pub fn needs(tags: &[Tag], id: &str) -> Vec<String> {
    let mut wanted = vec![id];
    for tag in tags.iter().rev() {
        if wanted.contains(&tag.id.as_str()) {
            wanted.extend(tag.needs.iter().map(String::as_str));
        }
    }
    let needed = |tag: &&Tag| tag.id != id && wanted.contains(&tag.id.as_str());
    tags.iter()
        .filter(needed)
        .map(|tag| tag.id.clone())
        .collect()
}

#[cfg(test)]
mod tests;
