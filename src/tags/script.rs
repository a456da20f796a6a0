use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::{
    Answer, Insert, Place, PlayedFile, ReasonId, Request, Staging, UrlPattern, Visit,
};
use crate::reader::{At, Noted, Value};

use super::{Doubt, Scene, TagSource};

/// A script element that the stage puts into the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    pub src: Url,
    /// Played for `src`; without it the URL is left to its origin.
    pub file: Option<PathBuf>,
    pub place: Place,
    pub load: Load,
    /// What the response with the file says of itself; `None` as a static host does.
    #[serde(default)]
    pub headers: Option<Vec<(String, String)>>,
}

/// How the script is loaded: <https://html.spec.whatwg.org/multipage/scripting.html#attr-script-async>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Load {
    /// The parser waits for it.
    Sync,
    Async,
    Defer,
    /// An inline script creates the element, as tag managers do: the preload scanner does not see it.
    Inject,
}

/// The words that scenarios use for places in the document.
pub(super) const PLACES: &[(&str, Place)] = &[
    ("head-start", Place::HeadStart),
    ("head", Place::Head),
    ("body", Place::Body),
];

const LOADS: &[(&str, Load)] = &[
    ("sync", Load::Sync),
    ("async", Load::Async),
    ("defer", Load::Defer),
    ("inject", Load::Inject),
];

impl TagSource for Script {
    const ID: &'static str = "script";
    const WHAT: &'static str = "A script element that the page gets, played from a local file.";
    const EXAMPLE: &'static str = r#"script = { src = "https://cdn.heatmap.example/h.js", file = "tags/heatmap.js", place = "head", load = "async" }"#;

    fn read(value: Value<'_>, scene: &Scene<'_>) -> Result<Self, Noted> {
        value.table(|fields| {
            let src = fields.required("src", |value| value.at(Value::url));
            let file = fields.optional("file", |value| value.file(scene.folder));
            let place = fields.or("place", Place::default(), |value| value.choice(PLACES));
            let load = fields.or("load", Load::Async, |value| value.choice(LOADS));
            let headers = fields.optional("headers", |value| {
                let span = value.key_span();
                Ok(At {
                    value: value.headers()?,
                    span,
                })
            });
            let (src, file, headers) = (src?, file?, headers?);
            if let (None, Some(headers)) = (&file, &headers) {
                let message = "`headers`: no file is played that they could belong to";
                let help = "give `file`, or write them in the `[[origin]]`";
                let span = headers.span.clone();
                return Err(fields.notes().refuse_with(span, message, help));
            }
            let host = src.value.host_str().unwrap_or_default();
            let unplayed = |hosts: &[String]| !hosts.iter().any(|played| played == host);
            if file.is_none() && scene.hosts.is_some_and(unplayed) {
                let message = format!("nobody plays {host}: the script would never arrive");
                let help = "give `file`, or play the host with an `[[origin]]`";
                return Err(fields.notes().refuse_with(src.span, message, help));
            }
            Ok(Self {
                src: src.value,
                file,
                place: place?,
                load: load?,
                headers: headers.map(|headers| headers.value),
            })
        })
    }

    fn what(&self) -> String {
        let (load, place) = (word(LOADS, self.load), word(PLACES, self.place));
        let from = match &self.file {
            Some(file) => file.display().to_string(),
            None => "its origin".to_owned(),
        };
        format!("{} from {from} ({load}, {place})", self.src)
    }

    fn urls(&self) -> Vec<UrlPattern> {
        vec![UrlPattern(without_fragment(&self.src).into())]
    }

    fn staging(&self, id: &str, present: bool) -> Staging {
        if !present {
            return Staging::default();
        }
        let insert = Insert {
            tag: id.to_owned(),
            place: self.place,
            html: self.html(),
        };
        let play = |file: &PathBuf| PlayedFile {
            tag: id.to_owned(),
            url: without_query(&self.src).into(),
            file: file.clone(),
            headers: self.headers.clone(),
        };
        Staging {
            inserts: vec![insert],
            plays: self.file.iter().map(play).collect(),
            blocks: Vec::new(),
        }
    }

    fn fired(&self, _id: &str, visit: &Visit) -> Result<(), Doubt> {
        let text = match self.best_answer(visit) {
            None => self.never_asked_for(visit),
            Some(Answer::Played) if self.ran(visit) => return Ok(()),
            Some(Answer::Played) => format!(
                "{} was delivered, but its script element had no load event before the visit ended: \
                 give it more time, or see whether the page removes it",
                self.src
            ),
            Some(Answer::Missing) => format!(
                "{} was asked for and its origin has no such file: give the tag a `file`",
                self.src
            ),
            Some(Answer::Blocked) => format!(
                "{} was blocked: a `requests` tag that this arm lacks has a pattern for it",
                self.src
            ),
            Some(Answer::Refused | Answer::Beacon) => format!(
                "nobody plays {}: give the tag a `file`, or play its host with an [[origin]]",
                self.src
            ),
        };
        Err((ReasonId::TagDidNotRun, text))
    }

    fn stayed_away(&self, visit: &Visit) -> Result<(), Doubt> {
        if self.best_answer(visit) != Some(Answer::Played) {
            return Ok(());
        }
        let text = format!(
            "{} was loaded without the tag: if the page loads it by itself, name it with `requests` instead",
            self.src
        );
        Err((ReasonId::TagRanWithout, text))
    }

    fn owns(&self, host: &str, path: &str, page_host: bool) -> bool {
        self.src.host_str() == Some(host) && (!page_host || self.src.path() == path)
    }
}

impl Script {
    fn html(&self) -> String {
        let src = self.src.as_str();
        let attribute = match self.load {
            Load::Sync => "",
            Load::Async => " async",
            Load::Defer => " defer",
            Load::Inject => {
                return format!(
                    "<script>(function(d){{var s=d.createElement(\"script\");s.async=true;s.src={};\
                     var f=d.getElementsByTagName(\"script\")[0];f.parentNode.insertBefore(s,f)}})(document)</script>",
                    js_string(src)
                );
            }
        };
        format!(
            "<script{attribute} src=\"{}\"></script>",
            html_attribute(src)
        )
    }

    fn requests<'v>(&'v self, visit: &'v Visit) -> impl Iterator<Item = &'v Request> {
        let requests = visit.requests.iter();
        requests.filter(|request| self.is_src(&request.url))
    }

    /// The answer that counts when the URL was asked for several times.
    fn best_answer(&self, visit: &Visit) -> Option<Answer> {
        self.requests(visit).map(|request| request.answer).min()
    }

    fn ran(&self, visit: &Visit) -> bool {
        let mut scripts = visit.pages.iter().flat_map(|page| &page.scripts);
        scripts.any(|script| script.ran && self.is_src(&script.url))
    }

    fn never_asked_for(&self, visit: &Visit) -> String {
        let mut violations = visit.pages.iter().flat_map(|page| &page.csp_violations);
        let inline = self.load == Load::Inject;
        let forbidden = violations.find(|violation| {
            self.is_src(&violation.blocked) || (inline && violation.blocked == "inline")
        });
        match forbidden {
            Some(violation) => format!(
                "the page's Content-Security-Policy ({}) forbids {}: allow it there",
                violation.directive, self.src
            ),
            None => format!(
                "the page never asked for {}: see whether its document has the place the tag is put in",
                self.src
            ),
        }
    }

    fn is_src(&self, url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| without_fragment(&url) == without_fragment(&self.src))
    }
}

fn word<T: PartialEq>(words: &[(&'static str, T)], meaning: T) -> &'static str {
    let mut words = words.iter();
    let word = words.find(|(_, known)| *known == meaning);
    word.map_or("", |(word, _)| word)
}

fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

fn without_query(url: &Url) -> Url {
    let mut url = without_fragment(url);
    url.set_query(None);
    url
}

/// For a double-quoted attribute.
fn html_attribute(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A double-quoted JavaScript string that may stand in an inline script: nothing in it can end the element.
fn js_string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || "-._~:/?#[]@!$()*+,;=% ".contains(c) {
            quoted.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                quoted.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags::Tag;
    use crate::tags::tests::{asked, forbidden, inserted, script_event, tag, told};

    const URL: &str = "https://cdn.example/h.js?v=1";

    fn heatmap(more: &str) -> Tag {
        tag(&format!(
            "script = {{ src = \"{URL}#part\", load = \"async\", {more} }}"
        ))
    }

    fn loaded(load: &str) -> Tag {
        tag(&format!(
            "script = {{ src = \"{URL}#part\", load = \"{load}\" }}"
        ))
    }

    #[test]
    fn the_element_is_as_the_scenario_says() {
        let html = |load| inserted(&loaded(load), true);
        let src = "src=\"https://cdn.example/h.js?v=1#part\"";
        assert_eq!(html("sync"), format!("<script {src}></script>"));
        assert_eq!(html("async"), format!("<script async {src}></script>"));
        assert_eq!(html("defer"), format!("<script defer {src}></script>"));
        let inject = html("inject");
        assert!(inject.contains("s.async=true;s.src=\"https://cdn.example/h.js?v=1#part\";"));
        assert!(inject.contains("insertBefore"));
        assert_eq!(heatmap("").staging(false), Staging::default());
    }

    #[test]
    fn the_file_is_played_for_the_url_without_its_query() {
        let tag = heatmap("file = \"tags/heatmap.js\", place = \"head-start\"");
        let staging = tag.staging(true);
        assert_eq!(staging.plays[0].url, "https://cdn.example/h.js");
        assert!(staging.plays[0].file.ends_with("tags/heatmap.js"));
        assert_eq!(staging.inserts[0].place, Place::HeadStart);
        assert!(heatmap("").staging(true).plays.is_empty());
    }

    #[test]
    fn delivered_and_run_is_fired() {
        let fired = |visit: Visit| told(heatmap("").fired(&visit));
        let delivered = asked(URL, Answer::Played);
        assert_eq!(fired(script_event(delivered.clone(), URL, true)), "ok");
        let failed = script_event(delivered.clone(), URL, false);
        let other = script_event(delivered.clone(), "https://cdn.example/h.js?v=2", true);
        for visit in [delivered, failed, other] {
            let told = fired(visit);
            assert!(told.contains("had no load event"), "{told}");
        }
    }

    #[test]
    fn what_kept_the_script_away_is_told() {
        let fired = |visit: Visit| told(loaded("inject").fired(&visit));
        for (answer, why) in [
            (Answer::Missing, "its origin has no such file"),
            (Answer::Blocked, "was blocked"),
            (Answer::Refused, "nobody plays"),
        ] {
            let told = fired(script_event(asked(URL, answer), URL, false));
            let is_told = told.starts_with("TagDidNotRun: ") && told.contains(why);
            assert!(is_told, "{told}");
        }
        let nothing = asked("https://shop.example/", Answer::Played);
        assert!(fired(nothing.clone()).contains("never asked for"));
        for blocked in [URL, "inline"] {
            let told = fired(forbidden(nothing.clone(), "script-src-elem", blocked));
            assert!(told.contains("Policy (script-src-elem)"), "{told}");
        }
        let inline = forbidden(nothing, "script-src-elem", "inline");
        let told = told(loaded("async").fired(&inline));
        assert!(told.contains("never asked for"), "{told}");
    }

    #[test]
    fn a_page_that_loads_the_script_itself_is_told() {
        let strays = |url, answer| told(heatmap("").strays(&asked(url, answer)));
        assert!(strays(URL, Answer::Played).starts_with("TagRanWithout: "));
        assert_eq!(strays(URL, Answer::Refused), "ok");
        assert_eq!(strays("https://cdn.example/h.js", Answer::Played), "ok");
    }

    #[test]
    fn a_vendors_host_is_the_tags_own_and_the_pages_is_not() {
        let tag = heatmap("");
        assert!(tag.owns("cdn.example", "/chunk.js", false));
        assert!(!tag.owns("cdn.example", "/chunk.js", true));
        assert!(tag.owns("cdn.example", "/h.js", true));
        assert!(!tag.owns("shop.example", "/h.js", false));
    }

    #[test]
    fn no_character_of_a_url_escapes_its_string() {
        let hostile = "https://x/?a=</script><script>'\"\\\u{2028}&b=1";
        let quoted = js_string(hostile);
        let inner = &quoted[1..quoted.len() - 1];
        assert!(!inner.contains(['<', '>', '"', '\'', '&', '\u{2028}']));
        let back: String = serde_json::from_str(&quoted).unwrap();
        assert_eq!(back, hostile);
        assert_eq!(html_attribute("a\"b<c>&d"), "a&quot;b&lt;c&gt;&amp;d");
    }

    #[test]
    fn a_hostile_url_stays_one_script_element() {
        let hostile = r#"https://cdn.example/a'b.js?x=</script><!--<script>"&y=é#'"><img>"#;
        for load in ["async", "inject"] {
            let source = format!("script = {{ src = {hostile:?}, load = \"{load}\" }}");
            let html = inserted(&tag(&source), true);
            assert_eq!(html.matches("<script").count(), 1, "{html}");
            assert_eq!(html.matches("</script").count(), 1, "{html}");
            assert!(!html.contains("<!--") && !html.contains("<img"), "{html}");
        }
    }
}
