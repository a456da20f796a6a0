//! Which listeners the page still has.

use std::collections::HashMap;
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::dom::{
    DescribeNodeParams, GetDocumentParams, NodeId, QuerySelectorAllParams, ResolveNodeParams,
};
use chromiumoxide::cdp::browser_protocol::dom_debugger::GetEventListenersParams;
use chromiumoxide::cdp::js_protocol::runtime::{
    EvaluateParams, ReleaseObjectGroupParams, RemoteObjectId,
};
use serde::Deserialize;

use super::super::tab::{Session, Tab};
use super::super::transport::CallError;
use super::super::{CodeLocation, Listener, Script};
use super::OWN_SCRIPTS;

/// Fields for what is the visitor's own. Those within shadow roots are not found.
const FIELDS: &str = "input[type=password i], input[type=email i], input[type=tel i], \
    input[autocomplete^=cc- i], input[autocomplete*=password i], input[autocomplete=email i], \
    input[name*=card i], input[name*=cvc i], input[name*=cvv i], input[name*=iban i], input[name*=email i]";

const MOST_FIELDS: usize = 50;
const MOST_LISTENERS: usize = 1000;
const MOST_TEXT: usize = 200;

/// Holds the objects on the browser's side until they are released.
const GROUP: &str = "tagperf-inventory";

/// The listeners of the window, the document, its root and body, and of the fields above, without those that
/// listen to `channel`. The URL of their code is not known here: see [`name`].
pub(super) async fn read(
    tab: &Tab,
    channel: &str,
    deadline: Duration,
) -> Result<Vec<Listener>, CallError> {
    let session = &tab.session;
    let mut listeners = Vec::new();
    let mut window = EvaluateParams::new("window");
    window.object_group = Some(GROUP.into());
    let window: Evaluated = session.call_for(window, deadline).await?;
    add(session, "window", window.result, &mut listeners, deadline).await?;

    let document: Document = session
        .call_for(
            GetDocumentParams {
                depth: Some(0),
                pierce: None,
            },
            deadline,
        )
        .await?;
    let document = document.root.id;
    let mut targets = vec![("document".to_owned(), document)];
    for (name, selector) in [("html", ":root"), ("body", ":root > body")] {
        let found = query(session, document, selector, deadline).await?;
        targets.extend(
            found
                .into_iter()
                .take(1)
                .map(|node| (name.to_owned(), node)),
        );
    }
    let fields = query(session, document, FIELDS, deadline).await?;
    for node in fields.into_iter().take(MOST_FIELDS) {
        let describe = DescribeNodeParams {
            node_id: Some(node),
            ..Default::default()
        };
        let described: Described = session.call_for(describe, deadline).await?;
        targets.push((described.node.text(), node));
    }
    for (name, node) in targets {
        let resolve = ResolveNodeParams {
            node_id: Some(node),
            object_group: Some(GROUP.into()),
            ..Default::default()
        };
        let resolved: Resolved = session.call_for(resolve, deadline).await?;
        add(session, &name, resolved.object, &mut listeners, deadline).await?;
    }
    session.post(ReleaseObjectGroupParams::new(GROUP));
    listeners.retain(|listener| !listener.kind.starts_with(channel));
    Ok(listeners)
}

/// Gives the listeners' code the URL of its script, and drops those of the harness's own scripts.
///
/// V8 numbers scripts per process: `scripts` must be of the one that ran the page to the end.
pub(super) fn name(listeners: &mut Vec<Listener>, scripts: &[Script]) {
    let urls: HashMap<u32, &str> = scripts
        .iter()
        .map(|script| (script.id, script.url.as_str()))
        .collect();
    for listener in &mut *listeners {
        if let Some(url) = urls.get(&listener.script) {
            listener.code.url = (*url).to_owned();
        }
    }
    listeners.retain(|listener| !listener.code.url.starts_with(OWN_SCRIPTS));
}

async fn query(
    session: &Session,
    document: NodeId,
    selector: &str,
    deadline: Duration,
) -> Result<Vec<NodeId>, CallError> {
    let all = QuerySelectorAllParams::new(document, selector);
    Ok(session.call(all, deadline).await?.node_ids)
}

async fn add(
    session: &Session,
    target: &str,
    object: Object,
    listeners: &mut Vec<Listener>,
    deadline: Duration,
) -> Result<(), CallError> {
    let Some(id) = object.id else {
        return Ok(());
    };
    let found: Listeners = session
        .call_for(GetEventListenersParams::new(id), deadline)
        .await?;
    let room = MOST_LISTENERS.saturating_sub(listeners.len());
    let found = found.listeners.into_iter().take(room);
    listeners.extend(found.map(|one| one.of(target)));
    Ok(())
}

#[derive(Deserialize)]
struct Evaluated {
    result: Object,
}

#[derive(Deserialize)]
struct Resolved {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    #[serde(rename = "objectId")]
    id: Option<RemoteObjectId>,
}

#[derive(Deserialize)]
struct Document {
    root: Root,
}

#[derive(Deserialize)]
struct Root {
    #[serde(rename = "nodeId")]
    id: NodeId,
}

#[derive(Deserialize)]
struct Described {
    node: Node,
}

#[derive(Deserialize)]
struct Node {
    #[serde(rename = "localName")]
    name: String,
    /// Names and values in turn.
    #[serde(default)]
    attributes: Vec<String>,
}

impl Node {
    /// `input[type=password]#pw`.
    fn text(&self) -> String {
        let attribute = |name: &str| {
            let mut pairs = self.attributes.chunks_exact(2);
            pairs
                .find(|pair| pair[0] == name && !pair[1].is_empty())
                .map(|pair| pair[1].as_str())
        };
        let mut text = self.name.clone();
        if let Some(kind) = attribute("type") {
            text += &format!("[type={kind}]");
        }
        if let Some(id) = attribute("id") {
            text += &format!("#{id}");
        } else if let Some(name) = attribute("name") {
            text += &format!("[name={name}]");
        }
        text.chars().take(MOST_TEXT).collect()
    }
}

#[derive(Deserialize)]
struct Listeners {
    listeners: Vec<Found>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    #[serde(rename = "type")]
    kind: String,
    use_capture: bool,
    passive: bool,
    script_id: String,
    /// From 0.
    line_number: u32,
    column_number: u32,
    handler: Option<Handler>,
}

#[derive(Deserialize)]
struct Handler {
    /// The function's text.
    #[serde(default)]
    description: String,
}

impl Found {
    fn of(self, target: &str) -> Listener {
        let text = self.handler.map(|handler| handler.description);
        Listener {
            target: target.to_owned(),
            kind: self.kind.chars().take(MOST_TEXT).collect(),
            passive: self.passive,
            capture: self.use_capture,
            code: CodeLocation {
                url: String::new(),
                function: function_name(&text.unwrap_or_default()).to_owned(),
                line: self.line_number.saturating_add(1),
                column: self.column_number.saturating_add(1),
            },
            script: self.script_id.parse().unwrap_or_default(),
        }
    }
}

/// What the text of a function calls it: `onScroll` of `async function onScroll(event) {`.
fn function_name(text: &str) -> &str {
    let head = text.split('(').next().unwrap_or_default();
    let head = head.trim().trim_start_matches("async ").trim_start();
    let name = match head.strip_prefix("function") {
        Some(name) if name.is_empty() || name.starts_with([' ', '*']) => {
            name.trim_start_matches([' ', '*'])
        }
        _ => head,
    };
    let fits = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    if name.chars().all(fits) && name != "async" && name.chars().count() <= MOST_TEXT {
        name
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_called_what_its_text_says() {
        let cases = [
            ("function onScroll(e) { }", "onScroll"),
            ("async function* $a_1 () {}", "$a_1"),
            ("function(e) {}", ""),
            ("functional(e) {}", "functional"),
            ("(e) => go(e)", ""),
            ("e => go(e)", ""),
            ("async (e) => {}", ""),
            ("handleEvent(e) {}", "handleEvent"),
            ("class A { }", ""),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(function_name(text), expected, "{text}");
        }
    }

    #[test]
    fn a_field_is_called_by_its_type_and_id_or_name() {
        let text = |attributes: &[&str]| {
            let attributes = attributes.iter().map(|text| (*text).to_owned()).collect();
            let name = "input".to_owned();
            Node { name, attributes }.text()
        };
        assert_eq!(
            text(&["id", "pw", "type", "password"]),
            "input[type=password]#pw"
        );
        assert_eq!(text(&["name", "card", "id", ""]), "input[name=card]");
        assert_eq!(text(&["name", &"x".repeat(1000)]).len(), MOST_TEXT);
    }

    #[test]
    fn code_is_named_by_its_script_and_the_harness_is_left_out() {
        let listener = |script| Listener {
            script,
            ..Listener::default()
        };
        let script = |id, url: &str| Script {
            id,
            url: url.into(),
            ..Script::default()
        };
        let mut listeners = vec![listener(1), listener(2), listener(3)];
        name(
            &mut listeners,
            &[script(1, "https://x/y.js"), script(2, "tagperf:bridge")],
        );
        let urls: Vec<&str> = listeners.iter().map(|one| one.code.url.as_str()).collect();
        assert_eq!(urls, ["https://x/y.js", ""]);
    }
}
