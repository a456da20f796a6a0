use std::future::ready;
use std::io::{Read, Write, pipe};
use std::os::fd::OwnedFd;
use std::thread;

use chromiumoxide::cdp::browser_protocol::browser::GetVersionParams;
use chromiumoxide::cdp::js_protocol::runtime::{EvaluateParams, GetIsolateIdParams};
use serde_json::Value;

use super::*;

const SOON: Duration = Duration::from_secs(5);

/// A browser that hands every command to `answer` and writes what it returns.
fn browser(mut answer: impl FnMut(Value) -> String + Send + 'static) -> Connection {
    let (mut commands, ours) = pipe().unwrap();
    let (from, mut answers) = pipe().unwrap();
    thread::spawn(move || {
        let mut seen = Vec::new();
        let mut byte = [0];
        while matches!(commands.read(&mut byte), Ok(1)) {
            if byte[0] != 0 {
                seen.push(byte[0]);
                continue;
            }
            let text = answer(serde_json::from_slice(&seen).unwrap());
            seen.clear();
            if text == "die" || answers.write_all(text.as_bytes()).is_err() {
                return;
            }
        }
    });
    Connection::start(
        pipe::Receiver::from_owned_fd(OwnedFd::from(from)).unwrap(),
        pipe::Sender::from_owned_fd(OwnedFd::from(ours)).unwrap(),
        ready("it was told to".to_owned()),
    )
}

fn result(command: &Value, result: &str) -> String {
    format!("{{\"id\":{},\"result\":{result}}}\0", command["id"])
}

#[tokio::test]
async fn answers_find_their_questions_in_any_order() {
    let mut first = None;
    let connection = browser(move |command| match first.take() {
        None => {
            first = Some(command);
            String::new()
        }
        Some(earlier) => {
            result(&command, "{\"id\":\"second\"}") + &result(&earlier, "{\"id\":\"first\"}")
        }
    });
    let a = connection.call("s", GetIsolateIdParams::default(), SOON);
    let b = connection.call("s", GetIsolateIdParams::default(), SOON);
    let (a, b) = tokio::join!(a, b);
    assert_eq!(
        (a.unwrap().id, b.unwrap().id),
        ("first".into(), "second".into())
    );
}

#[tokio::test]
async fn what_is_not_known_costs_nothing() {
    let connection = browser(|command| {
        [
            "not JSON at all\0",
            "{\"method\":\"New.event\",\"params\":{\"kind\":\"newest\"}}\0",
            "{\"id\":4711,\"result\":{}}\0{}\0[]\0",
            &result(&command, "{\"id\":\"x\",\"invented\":[1]}"),
        ]
        .concat()
    });
    let mut events = connection.events("");
    let answer = connection
        .call("", GetIsolateIdParams::default(), SOON)
        .await;
    assert_eq!(answer.unwrap().id, "x");
    let event = events.recv().await.unwrap();
    assert_eq!(event.method, "New.event");
    assert_eq!(event.read::<u32>(), None);
}

#[tokio::test]
async fn a_silent_browser_is_a_time_out_and_a_late_answer_is_nobodys() {
    let mut late = String::new();
    let connection = browser(move |command| {
        let answer = result(&command, "{\"id\":\"x\"}");
        std::mem::replace(&mut late, answer)
    });
    let wait = Duration::from_millis(50);
    let first = connection
        .call("", GetIsolateIdParams::default(), wait)
        .await;
    assert!(matches!(first, Err(CallError::TimedOut { after, .. }) if after == wait));
    assert!(connection.0.state().pending.is_empty());
    let second = connection
        .call("", GetIsolateIdParams::default(), wait)
        .await;
    assert!(matches!(second, Err(CallError::TimedOut { .. })));
}

#[tokio::test]
async fn refusals_and_strange_answers_name_the_command() {
    let connection = browser(|command| match command["method"].as_str() {
        Some("Runtime.evaluate") => format!(
            "{{\"id\":{},\"error\":{{\"code\":-32000,\"message\":\"no such context\"}}}}\0",
            command["id"]
        ),
        _ => result(&command, "{\"product\":7}"),
    });
    let refused = connection
        .call("", EvaluateParams::new("1"), SOON)
        .await
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Runtime.evaluate was refused: no such context"
    );
    let strange = connection
        .call("", GetVersionParams::default(), SOON)
        .await
        .unwrap_err();
    assert!(
        strange.to_string().contains("Browser.getVersion"),
        "{strange}"
    );
}

#[tokio::test]
async fn the_end_of_the_browser_fails_what_is_pending_and_what_comes() {
    let mut commands = 0;
    let connection = browser(move |_| {
        commands += 1;
        if commands == 2 { "die" } else { "{\"half\":" }.into()
    });
    let mut events = connection.events("s");
    let a = connection.call("s", GetIsolateIdParams::default(), SOON);
    let b = connection.call("", GetVersionParams::default(), SOON);
    let (a, b) = tokio::join!(a, b);
    let died = CallError::Closed("it was told to".into());
    assert_eq!(
        (a.unwrap_err(), b.unwrap_err()),
        (died.clone(), died.clone())
    );
    assert!(events.recv().await.is_none());
    let late = connection
        .call("s", GetIsolateIdParams::default(), SOON)
        .await;
    assert_eq!(late.unwrap_err(), died);
    assert_eq!(
        Fault::from(died),
        Fault::BrowserDied {
            why: "it was told to".into()
        }
    );
}

#[tokio::test]
async fn a_crash_fails_the_calls_of_its_page_and_of_no_other() {
    let connection = browser(|command| match command["sessionId"].as_str() {
        Some("bad") => {
            "{\"method\":\"Inspector.targetCrashed\",\"params\":{},\"sessionId\":\"bad\"}\0".into()
        }
        _ => result(&command, "{\"id\":\"fine\"}"),
    });
    let mut events = connection.events("bad");
    let bad = connection.call("bad", GetIsolateIdParams::default(), SOON);
    assert_eq!(bad.await.unwrap_err(), CallError::Crashed);
    assert!(events.recv().await.is_none());
    let again = connection.call("bad", GetIsolateIdParams::default(), SOON);
    assert_eq!(again.await.unwrap_err(), CallError::Crashed);
    let good = connection.call("good", GetIsolateIdParams::default(), SOON);
    assert_eq!(good.await.unwrap().id, "fine");
}

#[tokio::test]
async fn a_session_that_is_detached_is_gone_unless_it_was_closed_on_purpose() {
    let connection = browser(|command| {
        let detached =
            "{\"method\":\"Target.detachedFromTarget\",\"params\":{\"sessionId\":\"s\"}}\0";
        detached.to_owned() + &result(&command, "{\"id\":\"x\"}")
    });
    let _events = connection.events("s");
    connection.forget("s");
    assert!(
        connection
            .call("s", GetIsolateIdParams::default(), SOON)
            .await
            .is_ok()
    );
    let _events = connection.events("s");
    let gone = connection
        .call("s", GetIsolateIdParams::default(), SOON)
        .await;
    assert_eq!(gone.unwrap_err(), CallError::Crashed);
}
