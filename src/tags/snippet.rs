use std::fs;
use std::path::PathBuf;

use lol_html::errors::RewritingError;
use lol_html::{RewriteStrSettings, element, rewrite_str};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::{CspViolation, Insert, Place, ReasonId, Staging, UrlPattern, Visit};
use crate::reader::{Noted, Value};

use super::script::PLACES;
use super::{Doubt, Scene, TagSource};

/// A piece of HTML that the stage puts into the page, as a vendor's manual says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    pub html: String,
    /// Where the HTML was read from; `None` if it stands in the scenario.
    pub file: Option<PathBuf>,
    pub place: Place,
    /// URLs of the scripts that the HTML itself names.
    pub scripts: Vec<UrlPattern>,
}

impl TagSource for Snippet {
    const ID: &'static str = "snippet";
    const WHAT: &'static str = "A piece of HTML that the page gets, as a vendor's manual says.";
    const EXAMPLE: &'static str = r#"snippet = { file = "tags/chat.html", place = "body" }"#;

    fn read(value: Value<'_>, scene: &Scene<'_>) -> Result<Self, Noted> {
        value.table(|fields| {
            let code = fields.one_of(&["html", "file"]);
            let place = fields.or("place", Place::default(), |value| value.choice(PLACES));
            let (which, value) = code?;
            let at = value.clone();
            let (html, file) = match which {
                0 => (value.text()?, None),
                _ => {
                    let file = value.file(scene.folder)?;
                    let html = fs::read_to_string(&file)
                        .map_err(|error| at.refuse(format!("cannot read it: {error}")))?;
                    (html, Some(file))
                }
            };
            let scripts = script_urls(&html, scene.page)
                .map_err(|error| at.refuse(format!("cannot be read as HTML: {error}")))?;
            Ok(Self {
                html,
                file,
                place: place?,
                scripts,
            })
        })
    }

    fn what(&self) -> String {
        match &self.file {
            Some(file) => file.display().to_string(),
            None => format!("{} bytes of HTML in the scenario", self.html.len()),
        }
    }

    fn urls(&self) -> Vec<UrlPattern> {
        self.scripts.clone()
    }

    /// The comments stand in both arms, so that the arms differ by the snippet alone.
    fn staging(&self, id: &str, present: bool) -> Staging {
        let html = if present { &*self.html } else { "" };
        let insert = Insert {
            tag: id.to_owned(),
            place: self.place,
            html: format!("<!--tagperf:{id}-->{html}<!--/tagperf:{id}-->"),
        };
        Staging {
            inserts: vec![insert],
            ..Staging::default()
        }
    }

    fn fired(&self, id: &str, visit: &Visit) -> Result<(), Doubt> {
        let mut pages = visit.pages.iter();
        if !pages.any(|page| page.snippets.iter().any(|snippet| snippet == id)) {
            let text =
                "no document of the visit holds the snippet: see whether the page has the place \
                        it is put in, and keeps it"
                    .to_owned();
            return Err((ReasonId::TagDidNotRun, text));
        }
        let mut violations = visit.pages.iter().flat_map(|page| &page.csp_violations);
        match violations.find(|violation| self.suffers(violation)) {
            None => Ok(()),
            Some(violation) => {
                let text = format!(
                    "the page's Content-Security-Policy ({}) forbids inline code: allow the snippet there",
                    violation.directive
                );
                Err((ReasonId::TagDidNotRun, text))
            }
        }
    }

    /// Without the tag nothing of it is put in; code that the page has anyway is the page's.
    fn stayed_away(&self, _visit: &Visit) -> Result<(), Doubt> {
        Ok(())
    }

    fn owns(&self, host: &str, _path: &str, page_host: bool) -> bool {
        !page_host && self.html.contains(host)
    }
}

impl Snippet {
    /// Does what the policy forbade concern inline code such as this snippet's?
    fn suffers(&self, violation: &CspViolation) -> bool {
        let html = self.html.to_ascii_lowercase();
        let style = violation.directive.starts_with("style-src");
        violation.blocked == "inline"
            && if style {
                html.contains("<style") || html.contains("style=")
            } else {
                html.contains("<script")
            }
    }
}

/// The URLs of external scripts in `html`, made whole by the page's URL.
fn script_urls(html: &str, page: Option<&Url>) -> Result<Vec<UrlPattern>, RewritingError> {
    let mut urls = Vec::new();
    let note = element!("script[src]", |element| {
        let src = element.get_attribute("src").unwrap_or_default();
        let url = page.and_then(|page| page.join(&src.replace("&amp;", "&")).ok());
        urls.extend(url.map(|url| UrlPattern(url.into())));
        Ok(())
    });
    let settings = RewriteStrSettings::new().append_element_content_handler(note);
    rewrite_str(html, settings.with_strict(false))?;
    Ok(urls)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Answer;
    use crate::tags::tests::{asked, forbidden, inserted, tag, told};

    const HELLO: &str = r#"snippet = { html = "<script>hello()</script>", place = "body" }"#;

    #[test]
    fn both_arms_carry_the_comments() {
        let tag = tag(HELLO);
        assert_eq!(
            inserted(&tag, true),
            "<!--tagperf:it--><script>hello()</script><!--/tagperf:it-->"
        );
        assert_eq!(inserted(&tag, false), "<!--tagperf:it--><!--/tagperf:it-->");
        for present in [true, false] {
            assert_eq!(tag.staging(present).inserts[0].place, Place::Body);
        }
    }

    #[test]
    fn scripts_that_the_html_names_are_the_tags_own() {
        let tag = tag(r#"snippet = { file = "tags/chat.html" }"#);
        let url = "https://widget.chat.example/boot.js?a=1&b=2";
        assert_eq!(tag.urls(), [UrlPattern(url.into())]);
        assert!(tag.owns("widget.chat.example", "/other.js", false));
        assert!(!tag.owns("shop.example", "/", true));
    }

    #[test]
    fn the_snippet_shows_in_the_document() {
        let tag = tag(HELLO);
        let mut visit = asked("https://shop.example/", Answer::Played);
        assert!(told(tag.fired(&visit)).starts_with("TagDidNotRun: no document"));
        visit.pages[0].snippets.push("it".into());
        assert_eq!(told(tag.fired(&visit)), "ok");
        assert_eq!(told(tag.strays(&visit)), "ok");
    }

    #[test]
    fn a_policy_against_inline_code_is_told() {
        let tag = tag(HELLO);
        let mut visit = asked("https://shop.example/", Answer::Played);
        visit.pages[0].snippets.push("it".into());
        let fired =
            |directive, blocked| told(tag.fired(&forbidden(visit.clone(), directive, blocked)));
        let policy = "TagDidNotRun: the page's Content-Security-Policy (script-src-elem)";
        assert!(fired("script-src-elem", "inline").starts_with(policy));
        assert_eq!(fired("script-src-elem", "https://other.example/x.js"), "ok");
        assert_eq!(fired("style-src-elem", "inline"), "ok", "it has no style");
    }
}
