//! Requests of OpenAPI 3.2: methods, whole queries, plain cookies, reserved characters in paths, and
//! unions with a default.

use std::sync::{Arc, Mutex, PoisonError};

use generated_fixtures::openapi_3_2_requests::models::Filter;
use generated_fixtures::openapi_3_2_unions::models::{Cat, OtherPet, Pet, Shape, Square};
use generated_fixtures::servers::openapi_3_2_requests::operations as served;
use generated_fixtures::servers::openapi_3_2_unions::operations as pets;
use generated_fixtures::{openapi_3_2_requests as requests, openapi_3_2_unions as unions, servers};
use proptest::prelude::*;
use specwright_server::{Call, Credentials, Limits, Operation, Rejection, Response};

use crate::support::running::Served;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Records the last request: its method and target, and its typed parts.
#[derive(Default)]
struct Recorder(Mutex<(String, String)>);

impl Recorder {
    fn record(&self, request: &impl std::fmt::Debug, call: &Call) {
        let line = format!("{} {}", call.parts.method, call.parts.uri);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (line, format!("{request:?}"));
    }

    fn take(&self) -> (String, String) {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl servers::openapi_3_2_requests::Api for Recorder {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    async fn run_search(
        &self,
        request: served::RunSearch,
        call: Call,
    ) -> Result<Response<Filter>, Rejection> {
        self.record(&request, &call);
        Ok(request.body.into())
    }

    async fn search(&self, it: served::Search, call: Call) -> Result<Response<()>, Rejection> {
        self.record(&it, &call);
        Ok(().into())
    }

    async fn copy_search(
        &self,
        it: served::CopySearch,
        call: Call,
    ) -> Result<Response<()>, Rejection> {
        self.record(&it, &call);
        Ok(().into())
    }

    async fn purge_search(
        &self,
        it: served::PurgeSearch,
        call: Call,
    ) -> Result<Response<()>, Rejection> {
        self.record(&it, &call);
        Ok(().into())
    }

    async fn select(&self, it: served::Select, call: Call) -> Result<Response<()>, Rejection> {
        self.record(&it, &call);
        Ok(().into())
    }

    async fn get_data(&self, it: served::GetData, call: Call) -> Result<Response<()>, Rejection> {
        self.record(&it, &call);
        Ok(().into())
    }
}

async fn start() -> Result<(Arc<Recorder>, Served, requests::Client), Box<dyn std::error::Error>> {
    let recorder = Arc::new(Recorder::default());
    let router = servers::openapi_3_2_requests::router(recorder.clone(), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let client = requests::Client::builder().base_url(&server.url).key("k&1").build()?;
    Ok((recorder, server, client))
}

#[expect(clippy::expect_used, reason = "a test helper: the value is complete")]
fn filter(name: &str, count: Option<i64>, tags: Option<Vec<String>>) -> Filter {
    let mut filter = Filter::builder().name(name).build().expect("a complete filter");
    (filter.count, filter.tags) = (count, tags);
    filter
}

#[tokio::test]
async fn every_method_reaches_its_operation() -> Outcome {
    let (recorder, server, client) = start().await?;
    let sent = filter("a", Some(1), None);
    let received = client.run_search(sent.clone()).send().await?.into_body();
    assert_eq!(received, sent);
    assert_eq!(recorder.take().0, "QUERY /search");
    client.copy_search().filter(sent.clone()).send().await?;
    let (line, request) = recorder.take();
    assert_eq!(line, "COPY /search?%7B%22name%22%3A%22a%22%2C%22count%22%3A1%7D");
    assert_eq!(request, format!("{:?}", served::CopySearch { filter: Some(sent) }));
    client.purge_search().send().await?;
    assert_eq!(recorder.take().0, "purge /search");
    // Methods are case-sensitive.
    let response = server.send("PURGE /search HTTP/1.1", "").await?;
    assert!(
        response.contains("405 Method Not Allowed\nallow: COPY, GET, QUERY, purge"),
        "{response}"
    );
    Ok(())
}

#[tokio::test]
async fn the_whole_query_is_one_value() -> Outcome {
    let (recorder, server, client) = start().await?;
    let tags = vec!["a b".to_owned(), "c&d".to_owned()];
    client.search(filter("é=&", None, Some(tags))).send().await?;
    let (line, _) = recorder.take();
    assert_eq!(line, "GET /search?name=%C3%A9%3D%26&tags=a+b%7Cc%26d");
    client.select().path("$.a.b[1:1]").send().await?;
    let (line, request) = recorder.take();
    // The credential is not part of the value.
    assert_eq!(line, "GET /select?%24.a.b%5B1%3A1%5D&api_key=k%261");
    let path = Some("$.a.b[1:1]".to_owned());
    assert_eq!(request, format!("{:?}", served::Select { path }));
    client.select().send().await?;
    assert_eq!(recorder.take().1, format!("{:?}", served::Select { path: None }));
    for (query, problem) in [
        ("count=1", "filter"),
        ("name=a&count=-1", "filter/count"),
        ("name=a&count=x", "filter/count"),
    ] {
        let response = server.send(&format!("GET /search?{query} HTTP/1.1"), "").await?;
        assert!(response.contains("400 Bad Request") && response.contains(problem), "{response}");
    }
    let response = server.send("COPY /search?%7B HTTP/1.1", "").await?;
    assert!(response.contains("must be JSON"), "{response}");
    Ok(())
}

#[tokio::test]
async fn plain_cookies_and_reserved_characters_are_sent_as_they_are() -> Outcome {
    let (recorder, _server, client) = start().await?;
    let names = vec!["a,b".to_owned(), "(c)".to_owned()];
    let request = client.get_data("a;b=$1/é", names.clone()).session("100%25=x");
    request.colors(["red".to_owned(), "b|c".to_owned()]).labels(["1".to_owned()]).send().await?;
    let (line, request) = recorder.take();
    assert_eq!(line, "GET /data/a;b=$1%2F%C3%A9/a%2Cb,(c)");
    let sent = served::GetData {
        path: "a;b=$1/é".to_owned(),
        names,
        session: Some("100%25=x".to_owned()),
        colors: Some(vec!["red".to_owned(), "b|c".to_owned()]),
        labels: Some(vec!["1".to_owned()]),
    };
    assert_eq!(request, format!("{sent:?}"));
    for bad in ["a;b", "a b", "\"a\"", "é", "a,b"] {
        let error = client.get_data("a", ["b".to_owned()]).session(bad).send().await;
        let error = error.err().ok_or("it was sent")?.to_string();
        assert!(error.contains("must not contain"), "{error}");
    }
    Ok(())
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whole_queries_round_trip(
        name in "\\PC{0,8}",
        count in prop::option::of(0..i64::MAX),
        tags in prop::option::of(prop::collection::vec("[a-zé&=+ %]{1,4}", 2..4)),
        path in "\\PC{1,8}",
        cookie in "[!#-+.-:<-\\[\\]-~]{1,8}",
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let (recorder, _server, client) = start().await.unwrap();
            let sent = filter(&name, count, tags);
            client.search(sent.clone()).send().await.unwrap();
            let expected = served::Search { filter: sent.clone() };
            prop_assert_eq!(recorder.take().1, format!("{expected:?}"));
            client.copy_search().filter(sent.clone()).send().await.unwrap();
            let expected = served::CopySearch { filter: Some(sent) };
            prop_assert_eq!(recorder.take().1, format!("{expected:?}"));
            client.select().path(path.clone()).send().await.unwrap();
            let expected = served::Select { path: Some(path.clone()) };
            prop_assert_eq!(recorder.take().1, format!("{expected:?}"));
            let request = client.get_data(format!("{path}x"), ["a".to_owned()]);
            request.session(cookie.clone()).send().await.unwrap();
            let (_, received) = recorder.take();
            let session = format!("session: {:?}", Some(cookie));
            prop_assert!(received.contains(&session), "{received} {session}");
            let path = format!("path: {:?}", format!("{path}x"));
            prop_assert!(received.contains(&path), "{received} {path}");
            Ok(())
        })?;
    }
}

struct Pets;

impl servers::openapi_3_2_unions::Api for Pets {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    async fn keep_pet(
        &self,
        request: pets::KeepPet,
        _: Call,
    ) -> Result<Response<Shape>, Rejection> {
        let side = match request.body {
            Pet::Dog(_) => 1,
            Pet::Cat(_) => 2,
            Pet::OtherPet(_) => 3,
            _ => 0,
        };
        Ok(Shape::Square(Square::builder().side(side).build()?).into())
    }
}

#[tokio::test]
async fn values_that_nothing_maps_are_of_the_default() -> Outcome {
    let router = servers::openapi_3_2_unions::router(Arc::new(Pets), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let client = unions::Client::builder().base_url(&server.url).build()?;
    let other = |kind: Option<&str>| {
        let mut pet = OtherPet::default();
        pet.kind = kind.map(str::to_owned);
        Pet::OtherPet(pet)
    };
    let cat = Pet::Cat(Cat::builder().meow(true).build()?);
    for (pet, expected) in [(other(None), 3), (other(Some("cow")), 3), (cat, 2)] {
        let shape = client.keep_pet(pet).send().await?.into_body();
        assert!(
            matches!(&shape, Shape::Square(square) if square.side == Some(expected)),
            "{shape:?}"
        );
    }
    let shape: Shape = serde_json::from_str("{\"kind\":\"Circle\",\"radius\":1}")?;
    assert!(matches!(shape, Shape::Circle(_)));
    let shape: Shape = serde_json::from_str("{\"kind\":\"oval\",\"side\":1}")?;
    assert!(matches!(shape, Shape::Square(square) if square.kind.as_deref() == Some("oval")));
    Ok(())
}
