//! Types of the user in paths, queries, headers, bodies and forms.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use generated_fixtures::servers::user_types as served;
use generated_fixtures::user_types::models::{AddFormBody, Event, Key, Level, OffsetDateTime};
use generated_fixtures::{UserDecimal, UserOwner, user_types};
use jiff::civil::date;
use served::operations::{AddForm, GetEvent, PutEvent};
use specwright_server::{Call, Credentials, Limits, Operation, Rejection, Response};
use uuid::Uuid;

use crate::support::json::{decode_error, unchanged};
use crate::support::running::Served;

type Outcome = Result<(), Box<dyn std::error::Error>>;

const ID: Uuid = Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);

/// Returns the event that was put, and records the last request.
#[derive(Default)]
struct Calendar {
    event: Mutex<Option<Event>>,
    got: Mutex<Option<GetEvent>>,
    form: Mutex<Option<AddFormBody>>,
}

fn set<T>(of: &Mutex<Option<T>>, value: T) {
    *of.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
}

fn get<T: Clone>(of: &Mutex<Option<T>>) -> Option<T> {
    of.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

impl served::Api for Calendar {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    async fn get_event(&self, request: GetEvent, _: Call) -> Result<Response<Event>, Rejection> {
        set(&self.got, request);
        get(&self.event).map(Response::new).ok_or_else(|| Rejection::new(404, "no event"))
    }

    async fn put_event(&self, request: PutEvent, _: Call) -> Result<Response<()>, Rejection> {
        set(&self.event, request.body);
        Ok(().into())
    }

    async fn add_form(&self, request: AddForm, _: Call) -> Result<Response<()>, Rejection> {
        set(&self.form, request.body);
        Ok(().into())
    }
}

fn noon() -> OffsetDateTime {
    time::OffsetDateTime::UNIX_EPOCH.saturating_add(time::Duration::hours(12)).into()
}

fn event() -> Result<Event, specwright_runtime::ValidationError> {
    Event::builder()
        .id(ID)
        .parent(Uuid::nil())
        // What the type of the user is made of is accepted, too.
        .at(time::OffsetDateTime::UNIX_EPOCH)
        .day(date(2024, 2, 29))
        .price(UserDecimal(1250))
        .code("abc")
        .history([noon(), noon()])
        .holidays(BTreeMap::from([("first".to_owned(), date(2024, 1, 1))]))
        .owner(UserOwner { name: "ada".to_owned() })
        .level(Level::High)
        .key(ID)
        .build()
}

#[tokio::test]
async fn types_of_the_user_are_sent_and_received() -> Outcome {
    let calendar = Arc::new(Calendar::default());
    let router = served::router(calendar.clone(), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let client = user_types::Client::builder().base_url(&server.url).build()?;
    client.put_event(event()?).send().await?;
    let received = client
        .get_event(ID, date(2024, 2, 29))
        .since(noon())
        .price(UserDecimal(-5))
        .x_trace(Uuid::nil())
        .ids([ID, Uuid::max()])
        .send()
        .await?;
    assert_eq!(*received, event()?);
    let got = get(&calendar.got).ok_or("no request")?;
    assert_eq!((got.id, got.day), (ID, date(2024, 2, 29)));
    assert_eq!((got.since, got.price), (Some(noon()), Some(UserDecimal(-5).into())));
    assert_eq!((got.x_trace, got.ids), (Some(Uuid::nil()), Some(vec![ID, Uuid::max()])));
    client.add_form(AddFormBody::builder().id(ID).at(noon()).build()?).send().await?;
    let form = get(&calendar.form).ok_or("no form")?;
    assert_eq!((form.id, form.at), (ID, Some(noon())));
    Ok(())
}

#[tokio::test]
async fn servers_reject_what_the_type_does_not_accept() -> Outcome {
    let router = served::router(Arc::new(Calendar::default()), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let head = format!("GET /events/{ID}/2024-02-30?since=yesterday HTTP/1.1");
    let response = server.send(&head, "").await?;
    assert!(response.starts_with("HTTP/1.1 400 "), "{response}");
    assert!(response.contains("day") && response.contains("since"), "{response}");
    let body = r#"{"id":"1","at":"1970-01-01T00:00:00Z","owner":{"name":"a"},"day":"x"}"#;
    let head = "PUT /events HTTP/1.1\ncontent-type: application/json";
    let response = server.send(head, body).await?;
    assert!(response.starts_with("HTTP/1.1 400 "), "{response}");
    assert!(response.contains("/id") && response.contains("/day"), "{response}");
    Ok(())
}

#[test]
fn values_keep_their_form_in_json() {
    let json = r#"{"id":"67e55044-10b1-426f-9247-bb680e5fe0c8","at":"1970-01-01T00:00:00Z",
        "price":12.50,"owner":{"name":"ada"},"key":3,"level":"medium"}"#;
    let event: Event = serde_json::from_str(json).unwrap();
    assert_eq!(event.price.as_ref().map(|price| price.0.0), Some(1250));
    assert!(serde_json::to_string(&event).unwrap().contains(r#""price":12.50"#));
    assert_eq!((event.parent, event.level), (None, Some(Level::from("medium"))));
    let key: Key = unchanged("\"67e55044-10b1-426f-9247-bb680e5fe0c8\"");
    assert_eq!(key, Key::from(ID));
    assert!(decode_error::<Event>(r#"{"id":"x","at":"y","owner":{}}"#).contains("UUID"));
}

#[test]
fn constraints_of_types_of_the_user_are_checked() {
    let mut negative = event().unwrap();
    negative.price = Some(UserDecimal(-1).into());
    let error = negative.validate().map_err(|error| error.to_string());
    assert!(error.is_err_and(|error| error.starts_with("/price ")));
    let mut code = event().unwrap();
    code.code = Some("A".to_owned());
    assert!(code.validate().is_err());
    assert_eq!(event().unwrap().validate(), Ok(()));
}

#[test]
fn derives_are_added() {
    let all = HashSet::from([event().unwrap(), event().unwrap()]);
    assert_eq!(all.len(), 1);
}
