//! Forms with files, sent to a server and encoded again.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Request, StatusCode};
use specwright_model::blob::Content;
use specwright_model::style::Style;
use specwright_model::style::form::{Fields, Part, multipart as encode};
use specwright_server::{Call, Credentials, Limits, Operation, Rejection, Response};
use tower::ServiceExt as _;

use crate::api::models::{Form, Value};
use crate::server;
use crate::server::operations::{AddForm, AddValue};

/// How the server decodes the properties of the form.
const PARTS: [Part; 1] = [Part { name: "words", style: Some(Style::Form), ..Part::DEFAULT }];

/// Checks a body. Its first line is the media type.
pub fn multipart(data: &[u8]) {
    let Some(end) = data.iter().position(|byte| *byte == b'\n') else { return };
    let (media_type, body) = data.split_at(end);
    let Some(sent) = received(media_type, &body[1..]) else { return };
    // Only the first time, a file gets the name of its field, and line breaks are encoded.
    let Some(once) = sent_again(&sent) else { return };
    let Some(twice) = sent_again(&once) else { return };
    assert_eq!(typed(&once), typed(&twice));
    assert_eq!(contents(&sent), contents(&twice));
    assert_eq!(names(&sent), names(&twice));
}

/// The properties with a type. Others are not always the same: a part is one value or a list of one,
/// and a number or a string of digits.
fn typed(form: &Form) -> Form {
    Form { additional_properties: Default::default(), ..form.clone() }
}

/// Everything but the files, and the bytes of all files.
fn contents(form: &Form) -> (Form, Vec<bytes::Bytes>) {
    let files = form.file.iter().chain(form.files.iter().flatten());
    let bytes = files.filter_map(|file| file.as_bytes().cloned()).collect();
    (Form { file: None, files: None, ..typed(form) }, bytes)
}

/// The names of the properties without a type that are encoded.
fn names(form: &Form) -> Vec<&str> {
    let additional = form.additional_properties.iter();
    // Neither `null` nor an empty list is a part.
    let is_part = |value: &str| !value.chars().all(|c| "[]null,".contains(c));
    let encoded = additional.filter(|(_, value)| is_part(&value.to_string()));
    encoded.map(|(name, _)| name).collect()
}

fn sent_again(form: &Form) -> Option<Form> {
    let fields = Fields::of(form).expect("a form is an object");
    // A header of a part may have been invalid.
    let (media_type, contents) = encode("multipart/form-data", &fields, &PARTS).ok()?;
    let whole = contents.into_iter().map(|content| match content {
        Content::Whole(bytes) => bytes,
        Content::Streamed(..) => panic!("the files are in memory"),
    });
    let body = whole.collect::<Vec<_>>().concat();
    let received = received(media_type.as_bytes(), &body);
    Some(received.expect("the server understands what the client sends"))
}

/// Returns the form that the server decodes.
fn received(media_type: &[u8], body: &[u8]) -> Option<Form> {
    let mut request = Request::new(Body::from(body.to_vec()));
    *request.method_mut() = http::Method::POST;
    *request.uri_mut() = "/forms".parse().ok()?;
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_bytes(media_type).ok()?);
    let api = Arc::new(Recorder::default());
    let router: Router = server::router(api.clone(), Limits::default());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let response = runtime.expect("a runtime").block_on(router.oneshot(request));
    let status = response.expect("the router does not fail").status();
    let form = api.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    assert_eq!(form.is_some(), status == StatusCode::NO_CONTENT);
    assert!(form.is_some() || status.is_client_error(), "{status}");
    form
}

/// Keeps the form.
#[derive(Default)]
struct Recorder(Mutex<Option<Form>>);

impl server::Api for Recorder {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    async fn add_form(&self, request: AddForm, _: Call) -> Result<Response<()>, Rejection> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(request.body);
        Ok(().into())
    }

    async fn add_value(&self, request: AddValue, _: Call) -> Result<Response<Value>, Rejection> {
        Ok(Response::new(request.body))
    }
}
