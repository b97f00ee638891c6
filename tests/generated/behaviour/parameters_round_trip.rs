//! What a generated client sends is what the server of the same description gets.

use std::sync::{Arc, Mutex, PoisonError};

use generated_fixtures::parameters_objects::models::Box2;
use generated_fixtures::parameters_path::models::GetDeepKind;
use generated_fixtures::servers::{
    parameters_header, parameters_objects, parameters_path, parameters_query,
};
use generated_fixtures::{
    parameters_header as headers, parameters_objects as objects, parameters_path as paths,
    parameters_query as queries,
};
use proptest::prelude::*;
use specwright_server::{Answer, Call, Keys, Limits, Operation, Refusal};

use super::served::Served;

/// Keeps the last request.
struct Kept<T>(Mutex<Option<T>>);

impl<T> Kept<T> {
    fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(None)))
    }

    fn keep(&self, request: T) -> Result<Answer<()>, Refusal> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
        Ok(().into())
    }

    fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

macro_rules! kept {
    ($server:ident, $method:ident, $request:ident) => {
        impl $server::Api for Kept<$server::operations::$request> {
            fn authorize(&self, _: &'static Operation, _: &Keys) -> Result<(), Refusal> {
                Ok(())
            }

            async fn $method(
                &self,
                request: $server::operations::$request,
                _: Call,
            ) -> Result<Answer<()>, Refusal> {
                self.keep(request)
            }
        }
    };
}

kept!(parameters_query, run_query, RunQuery);
kept!(parameters_path, get_deep, GetDeep);
kept!(parameters_header, get_headers, GetHeaders);
kept!(parameters_objects, find, Find);

#[tokio::test]
async fn objects_come_as_they_were_sent() -> Result<(), Box<dyn std::error::Error>> {
    let kept = Kept::new();
    let router = parameters_objects::router(kept.clone(), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let client = objects::Client::builder().base_url(&server.url).build()?;
    let of = |width: f64, name: &str| Box2::builder().width(width).name(name).build();
    let at = "2024-01-01T00:00:00.5Z".parse()?;
    let rest = [("a".to_owned(), 1), ("name".to_owned(), -2)];
    let sent = parameters_objects::operations::Find {
        r#box: of(1.5, "é/7")?,
        deep: Some(of(-3.0, "true")?),
        flat: Some(of(0.25, "12")?),
        rest: Some(rest.into_iter().collect()),
        either: Some(7.into()),
        at: Some(at),
        on: Some(vec![true, false]),
    };
    for either in [7.into(), "7x".to_owned().into(), String::new().into()] {
        let sent = parameters_objects::operations::Find { either: Some(either), ..sent.clone() };
        let it = sent.clone();
        let request =
            client.find(it.r#box).deep(it.deep.ok_or("deep")?).flat(it.flat.ok_or("flat")?);
        let request = request.rest(it.rest.ok_or("rest")?).either(it.either.ok_or("either")?);
        request.at(at).on(it.on.ok_or("on")?).send().await?;
        assert_eq!(kept.take(), Some(sent));
    }
    client.find(of(1.0, "x")?).send().await?;
    let got = kept.take().ok_or("nothing came")?;
    assert_eq!((got.deep, got.flat, got.rest, got.either), (None, None, None, None));
    Ok(())
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() }
}

/// Texts without what separates the parts of a parameter.
fn part() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9é%&=+/ ?#._~-]{0,6}[a-zé%&+/?#]"
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn queries_come_as_they_were_sent(
        plain in "\\PC{0,8}",
        each in prop::option::of(prop::collection::vec("\\PC{0,5}", 1..4)),
        comma in prop::option::of(prop::collection::vec(part(), 0..4)),
        space in prop::option::of(prop::collection::vec(any::<i64>(), 0..4)),
        pipe in prop::option::of(prop::collection::vec(any::<i64>(), 0..4)),
        deep in prop::option::of(prop::collection::btree_map("[a-z\\[\\]&= é]{0,4}", "\\PC{0,5}", 1..4)),
    ) {
        let (sent, got) = runtime()?.block_on(async {
            let kept = Kept::new();
            let router = parameters_query::router(kept.clone(), Limits::default());
            let server = Served::start(router, Limits::default()).await.unwrap();
            let client = queries::Client::builder().base_url(&server.url).build().unwrap();
            let mut request = client.run_query(plain.clone());
            if let Some(each) = &each { request = request.each(each.clone()); }
            if let Some(comma) = &comma { request = request.comma(comma.clone()); }
            if let Some(space) = &space { request = request.space(space.clone()); }
            if let Some(pipe) = &pipe { request = request.pipe(pipe.clone()); }
            if let Some(deep) = &deep { request = request.deep(deep.clone()); }
            (request.send().await.map(|_| ()), kept.take())
        });
        prop_assert!(sent.is_ok(), "{sent:?}");
        let expected = parameters_query::operations::RunQuery { plain, each, comma, space, pipe, deep };
        prop_assert_eq!(got, Some(expected));
    }

    #[test]
    fn paths_come_as_they_were_sent(
        name in part(),
        number in any::<i64>(),
        kind in "[a-z]{1,5}",
        // What separates parts is encoded within them.
        list in prop::collection::vec("[a-z][a-zé,;=.%/ ]{0,5}", 1..4),
    ) {
        let (sent, got) = runtime()?.block_on(async {
            let kept = Kept::new();
            let router = parameters_path::router(kept.clone(), Limits::default());
            let server = Served::start(router, Limits::default()).await.unwrap();
            let client = paths::Client::builder().base_url(&server.url).build().unwrap();
            let request = client.get_deep(name.clone(), number, kind.as_str(), list.clone());
            (request.send().await.map(|_| ()), kept.take())
        });
        prop_assert!(sent.is_ok(), "{sent:?}");
        let kind = GetDeepKind::from(kind.as_str());
        prop_assert_eq!(got, Some(parameters_path::operations::GetDeep { name, number, kind, list }));
    }

    #[test]
    fn headers_come_as_they_were_sent(
        x_trace_id in "[!-~]{1,8}",
        tags in prop::option::of(prop::collection::vec("[a-z:=]{1,5}", 1..4)),
        pair in prop::option::of(prop::collection::btree_map("[a-z]{1,4}", "[a-z=]{1,4}", 1..4)),
    ) {
        let (sent, got) = runtime()?.block_on(async {
            let kept = Kept::new();
            let router = parameters_header::router(kept.clone(), Limits::default());
            let server = Served::start(router, Limits::default()).await.unwrap();
            let client = headers::Client::builder().base_url(&server.url).build().unwrap();
            let mut request = client.get_headers(x_trace_id.clone());
            if let Some(tags) = &tags { request = request.x_tags(tags.clone()); }
            if let Some(pair) = &pair { request = request.x_pair(pair.clone()); }
            (request.send().await.map(|_| ()), kept.take())
        });
        prop_assert!(sent.is_ok(), "{sent:?}");
        let expected = parameters_header::operations::GetHeaders { x_trace_id, x_tags: tags, x_pair: pair };
        prop_assert_eq!(got, Some(expected));
    }
}
