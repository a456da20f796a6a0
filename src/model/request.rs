use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One request as the stage saw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Request {
    /// Since the trial began on the stage, milliseconds.
    pub start_ms: f64,
    /// From the request's arrival to the last byte of the response, milliseconds.
    pub duration_ms: f64,
    pub method: String,
    pub url: String,
    /// `Sec-Fetch-Dest`: `document`, `script`, `image`, `empty`…; empty when not sent.
    pub destination: String,
    /// 0 when no response was given.
    pub status: u16,
    /// Response body bytes that were sent.
    pub sent_bytes: u64,
    /// Request body bytes that were received.
    pub received_bytes: u64,
    pub answer: Answer,
    /// The body, cut, as text; only in traced trials, and only where it is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Of the response: those that say how it may be kept and sent, in small letters. Only where the origin says
    /// what it sends; the stage's own are no vendor's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
}

/// What became of a request.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// From a played origin or a played file.
    Played,
    /// A played origin has nothing at this path: 404.
    Missing,
    /// Looks like measurement data sent to a host that nobody plays: counted, and answered with
    /// 204, or with an empty image where one is asked for.
    Beacon,
    /// Cut off because this arm lacks the tag.
    Blocked,
    /// Cut off because nobody plays this host.
    Refused,
}
