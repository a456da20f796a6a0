//! To whom scripts, frames and requests belong.

use std::cell::RefCell;
use std::collections::HashMap;

use super::entities::{Entities, host, site};
use crate::model::{CodeLocation, Fetch, Owner, Script, TagInfo};
use crate::trace::{Bringer, HARNESS, Lineage, is_own, matches};

/// An owner by number: the first four are always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Party(usize);

impl Party {
    pub const FIRST: Self = Self(0);
    pub const BROWSER: Self = Self(1);
    pub const HARNESS: Self = Self(2);
    pub const UNKNOWN: Self = Self(3);
}

/// The owners of one visit.
///
/// The nearest tag on the way from a script to the page owns it: what a tag brought is the tag's, whoever wrote it.
/// Where there is no tag, a script is its site's, and code without a URL is its maker's.
pub struct Parties<'e, 'v> {
    lineage: &'e Lineage<'v>,
    tags: Vec<&'e TagInfo>,
    entities: &'e Entities<'e>,
    /// The page's registrable domain.
    site: Option<String>,
    known: RefCell<Known>,
}

#[derive(Default)]
struct Known {
    owners: Vec<Owner>,
    scripts: HashMap<u32, Party>,
    urls: HashMap<String, Party>,
}

impl<'e, 'v> Parties<'e, 'v> {
    /// `tags` are those that are present in the visit.
    pub fn new(
        lineage: &'e Lineage<'v>,
        tags: Vec<&'e TagInfo>,
        entities: &'e Entities<'e>,
        page: &str,
    ) -> Self {
        let known = Known {
            owners: vec![
                Owner::FirstParty,
                Owner::Browser,
                Owner::Harness,
                Owner::Unknown,
            ],
            ..Known::default()
        };
        Self {
            lineage,
            tags,
            entities,
            site: host(page).map(|host| site(&host).to_owned()),
            known: RefCell::new(known),
        }
    }

    pub fn owner(&self, party: Party) -> Owner {
        let known = self.known.borrow();
        known.owners.get(party.0).cloned().unwrap_or(Owner::Unknown)
    }

    pub fn tag(&self, id: &str) -> Party {
        self.party(Owner::Tag(id.to_owned()))
    }

    fn party(&self, owner: Owner) -> Party {
        let mut known = self.known.borrow_mut();
        let at = known.owners.iter().position(|known| *known == owner);
        Party(at.unwrap_or_else(|| {
            known.owners.push(owner);
            known.owners.len() - 1
        }))
    }

    /// Of code that stands in a script; the script's number is 0 where it is not known.
    pub fn of_code(&self, code: &CodeLocation, script: u32) -> Party {
        match self.lineage.script_of(code, script) {
            Some(script) => self.of_script(script),
            None => self.of_url(&code.url),
        }
    }

    pub fn of_script(&self, script: &'v Script) -> Party {
        // Whatever was at work when the harness put it there.
        if script.url.starts_with(HARNESS) {
            return Party::HARNESS;
        }
        if let Some(party) = self.known.borrow().scripts.get(&script.id) {
            return *party;
        }
        let line = self.lineage.ancestry(script);
        let party = self
            .tag_of(&line)
            .unwrap_or_else(|| self.first_with_a_site(&line));
        self.known.borrow_mut().scripts.insert(script.id, party);
        party
    }

    fn tag_of(&self, line: &[Bringer<'v>]) -> Option<Party> {
        line.iter().find_map(|bringer| {
            let mut tags = self.tags.iter();
            let tag = tags.find(|tag| match bringer {
                Bringer::Script(script) => is_own(self.lineage, tag, script),
                Bringer::Url(url) => matches(tag, url),
            })?;
            Some(self.tag(&tag.id))
        })
    }

    fn first_with_a_site(&self, line: &[Bringer<'v>]) -> Party {
        let mut parties = line.iter().map(|bringer| match bringer {
            Bringer::Script(script) if script.url.is_empty() => Party::UNKNOWN,
            Bringer::Script(script) => self.of_url(&script.url),
            Bringer::Url(url) => self.of_url(url),
        });
        let known = parties.find(|party| *party != Party::UNKNOWN);
        known.unwrap_or(Party::UNKNOWN)
    }

    /// Of what is served from a URL.
    pub fn of_url(&self, url: &str) -> Party {
        if url.starts_with(HARNESS) {
            return Party::HARNESS;
        }
        if let Some(party) = self.known.borrow().urls.get(url) {
            return *party;
        }
        let party = self.look_up(url);
        self.known.borrow_mut().urls.insert(url.to_owned(), party);
        party
    }

    fn look_up(&self, url: &str) -> Party {
        if let Some(tag) = self.tags.iter().find(|tag| matches(tag, url)) {
            return self.tag(&tag.id);
        }
        let Some(host) = host(url) else {
            return Party::UNKNOWN;
        };
        if self.site.as_deref() == Some(site(&host)) {
            return Party::FIRST;
        }
        let entity = self.entities.of_host(&host).unwrap_or_else(|| site(&host));
        self.party(Owner::ThirdParty(entity.to_owned()))
    }

    fn of_bringer(&self, bringer: Bringer<'v>) -> Party {
        match bringer {
            Bringer::Script(script) => self.of_script(script),
            Bringer::Url(url) => self.of_url(url),
        }
    }

    /// Of whoever attached the frame; of its site when it stands in the document; else of its parent.
    pub fn of_frame(&self, id: &str) -> Party {
        if let Some(bringer) = self.lineage.frame_bringer(id) {
            return self.of_bringer(bringer);
        }
        let Some(frame) = self.lineage.frame(id) else {
            return Party::FIRST;
        };
        match self.of_url(&frame.url) {
            // `about:srcdoc` and its like are the embedding document's own.
            Party::UNKNOWN => Party::FIRST,
            party => party,
        }
    }

    /// Of whoever asked. A script, and a document in a frame, is for whom it will run.
    pub fn of_fetch(&self, fetch: &'v Fetch) -> Party {
        let own = self.of_url(&fetch.url);
        // A tag's own code is its own, also when another tag inserted it.
        if matches!(self.owner(own), Owner::Tag(_)) {
            return own;
        }
        let asked = self.lineage.fetch_bringer(fetch);
        let asked = asked.map(|bringer| self.of_bringer(bringer));
        let asked = asked.filter(|party| *party != Party::UNKNOWN);
        let brings_code = matches!(fetch.kind.as_str(), "Script" | "Document");
        match asked {
            Some(party) if matches!(self.owner(party), Owner::Tag(_)) => party,
            Some(party) if !brings_code || own == Party::UNKNOWN => party,
            _ if own == Party::UNKNOWN => self.of_frame(&fetch.frame),
            _ => own,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ChildFrame, Firing, PageRecord, StackFrame, Trace, UrlPattern, Visit};

    const PAGE: &str = "https://www.shop.example/";

    fn tag(id: &str, pattern: &str) -> TagInfo {
        TagInfo {
            inline: vec![],
            id: id.into(),
            owner: None,
            members: vec![],
            source: "script".into(),
            what: String::new(),
            urls: vec![UrlPattern(pattern.into())],
            code: String::new(),
            line: 1,
            firing: Firing::default(),
        }
    }

    fn script(id: u32, url: &str, maker: u32) -> Script {
        let maker = StackFrame {
            script: maker,
            ..StackFrame::default()
        };
        Script {
            id,
            url: url.into(),
            made_by: if maker.script == 0 {
                vec![]
            } else {
                vec![maker]
            },
            ..Script::default()
        }
    }

    fn visit(scripts: Vec<Script>) -> Visit {
        Visit {
            pages: vec![PageRecord {
                url: PAGE.into(),
                ..PageRecord::default()
            }],
            trace: Some(Trace {
                scripts,
                frames: vec![ChildFrame {
                    id: "F".into(),
                    url: "https://ads.example/frame".into(),
                    ..ChildFrame::default()
                }],
                ..Trace::default()
            }),
            ..Visit::default()
        }
    }

    fn owners(visit: &Visit, tags: &[TagInfo]) -> Vec<Owner> {
        let (lineage, entities) = (Lineage::new(visit), Entities::new(&[]));
        let parties = Parties::new(&lineage, tags.iter().collect(), &entities, PAGE);
        let scripts = visit.trace.as_ref().unwrap().scripts.iter();
        scripts
            .map(|script| parties.owner(parties.of_script(script)))
            .collect()
    }

    #[test]
    fn the_nearest_tag_owns_what_it_brought() {
        let visit = visit(vec![
            script(1, PAGE, 0),
            script(2, "https://gtm.example/gtm.js", 1),
            script(3, "https://chat.example/c.js", 2),
            script(4, "", 3),
            script(5, "https://cdn.static.shop.example/own.js", 2),
            script(6, "https://cdn.static.shop.example/own.js", 1),
            script(7, "https://www.googletagmanager.com/x.js", 1),
            script(8, "", 7),
            script(9, "", 0),
            script(10, "tagperf:probe", 3),
        ]);
        let tags = [
            tag("gtm", "https://gtm.example/*"),
            tag("chat", "https://chat.example/*"),
        ];
        let of = |tag: &str| Owner::Tag(tag.into());
        let google = Owner::ThirdParty("Google Tag Manager".into());
        let expected = [
            Owner::FirstParty,
            of("gtm"),
            of("chat"),
            of("chat"),
            of("gtm"),
            Owner::FirstParty,
            google.clone(),
            google,
            Owner::Unknown,
            Owner::Harness,
        ];
        assert_eq!(owners(&visit, &tags), expected);
    }

    #[test]
    fn scripts_that_made_each_other_are_nobodys() {
        let visit = visit(vec![script(1, "", 2), script(2, "", 1), script(3, "", 3)]);
        assert_eq!(owners(&visit, &[]), [const { Owner::Unknown }; 3]);
    }

    #[test]
    fn requests_are_for_whoever_asked() {
        let visit = visit(vec![
            script(1, "https://chat.example/c.js", 0),
            script(2, "https://www.shop.example/app.js", 0),
        ]);
        let tags = [tag("chat", "https://chat.example/*")];
        let (lineage, entities) = (Lineage::new(&visit), Entities::new(&[]));
        let parties = Parties::new(&lineage, tags.iter().collect(), &entities, PAGE);
        let asked = |url: &str, kind: &str, script: u32| {
            let stack = vec![StackFrame {
                script,
                ..StackFrame::default()
            }];
            let fetch = Fetch {
                url: url.into(),
                kind: kind.into(),
                stack: if script == 0 { vec![] } else { stack },
                frame: "F".into(),
                ..Fetch::default()
            };
            let fetch: &'static Fetch = Box::leak(Box::new(fetch));
            fetch
        };
        let other = Owner::ThirdParty("other.example".into());
        for (url, kind, script, expected) in [
            (
                "https://other.example/p",
                "Image",
                1,
                Owner::Tag("chat".into()),
            ),
            (
                "https://other.example/p",
                "Script",
                1,
                Owner::Tag("chat".into()),
            ),
            ("https://other.example/p", "Image", 2, Owner::FirstParty),
            ("https://other.example/s.js", "Script", 2, other.clone()),
            ("https://other.example/p", "Image", 0, other),
            (
                "https://chat.example/c.js",
                "Script",
                2,
                Owner::Tag("chat".into()),
            ),
            (
                "data:,x",
                "Image",
                0,
                Owner::ThirdParty("ads.example".into()),
            ),
        ] {
            let found = parties.owner(parties.of_fetch(asked(url, kind, script)));
            assert_eq!(found, expected, "{url} {kind} {script}");
        }
    }
}
