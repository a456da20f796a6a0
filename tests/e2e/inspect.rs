use super::support::{Desk, LOAD};

const TAG: &str = r#"
[[tag]]
id = "TAG"
script = { src = "https://cdn.tag.example/TAG.js", file = "FIXTURES/tags/TAG.js", load = "async" }
"#;

const OTHER: &str = r#"
[[tag]]
id = "other"
snippet = { html = "<script>window.other = 1</script>", place = "body" }
"#;

#[test]
fn a_tag_that_does_nothing_is_traced_and_its_folder_goes() {
    let desk = Desk::new();
    let scenario = desk.scenario(LOAD, &(TAG.replace("TAG", "nothing") + OTHER));
    let scenario = scenario.to_str().unwrap();
    let told = desk.tell(&["inspect", scenario, "--tag", "nothing"]);
    desk.nothing_left();
    told.ends_with_code(0);
    told.says("nothing: nothing of the catalogue's");
    told.says("NOTHING FORBIDDEN bench");
    told.says("what the tags cost was not measured");
    assert!(!told.out.contains("other"), "{}", told.out);
    assert_eq!(
        std::fs::read_dir(desk.path("tagperf-out/bench"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn a_tag_that_did_not_run_is_not_examined_and_the_run_can_be_told_again() {
    let desk = Desk::new();
    let never = TAG
        .replace("TAG", "never")
        .replace(", file = \"FIXTURES/tags/never.js\"", "");
    let elsewhere = "\n[[origin]]\nhost = \"cdn.tag.example\"\ndir = \"FIXTURES/site\"\n";
    let scenario = desk.scenario(LOAD, &(never + elsewhere));
    let scenario = scenario.to_str().unwrap();
    let told = desk.tell(&["inspect", scenario, "--keep"]);
    desk.nothing_left();
    told.ends_with_code(5);
    told.says("never ran in 0 of 2 trials that have it");
    told.says("NOT EXAMINED");
    let dir = desk.run_dir();
    let again = desk.tell(&["report", dir.to_str().unwrap()]);
    again.ends_with_code(5);
    again.says("NOT EXAMINED");
    let accepted = desk.tell(&[
        "baseline",
        "accept",
        dir.to_str().unwrap(),
        "--reason",
        "no",
    ]);
    accepted.ends_with_code(2);
}

#[test]
fn a_tag_that_the_scenario_lacks_is_bad_input() {
    let desk = Desk::new();
    let scenario = desk.scenario(LOAD, &TAG.replace("TAG", "nothing"));
    let told = desk.tell(&["inspect", scenario.to_str().unwrap(), "--tag", "nothin"]);
    told.ends_with_code(2);
    told.says("no tag `nothin` can be asked about: did you mean `nothing`?");
}
