//! The server of a document receives the parameters that its client sends.

use std::sync::{Arc, Mutex, PoisonError};

use generated_fixtures::parameters_objects::models::BoxModel;
use generated_fixtures::parameters_path::models::GetDeepKind;
use generated_fixtures::servers::{
    parameters_header, parameters_objects, parameters_path, parameters_query,
};
use generated_fixtures::{
    parameters_header as headers, parameters_objects as objects, parameters_path as paths,
    parameters_query as queries,
};
use proptest::prelude::*;
use specwright_server::{Call, Credentials, Limits, Operation, Rejection, Response};

use crate::support::running::Served;

/// Records the last request.
struct Recorder<T>(Mutex<Option<T>>);

impl<T> Recorder<T> {
    fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(None)))
    }

    fn record(&self, request: T) -> Result<Response<()>, Rejection> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
        Ok(().into())
    }

    fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

macro_rules! record {
    ($server:ident, $method:ident, $request:ident) => {
        impl $server::Api for Recorder<$server::operations::$request> {
            fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
                Ok(())
            }

            async fn $method(
                &self,
                request: $server::operations::$request,
                _: Call,
            ) -> Result<Response<()>, Rejection> {
                self.record(request)
            }
        }
    };
}

record!(parameters_query, run_query, RunQuery);
record!(parameters_path, get_deep, GetDeep);
record!(parameters_header, get_headers, GetHeaders);
record!(parameters_objects, find, Find);

#[tokio::test]
async fn objects_round_trip() -> Result<(), Box<dyn std::error::Error>> {
    let recorder = Recorder::new();
    let router = parameters_objects::router(recorder.clone(), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let client = objects::Client::builder().base_url(&server.url).build()?;
    let of = |width: f64, name: &str| BoxModel::builder().width(width).name(name).build();
    let at: specwright_runtime::Timestamp = "2024-01-01T00:00:00.5Z".parse()?;
    let rest = [("a".to_owned(), 1), ("name".to_owned(), -2)];
    let sent = parameters_objects::operations::Find {
        r#box: of(1.5, "é/7")?,
        deep: Some(of(-3.0, "true")?),
        flat: Some(of(0.25, "12")?),
        rest: Some(rest.into_iter().collect()),
        either: Some(7.into()),
        at: Some(at.clone()),
        on: Some(vec![true, false]),
    };
    for either in [7.into(), "7x".to_owned().into(), String::new().into()] {
        let sent = parameters_objects::operations::Find { either: Some(either), ..sent.clone() };
        let it = sent.clone();
        let request =
            client.find(it.r#box).deep(it.deep.ok_or("deep")?).flat(it.flat.ok_or("flat")?);
        let request = request.rest(it.rest.ok_or("rest")?).either(it.either.ok_or("either")?);
        request.at(at.clone()).on(it.on.ok_or("on")?).send().await?;
        assert_eq!(recorder.take(), Some(sent));
    }
    client.find(of(1.0, "x")?).send().await?;
    let received = recorder.take().ok_or("nothing was received")?;
    assert_eq!(
        (received.deep, received.flat, received.rest, received.either),
        (None, None, None, None)
    );
    Ok(())
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() }
}

/// Strings without the delimiters of parameters.
fn part() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9é%&=+/ ?#._~-]{0,6}[a-zé%&+/?#]"
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn query_parameters_round_trip(
        plain in "\\PC{0,8}",
        each in prop::option::of(prop::collection::vec("\\PC{0,5}", 1..4)),
        comma in prop::option::of(prop::collection::vec(part(), 0..4)),
        space in prop::option::of(prop::collection::vec(any::<i64>(), 0..4)),
        pipe in prop::option::of(prop::collection::vec(any::<i64>(), 0..4)),
        deep in prop::option::of(prop::collection::btree_map("[a-z\\[\\]&= é]{0,4}", "\\PC{0,5}", 1..4)),
    ) {
        let (sent, received) = runtime()?.block_on(async {
            let recorder = Recorder::new();
            let router = parameters_query::router(recorder.clone(), Limits::default());
            let server = Served::start(router, Limits::default()).await.unwrap();
            let client = queries::Client::builder().base_url(&server.url).build().unwrap();
            let mut request = client.run_query(plain.clone());
            if let Some(each) = &each { request = request.each(each.clone()); }
            if let Some(comma) = &comma { request = request.comma(comma.clone()); }
            if let Some(space) = &space { request = request.space(space.clone()); }
            if let Some(pipe) = &pipe { request = request.pipe(pipe.clone()); }
            if let Some(deep) = &deep { request = request.deep(deep.clone()); }
            (request.send().await.map(|_| ()), recorder.take())
        });
        prop_assert!(sent.is_ok(), "{sent:?}");
        let expected = parameters_query::operations::RunQuery { plain, each, comma, space, pipe, deep };
        prop_assert_eq!(received, Some(expected));
    }

    #[test]
    fn path_parameters_round_trip(
        name in part(),
        number in any::<i64>(),
        kind in "[a-z]{1,5}",
        // Delimiters within the parts are encoded.
        list in prop::collection::vec("[a-z][a-zé,;=.%/ ]{0,5}", 1..4),
    ) {
        let kind = match GetDeepKind::from(kind.as_str()) {
            GetDeepKind::Unknown(_) => GetDeepKind::Unknown(kind.into()),
            declared => declared,
        };
        let (sent, received) = runtime()?.block_on(async {
            let recorder = Recorder::new();
            let router = parameters_path::router(recorder.clone(), Limits::default());
            let server = Served::start(router, Limits::default()).await.unwrap();
            let client = paths::Client::builder().base_url(&server.url).build().unwrap();
            let request = client.get_deep(name.clone(), number, kind.clone(), list.clone());
            (request.send().await.map(|_| ()), recorder.take())
        });
        prop_assert!(sent.is_ok(), "{sent:?}");
        prop_assert_eq!(received, Some(parameters_path::operations::GetDeep { name, number, kind, list }));
    }

    #[test]
    fn header_parameters_round_trip(
        x_trace_id in "[!-~]{1,8}",
        tags in prop::option::of(prop::collection::vec("[a-z:=]{1,5}", 1..4)),
        pair in prop::option::of(prop::collection::btree_map("[a-z]{1,4}", "[a-z=]{1,4}", 1..4)),
    ) {
        let (sent, received) = runtime()?.block_on(async {
            let recorder = Recorder::new();
            let router = parameters_header::router(recorder.clone(), Limits::default());
            let server = Served::start(router, Limits::default()).await.unwrap();
            let client = headers::Client::builder().base_url(&server.url).build().unwrap();
            let mut request = client.get_headers(x_trace_id.clone());
            if let Some(tags) = &tags { request = request.x_tags(tags.clone()); }
            if let Some(pair) = &pair { request = request.x_pair(pair.clone()); }
            (request.send().await.map(|_| ()), recorder.take())
        });
        prop_assert!(sent.is_ok(), "{sent:?}");
        let expected = parameters_header::operations::GetHeaders { x_trace_id, x_tags: tags, x_pair: pair };
        prop_assert_eq!(received, Some(expected));
    }
}
