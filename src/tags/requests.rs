use serde::{Deserialize, Serialize};

use crate::model::{Answer, ReasonId, Request, Staging, UrlPattern, Visit};
use crate::reader::{Noted, Value};

use super::{Doubt, Scene, TagSource};

/// A tag that the page loads by itself: arms that lack it have its requests cut off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Requests {
    pub patterns: Vec<UrlPattern>,
}

impl TagSource for Requests {
    const ID: &'static str = "requests";
    const WHAT: &'static str =
        "Requests that the page already makes; arms without the tag block them.";
    const EXAMPLE: &'static str = r#"requests = ["*://widget.chat.example/*"]"#;

    fn read(value: Value<'_>, scene: &Scene<'_>) -> Result<Self, Noted> {
        let list = value.clone();
        let patterns = value.list(|pattern| read_pattern(pattern, scene))?;
        if patterns.is_empty() {
            return Err(list.refuse("is empty: which requests are the tag's?"));
        }
        Ok(Self { patterns })
    }

    fn what(&self) -> String {
        let patterns: Vec<&str> = self.patterns.iter().map(|p| p.0.as_str()).collect();
        format!("requests to {}", patterns.join(", "))
    }

    fn urls(&self) -> Vec<UrlPattern> {
        self.patterns.clone()
    }

    fn staging(&self, _id: &str, present: bool) -> Staging {
        let blocks = if present { &[] } else { &*self.patterns };
        Staging {
            blocks: blocks.to_vec(),
            ..Staging::default()
        }
    }

    fn fired(&self, _id: &str, visit: &Visit) -> Result<(), Doubt> {
        let mut matching = self.matching(visit).peekable();
        let Some(first) = matching.peek().copied() else {
            let text = format!(
                "no request matched {}: correct the pattern, or remove the tag if the page no longer loads it",
                self.all_patterns()
            );
            return Err((ReasonId::PatternMatchedNothing, text));
        };
        if matching.any(delivered) {
            return Ok(());
        }
        let text = format!(
            "{} was asked for and not delivered: play its host with an [[origin]]",
            first.url
        );
        Err((ReasonId::TagDidNotRun, text))
    }

    fn stayed_away(&self, visit: &Visit) -> Result<(), Doubt> {
        match self.matching(visit).find(|request| delivered(request)) {
            None => Ok(()),
            Some(request) => {
                let text = format!("{} was delivered although this arm blocks it", request.url);
                Err((ReasonId::TagRanWithout, text))
            }
        }
    }

    fn owns(&self, host: &str, path: &str, _page_host: bool) -> bool {
        ["https", "http"].iter().any(|scheme| {
            let url = format!("{scheme}://{host}{path}");
            self.patterns.iter().any(|pattern| pattern.matches(&url))
        })
    }

    fn changes_control(&self) -> Vec<String> {
        self.patterns.iter().map(|p| p.0.clone()).collect()
    }
}

impl Requests {
    fn matching<'v>(&'v self, visit: &'v Visit) -> impl Iterator<Item = &'v Request> {
        visit.requests.iter().filter(|request| {
            let mut patterns = self.patterns.iter();
            patterns.any(|pattern| pattern.matches(&request.url))
        })
    }

    fn all_patterns(&self) -> String {
        let quoted: Vec<String> = self.patterns.iter().map(|p| format!("`{p}`")).collect();
        quoted.join(" or ")
    }
}

fn delivered(request: &Request) -> bool {
    matches!(request.answer, Answer::Played | Answer::Beacon)
}

fn read_pattern(value: Value<'_>, scene: &Scene<'_>) -> Result<UrlPattern, Noted> {
    let place = value.clone();
    let pattern = UrlPattern(value.text()?);
    let whole = ["*", "http://", "https://"];
    if !whole.iter().any(|start| pattern.0.starts_with(start)) {
        let bare = pattern.0.trim_start_matches('/');
        let help = if bare.contains('/') {
            format!("write `*://{bare}`")
        } else {
            format!("write `*://{bare}/*`")
        };
        return Err(place.refuse_with("a pattern is for whole URLs, from the scheme on", help));
    }
    if scene
        .page
        .is_some_and(|page| pattern.matches(page.as_str()))
    {
        return Err(place.refuse("matches the page itself: without the tag there would be no page"));
    }
    Ok(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags::tests::{asked, tag, told};

    const CHAT: &str = r#"requests = ["*://widget.chat.example/*", "https://shop.example/chat*"]"#;
    const URL: &str = "https://widget.chat.example/w.js?v=1";

    #[test]
    fn only_arms_without_the_tag_block_it() {
        let tag = tag(CHAT);
        assert_eq!(tag.staging(true), Staging::default());
        let absent = tag.staging(false);
        assert_eq!(absent.blocks, tag.urls());
        assert!(absent.inserts.is_empty() && absent.plays.is_empty());
    }

    #[test]
    fn one_request_that_is_delivered_shows_the_tag() {
        let tag = tag(CHAT);
        let fired = |url, answer| told(tag.fired(&asked(url, answer)));
        assert_eq!(fired(URL, Answer::Played), "ok");
        assert_eq!(fired(URL, Answer::Beacon), "ok");
        assert_eq!(
            fired(URL, Answer::Refused),
            "TagDidNotRun: https://widget.chat.example/w.js?v=1 was asked for and not delivered: \
             play its host with an [[origin]]"
        );
        let nothing = fired("https://shop.example/", Answer::Played);
        assert!(nothing.starts_with("PatternMatchedNothing: "), "{nothing}");
        let mut visit = asked(URL, Answer::Missing);
        visit.requests.extend(asked(URL, Answer::Played).requests);
        assert_eq!(told(tag.fired(&visit)), "ok");
    }

    #[test]
    fn a_request_that_gets_through_is_told() {
        let tag = tag(CHAT);
        let strays = |answer| told(tag.strays(&asked(URL, answer)));
        assert_eq!(strays(Answer::Blocked), "ok");
        assert_eq!(strays(Answer::Refused), "ok");
        assert!(strays(Answer::Played).starts_with("TagRanWithout: https://widget."));
        assert!(strays(Answer::Beacon).starts_with("TagRanWithout: "));
    }

    #[test]
    fn files_that_match_are_the_tags_own() {
        let tag = tag(CHAT);
        assert!(tag.owns("widget.chat.example", "/w.js", false));
        assert!(tag.owns("shop.example", "/chat/w.js", true));
        assert!(!tag.owns("shop.example", "/index.html", true));
    }
}
