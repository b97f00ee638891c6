//! The server of a document selects the media type of a response, and reads those of a request.

use std::sync::{Arc, Mutex, PoisonError};

use generated_fixtures::bodies_choice::models::Change;
use generated_fixtures::responses_accept::models::{GetInlineResponse, Item};
use generated_fixtures::responses_redirects::operations::LoginHeaders;
use generated_fixtures::servers::{
    bodies_choice as bodies, paths_slashes as slashes, responses_accept as accept,
    responses_redirects as redirects,
};
use generated_fixtures::{bodies_choice, paths_slashes, responses_accept, responses_redirects};
use specwright_runtime::reqwest;
use specwright_server::{
    Blob, Call, Credentials, Limits, Operation, Rejection, Response, ValidationError,
};

use crate::support::json::read;
use crate::support::running::Served;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Returns the same everywhere, and records bodies.
#[derive(Default)]
struct Recorder(Mutex<Vec<String>>);

impl Recorder {
    fn record(&self, what: impl std::fmt::Debug) -> Result<Response<()>, Rejection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{what:?}"));
        Ok(().into())
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The error type of an operation.
macro_rules! error_of {
    ($server:ident) => {
        Rejection
    };
    ($server:ident $error:ident) => {
        $server::operations::$error
    };
}

/// Implements an API whose operations evaluate an expression.
macro_rules! api {
    ($server:ident $api:ident $request_name:ident { $($more:tt)* }
        $($method:ident $request:ident -> $output:ty $(, $error:ident)? = $value:expr;)+) => {
        impl $server::Api for Recorder {
            fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
                Ok(())
            }

            $($more)*

            $(async fn $method(
                &self,
                $request_name: $server::operations::$request,
                _: Call,
            ) -> Result<Response<$output>, error_of!($server $($error)?)> {
                let $api = self;
                let _ = ($api, &$request_name);
                let result: Result<Response<$output>, Rejection> = $value;
                let response = result?;
                Ok(response)
            })+
        }
    };
}

fn item() -> Item {
    read(r#"{"size":3}"#)
}

fn file() -> Result<Response<Blob>, Rejection> {
    Ok(Blob::new(&b"\xff"[..]).into())
}

api! { accept this request {
        fn item(&self, _: &Rejection) -> Result<Item, ValidationError> {
            Ok(item())
        }
    }
    get_vendor GetVendor -> Item = Ok(item().into());
    get_versioned GetVersioned -> Item = Ok(item().into());
    get_several GetSeveral -> Item, GetSeveralError = Ok(item().into());
    get_inline GetInline -> accept::operations::GetInlineOutput = {
        let mut size = GetInlineResponse::default();
        size.size = Some(3);
        Ok(accept::operations::GetInlineOutput::Json(size).into())
    };
    get_any GetAny -> Blob, GetAnyError = file();
    get_any_described GetAnyDescribed -> Blob = file();
    get_any_string GetAnyString -> Blob = file();
    get_any_file GetAnyFile -> Blob = file();
    get_any_item GetAnyItem -> Item = Ok(item().into());
    get_any_both GetAnyBoth -> Item = Ok(item().into());
    get_count GetCount -> i64 = Ok((-7).into());
    is_ready IsReady -> bool = Ok(true.into());
    get_name GetName -> String = Ok("12".to_owned().into());
}

api! { bodies this request {}
    patch_thing PatchThing -> () = this.record(request.body.name);
    put_thing PutThing -> () = this.record(request.body.and_then(|body| body.name));
    patch_steps PatchSteps -> () = this.record(request.body.len());
    add_form AddForm -> () = this.record((request.body.name, request.body.tags));
    add_either AddEither -> () = this.record(request.body);
    add_yaml AddYaml -> () = this.record(request.body.media_type());
}

api! { redirects this request {
        fn login_error(&self, _: &Rejection) -> Result<String, ValidationError> {
            Ok(String::new())
        }
    }
    login Login -> (), LoginError = {
        let headers = redirects::operations::LoginHeaders { location: Some("/home".to_owned()) };
        Ok(Response::new(()).with_headers(headers))
    };
    get_moved GetMoved -> redirects::operations::GetMovedOutput, GetMovedError = {
        Ok(redirects::operations::GetMovedOutput::SeeOther.into())
    };
    get_anywhere GetAnywhere -> redirects::operations::GetAnywhereOutput = {
        redirects::operations::GetAnywhereOutput::success(300).map(Response::new)
    };
    open_socket OpenSocket -> () = Ok(().into());
    get_page GetPage -> String, GetPageError = Ok(String::new().into());
}

api! { slashes this request {}
    get Get -> () = this.record("/");
    get_items GetItems -> () = this.record("/items");
    get_items_slash GetItemsSlash -> () = this.record("/items/");
    get_items_capital GetItemsCapital -> () = this.record("/Items");
    get_only GetOnly -> () = this.record("/only/");
    get_items_id GetItemsId -> () = this.record(request.id);
    get_items_id_slash GetItemsIdSlash -> () = this.record(request.id + "/");
}

/// Starts a server of a fixture. Returns it and its recorder.
macro_rules! serve {
    ($server:ident) => {{
        let recorder = Arc::new(Recorder::default());
        let router = $server::router(recorder.clone(), Limits::default());
        (Served::start(router, Limits::default()).await?, recorder)
    }};
}

#[tokio::test]
async fn the_accept_header_selects_the_media_type_of_a_response() -> Outcome {
    let (served, _) = serve!(accept);
    let http = reqwest::Client::new();
    let media_type = async |path: &str, accept: &str| -> Result<String, reqwest::Error> {
        let request = http.get(format!("{}{path}", served.url)).header("accept", accept);
        let response = request.send().await?.error_for_status()?;
        let media_type = response.headers().get("content-type");
        Ok(media_type.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned())
    };
    for (path, accept, expected) in [
        ("/vendor", "*/*", "application/vnd.shop.item+json"),
        ("/versioned", "application/json", "application/json;version=2"),
        ("/several", "*/*", "application/hal+json"),
        ("/several", "text/html", "application/hal+json"),
        ("/several", "application/vnd.api+json", "application/vnd.api+json"),
        ("/several", "text/*;q=0.9, */*;q=0.1", "text/json"),
        ("/several", "application/json; v=2, text/json;q=0.5", "application/json;v=2"),
        ("/inline", "application/vnd.size+json", "application/vnd.size+json"),
        ("/any-item", "*/*", "application/json"),
        ("/count", "text/plain", "text/plain"),
    ] {
        assert_eq!(media_type(path, accept).await?, expected, "{path} {accept}");
    }
    Ok(())
}

#[tokio::test]
async fn clients_decode_what_servers_select() -> Outcome {
    let (served, _) = serve!(accept);
    let client = responses_accept::Client::builder().base_url(&served.url).build()?;
    let several = client.get_several().accept_text_json().send().await?;
    assert_eq!(several.headers().get_str("content-type"), Some("text/json"));
    assert_eq!(several.into_body(), item());
    assert_eq!(client.get_vendor().send().await?.into_body(), item());
    let inline = client.get_inline().accept_vnd_size_json().send().await?.into_body();
    assert_eq!(inline.into_json().and_then(|size| size.size), Some(3));
    assert_eq!(&client.get_any().send().await?.bytes().await?[..], b"\xff");
    assert_eq!(client.get_any_both().send().await?.into_body(), item());
    assert_eq!(client.get_count().send().await?.into_body(), -7);
    assert!(client.is_ready().send().await?.into_body());
    assert_eq!(client.get_name().send().await?.into_body(), "12");
    Ok(())
}

#[tokio::test]
async fn each_media_type_of_a_request_is_read() -> Outcome {
    let (served, recorder) = serve!(bodies);
    let client = bodies_choice::Client::builder().base_url(&served.url).build()?;
    let change = || Change::builder().name("n").tags(["a,b", "c"]).build();
    client.patch_thing("1", change()?).send().await?;
    client.patch_thing("1", change()?).content_type_json_patch_json().send().await?;
    client.patch_thing("1", change()?).content_type_apply_patch_yaml().send().await?;
    client.put_thing("1").body(change()?).content_type_text_json().send().await?;
    client.patch_steps([change()?]).content_type_merge_patch_json().send().await?;
    assert_eq!(recorder.take(), ["Some(\"n\")", "Some(\"n\")", "Some(\"n\")", "Some(\"n\")", "1"]);
    client.add_form(change()?).send().await?;
    client.add_form(change()?).content_type_yaml().send().await?;
    client.add_form(change()?).content_type_form().send().await?;
    client.add_form(change()?).content_type_multipart().send().await?;
    assert_eq!(recorder.take(), [r#"(Some("n"), Some(["a,b", "c"]))"#; 4]);
    let either = bodies_choice::operations::AddEitherBody::Json(change()?);
    client.add_either(either).content_type_vnd_change_json().send().await?;
    client.add_either(vec![change()?]).send().await?;
    let received = recorder.take();
    assert!(received[0].starts_with("Json(") && received[1].starts_with("ChangesJson("));
    client.add_yaml("name: n").send().await?;
    assert_eq!(recorder.take(), [r#"Some("application/yaml")"#]);
    // A type of JSON that is not described, and one that is not JSON.
    let http = reqwest::Client::new();
    for (media_type, status) in [("application/x+json", 204), ("application/xml", 415)] {
        let request = http.patch(format!("{}/things/1", served.url)).body("{}");
        let response = request.header("content-type", media_type).send().await?;
        assert_eq!(response.status(), status, "{media_type}");
    }
    Ok(())
}

#[tokio::test]
async fn redirects_are_results_of_both_sides() -> Outcome {
    let (served, _) = serve!(redirects);
    let client = responses_redirects::Client::builder().base_url(&served.url).build()?;
    let there = client.login().send().await?;
    assert_eq!(there.status(), 302);
    assert_eq!(LoginHeaders::from(there.headers()).location.as_deref(), Some("/home"));
    let moved = client.get_moved().send().await?;
    assert_eq!(moved.status(), 303);
    assert_eq!(client.get_anywhere().send().await?.status(), 300);
    Ok(())
}

#[tokio::test]
async fn a_slash_at_the_end_of_a_path_is_significant() -> Outcome {
    let (served, recorder) = serve!(slashes);
    let client = paths_slashes::Client::builder().base_url(&served.url).build()?;
    client.get().send().await?;
    client.get_items().send().await?;
    client.get_items_slash().send().await?;
    client.get_items_capital().send().await?;
    client.get_only().send().await?;
    client.get_items_id("1").send().await?;
    client.get_items_id_slash("1").send().await?;
    let expected = ["/", "/items", "/items/", "/Items", "/only/", "1", "1/"];
    assert_eq!(recorder.take(), expected.map(|path| format!("{path:?}")));
    Ok(())
}
