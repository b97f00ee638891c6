//! What documents of Swagger 2.0 have and OpenAPI 3.0 has not: other delimiters of lists, forms with
//! files made of parameters, and servers relative to the location of the document.

use std::sync::{Arc, Mutex, PoisonError};

use generated_fixtures::servers::swagger_2_delimiters as server;
use generated_fixtures::swagger_2_delimiters::operations::SendListsHeaders;
use generated_fixtures::{swagger_2, swagger_2_delimiters as client, swagger_2_relative};
use serde_json::json;
use specwright_runtime::{Blob, Error};
use specwright_server::{Call, Credentials, Limits, Operation, Rejection, Response};

use crate::support::recording::Server;
use crate::support::running::Served;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Records the `Debug` output of the last request.
#[derive(Default)]
struct Seen(Mutex<String>);

impl Seen {
    fn record(&self, request: &impl std::fmt::Debug) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = format!("{request:?}");
    }

    fn take(&self) -> String {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl server::Api for Seen {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    async fn send_lists(
        &self,
        request: server::operations::SendLists,
        _: Call,
    ) -> Result<Response<()>, Rejection> {
        self.record(&request);
        let headers = server::operations::SendListsHeaders {
            x_spaces: request.x_spaces,
            x_tabs: request.x_tabs,
            x_bars: request.x_bars,
        };
        Ok(Response::new(()).with_headers(headers))
    }

    async fn send_form(
        &self,
        request: server::operations::SendForm,
        _: Call,
    ) -> Result<Response<()>, Rejection> {
        self.record(&request);
        Ok(().into())
    }
}

fn client(url: &str) -> Result<client::Client, client::Error> {
    client::Client::builder().base_url(url).login("u", "p").build()
}

fn lists(client: &client::Client) -> client::operations::SendLists {
    let (a, b) = (["a,b", "c"], ["e;f", "g"]);
    let request = client.send_lists(a, b, [1, 22], b).commas(a).spaces(b).tabs(a).bars(a).multi(a);
    request.x_spaces(a).x_tabs(["a b", "c|d"]).x_bars([3, 4])
}

#[tokio::test]
async fn lists_are_separated_as_their_collection_format_requires() -> Outcome {
    let recorded = Server::start([]).await?;
    lists(&client(&recorded.url)?).send().await?;
    let expected = "GET /lists/a%2Cb,c/e%3Bf%20g/1%0922/e%3Bf%7Cg\
        ?commas=a%2Cb,c&spaces=e%3Bf%20g&tabs=a%2Cb%09c&bars=a%2Cb%7Cc&multi=a%2Cb&multi=c";
    assert_eq!(recorded.seen(), [expected]);
    let headers = ["x-bars: 3|4", "x-spaces: a,b c", "x-tabs: a b\tc|d"];
    assert_eq!(recorded.headers("x-"), headers);
    assert_eq!(recorded.headers("authorization"), ["authorization: Basic dTpw"]);
    Ok(())
}

#[tokio::test]
async fn lists_round_trip_with_every_delimiter() -> Outcome {
    let seen = Arc::new(Seen::default());
    let router = server::router(seen.clone(), Limits::default());
    let served = Served::start(router, Limits::default()).await?;
    let response = lists(&client(&served.url)?).send().await?;
    let (a, b) = (r#"["a,b", "c"]"#, r#"["e;f", "g"]"#);
    let expected = format!(
        "SendLists {{ csv: {a}, ssv: {b}, tsv: [1, 22], pipes: {b}, commas: Some({a}), \
        spaces: Some({b}), tabs: Some({a}), bars: Some({a}), multi: Some({a}), \
        x_spaces: Some({a}), x_tabs: Some([\"a b\", \"c|d\"]), x_bars: Some([3, 4]) }}"
    );
    assert_eq!(seen.take(), expected);
    let headers = SendListsHeaders::from(response.headers());
    assert_eq!(headers.x_tabs, Some(vec!["a b".to_owned(), "c|d".to_owned()]));
    assert_eq!(headers.x_spaces, Some(vec!["a,b".to_owned(), "c".to_owned()]));
    assert_eq!(headers.x_bars, Some(vec![3, 4]));
    Ok(())
}

#[tokio::test]
async fn values_with_their_delimiter_are_rejected_where_it_cannot_be_escaped() -> Outcome {
    let client = client("http://localhost:9")?;
    let ok = || ["a"];
    for request in [
        client.send_lists(ok(), ["a b"], [1], ok()),
        client.send_lists(ok(), ok(), [1], ["a|b"]),
        client.send_lists(ok(), ok(), [1], ok()).tabs(["a\tb", "c"]),
        client.send_lists(ok(), ok(), [1], ok()).x_tabs(["a\tb"]),
        client.send_lists(ok(), ok(), [1], ok()).x_spaces(["a b"]),
    ] {
        let rejected = request.send().await;
        assert!(matches!(rejected, Err(Error::Validation(_))), "{rejected:?}");
    }
    Ok(())
}

#[tokio::test]
async fn forms_round_trip_with_every_delimiter() -> Outcome {
    let recorded = Server::start([]).await?;
    let form = || {
        let form = client::models::SendFormBody::builder();
        let form = form.commas(["a,b", "c"]).spaces(["a", "b"]).tabs(["a b", "c"]);
        form.bars(["a", "b"]).multi(["a", "b"]).build()
    };
    client(&recorded.url)?.send_form().body(form()?).send().await?;
    let expected = "POST /form commas=a%2Cb,c&spaces=a%20b&tabs=a+b%09c&bars=a%7Cb&multi=a&multi=b";
    assert_eq!(recorded.seen(), [expected]);
    let seen = Arc::new(Seen::default());
    let router = server::router(seen.clone(), Limits::default());
    let served = Served::start(router, Limits::default()).await?;
    client(&served.url)?.send_form().body(form()?).send().await?;
    let seen = seen.take();
    for part in [
        r#"commas: Some(["a,b", "c"])"#,
        r#"spaces: Some(["a", "b"])"#,
        r#"tabs: Some(["a b", "c"])"#,
        r#"bars: Some(["a", "b"])"#,
        r#"multi: Some(["a", "b"])"#,
    ] {
        assert!(seen.contains(part), "{seen}");
    }
    Ok(())
}

#[tokio::test]
async fn parameters_in_form_data_are_a_multipart_form_with_the_file() -> Outcome {
    let recorded = Server::start([]).await?;
    let client = swagger_2::Client::builder().base_url(&recorded.url).api_key("k").build()?;
    let file = Blob::new("content").with_file_name("a.txt").with_media_type("text/plain");
    let form = swagger_2::models::AddFileBody::builder().file(file).labels(["a", "b"]);
    client.add_file(form.kinds(["c", "d"]).comment("hi").build()?).send().await?;
    let sent = recorded.seen().concat();
    assert!(sent.starts_with("POST /files "), "{sent}");
    for part in [
        "name=\"file\"; filename=\"a.txt\"\r\ncontent-type: text/plain\r\n\r\ncontent\r\n",
        "name=\"labels\"\r\n\r\na,b\r\n",
        "name=\"kinds\"\r\n\r\nc\r\n",
        "name=\"kinds\"\r\n\r\nd\r\n",
        "name=\"comment\"\r\n\r\nhi\r\n",
    ] {
        assert!(sent.to_ascii_lowercase().contains(part), "{part} in {sent}");
    }
    assert!(recorded.headers("content-type").concat().contains("multipart/form-data"));
    Ok(())
}

#[tokio::test]
async fn a_server_without_a_host_needs_a_base_url() -> Outcome {
    let missing = swagger_2_relative::Client::builder().build();
    let error = missing.err().ok_or("the document has no host")?.to_string();
    assert!(error.contains("the spec has no host"), "{error}");
    let recorded = Server::start([(200, json!({ "ok": true }))]).await?;
    let url = format!("{}/v1", recorded.url);
    let client = swagger_2_relative::Client::builder().base_url(url).build()?;
    assert_eq!(client.get_status().send().await?.ok, Some(true));
    assert_eq!(recorded.seen(), ["GET /v1/status"]);
    Ok(())
}
