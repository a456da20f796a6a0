use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use wildmatch::WildMatch;

/// A URL pattern in which `*` stands for any run of characters: `*://widget.chat.example/*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct UrlPattern(pub String);

impl UrlPattern {
    pub fn matches(&self, url: &str) -> bool {
        WildMatch::new(&self.0).matches(url)
    }
}

impl fmt::Display for UrlPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        let pattern = UrlPattern("*://widget.chat.example/*".into());
        assert!(pattern.matches("https://widget.chat.example/w.js?v=1"));
        assert!(!pattern.matches("https://other.example/?u=widget"));
    }
}
