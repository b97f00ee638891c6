//! Undeclared values of enums: reported if a caller gave them as strings, but sent if they were
//! received, or given as the variant for unknown values.

use generated_fixtures::enums_misspelled::{Client, models::*};
use serde_json::json;
use specwright_runtime::Error;

use crate::support::json::{read, unchanged, written};
use crate::support::recording::Server;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn client(url: &str) -> Result<Client, Box<dyn std::error::Error>> {
    Ok(Client::builder().base_url(url).build()?)
}

fn ticket(status: impl Into<Status>) -> Ticket {
    let mut ticket: Ticket = read(r#"{"status": "open"}"#);
    ticket.status = status.into();
    ticket
}

#[test]
fn a_builder_reports_undeclared_values() {
    let built = Ticket::builder()
        .status("opne")
        .previous(["closed", "in_progress"])
        .by_user([("a/b".to_owned(), "closed".into()), ("c".to_owned(), "new".into())].into())
        .either(Status::from("Closed"))
        .parent(ticket("nowhere"))
        .build();
    let error = built.expect_err("undeclared values");
    let violations: Vec<_> = error.violations().iter().map(ToString::to_string).collect();
    let (listed, other) = (
        "must be one of `open`, `closed`, `in-progress`, is",
        "(use the variant `Unknown` for a value that is not declared)",
    );
    assert_eq!(
        violations,
        [
            format!("/status {listed} `opne`; did you mean `open`? {other}"),
            format!("/previous/1 {listed} `in_progress`; did you mean `in-progress`? {other}"),
            format!("/by_user/c {listed} `new` {other}"),
            format!("/parent/status {listed} `nowhere` {other}"),
            format!("/either {listed} `Closed`; did you mean `closed`? {other}"),
        ]
    );
}

#[test]
fn the_variant_for_unknown_values_and_received_values_are_accepted() {
    let explicit = Ticket::builder()
        .status(Status::Unknown("brand-new".into()))
        .label("anything")
        .tone("anything")
        .build()
        .expect("a ticket");
    assert_eq!(written(&explicit)["status"], "brand-new");
    let received: Ticket = unchanged(r#"{"status": "brand-new", "previous": ["older"]}"#);
    let built = Ticket::builder().status(received.status.clone()).parent(received);
    assert_eq!(written(&built.build().expect("a ticket"))["parent"]["previous"][0], "older");
    assert_eq!(Status::from("brand-new"), Status::Unknown("brand-new".into()));
    assert_eq!(format!("{:?}", Status::from("brand-new")), r#"Unknown("brand-new")"#);
    // What is only encoded is not a request.
    assert_eq!(written(&ticket("opne"))["status"], "opne");
    assert_eq!(size_of::<Status>(), size_of::<String>());
}

#[tokio::test]
async fn a_request_reports_undeclared_values_wherever_they_are() -> Outcome {
    let server = Server::start([]).await?;
    let client = client(&server.url)?;
    let call = || client.add_ticket("open", ticket("open"));
    let mut misspelled = Filter::default();
    misspelled.status = Some("opne".into());
    for (call, location) in [
        (client.add_ticket("opne", ticket("open")), "/status"),
        (call().order("latest"), "/order"),
        (call().among(["open", "opne"]), "/among/1"),
        (call().x_status("opne"), "/X-Status"),
        (call().seen("opne"), "/seen"),
        (call().filter(misspelled), "/filter/status"),
        (client.add_ticket("open", ticket("opne")), "/status"),
    ] {
        let Err(Error::Validation(error)) = call.send().await else {
            return Err(format!("{location} is not reported").into());
        };
        let locations: Vec<_> = error.violations().iter().map(|one| one.pointer.as_str()).collect();
        assert_eq!(locations, [location]);
    }
    let mut form: ImportTicketsBody = read(r#"{"status": "open"}"#);
    form.status = "opne".into();
    let mut upload = UploadBody::default();
    upload.status = Some("opne".into());
    for result in [
        client.import_tickets(form).send().await,
        client.upload(upload).send().await,
        client.put_note("opne").send().await,
    ] {
        let Err(error) = result else { return Err("a form is not reported".into()) };
        assert!(error.to_string().contains("is `opne`; did you mean `open`?"), "{error}");
    }
    assert!(server.seen().is_empty());
    Ok(())
}

#[tokio::test]
async fn received_values_can_be_sent_back() -> Outcome {
    // There is an undeclared value somewhere in the process.
    let _ = Status::from("opne");
    let sent = json!({ "status": "brand-new", "other": "older", "either": "newest" });
    let server = Server::start([(200, sent.clone())]).await?;
    let client = client(&server.url)?;
    let received = client.add_ticket("open", ticket("open")).send().await?.into_body();
    let call = client.add_ticket(received.status.clone(), received.clone());
    call.x_status(Status::Unknown("x".into())).send().await.err();
    client.put_note(received.status).send().await?;
    let seen = server.seen();
    assert!(seen[1].starts_with("POST /tickets/brand-new "), "{seen:?}");
    assert!(seen[1].contains(r#""status":"brand-new""#), "{seen:?}");
    assert!(seen[2].starts_with("PUT /note brand-new"), "{seen:?}");
    Ok(())
}
