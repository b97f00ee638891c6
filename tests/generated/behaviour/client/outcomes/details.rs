//! Media types that schemas and parameters define, untyped errors, and secret text.

use std::sync::{Arc, Mutex, PoisonError};

use generated_fixtures::media_details::models::{Change, Picture};
use generated_fixtures::media_details::{Client, ErrorBody, operations};
use generated_fixtures::servers::media_details::{self, operations::*};
use specwright_runtime::{Base64, Blob, Error, RetryPolicy};
use specwright_server::{
    Call, Credentials, JsonLines, Limits, Operation, Rejection, Response, ValidationError,
};

use crate::support::running::Served;
use crate::support::script::{Script, whole};

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[derive(Default)]
struct Gallery(Mutex<Option<(Picture, String)>>);

impl media_details::Api for Gallery {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    fn change(&self, rejection: &Rejection) -> Result<Change, ValidationError> {
        Change::builder().id(i64::from(rejection.status)).build()
    }

    async fn add_picture(
        &self,
        request: AddPicture,
        _: Call,
    ) -> Result<Response<specwright_server::Secret<String>>, AddPictureError> {
        if request.body.title.as_deref() == Some("refused") {
            return Err(Rejection::new(418, "no").into());
        }
        let shown = format!("{request:?}");
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some((request.body, shown));
        let headers = AddPictureHeaders {
            x_plain: Some("seen".to_owned()),
            x_hidden: Some("s3cret".into()),
            x_labels: Some(vec!["a,b".to_owned(), "print \"hi\"".to_owned(), "c".to_owned()]),
        };
        Ok(Response::new("s3key".into()).with_headers(headers))
    }

    async fn watch_changes(
        &self,
        _: WatchChanges,
        _: Call,
    ) -> Result<Response<JsonLines<Change>>, WatchChangesError> {
        Err(Rejection::new(400, "no changes").into())
    }

    async fn list_changes(
        &self,
        _: ListChanges,
        _: Call,
    ) -> Result<Response<ListChangesResponse>, Rejection> {
        Ok(ListChangesResponse::Json(Vec::new()).into())
    }
}

#[tokio::test]
async fn schemas_define_the_media_types_of_parts() -> Outcome {
    let gallery = Arc::new(Gallery::default());
    let router = media_details::router(gallery.clone(), Limits::default());
    let served = Served::start(router, Limits::default()).await?;
    let picture = Picture::builder()
        .image(Blob::new("png"))
        .thumbs([Blob::new("one"), Blob::new("two").with_media_type("image/avif")])
        .icon(Base64::from(b"<svg/>"))
        .raw(Base64::from(b"raw"))
        .sheet(Blob::new("a,b"))
        .title("red")
        .build()?;
    let client = Client::builder().base_url(&served.url).retry(RetryPolicy::none()).build()?;
    let response = client.add_picture(picture.clone()).x_session("s3session").send().await?;
    let headers = operations::AddPictureHeaders::from(response.headers());
    assert_eq!(format!("{response:?}").matches("s3key").count(), 0, "{response:?}");
    assert_eq!(response.into_body().expose(), "s3key");
    assert_eq!(headers.x_plain.as_deref(), Some("seen"));
    assert_eq!(headers.x_hidden.as_deref().map(String::as_str), Some("s3cret"));
    let labels = ["a,b", "print \"hi\"", "c"].map(str::to_owned);
    assert_eq!(headers.x_labels.as_deref(), Some(&labels[..]));
    assert!(!format!("{headers:?}").contains("s3cret"));
    let last = gallery.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (received, shown) = last.ok_or("no request")?;
    assert!(!shown.contains("s3session"), "{shown}");
    assert_eq!(received.image.media_type(), Some("image/png"));
    let thumbs = received.thumbs.unwrap_or_default();
    let types: Vec<_> = thumbs.iter().map(|thumb| thumb.media_type()).collect();
    assert_eq!(types, [Some("image/webp"), Some("image/avif")]);
    assert_eq!(received.sheet.as_ref().and_then(Blob::media_type), Some("text/csv"));
    assert_eq!((received.icon, received.raw), (picture.icon.clone(), picture.raw.clone()));

    let script = Script::start([whole(200, "text/plain", "s3key")]).await?;
    let client = Client::builder().base_url(&script.url).build()?;
    client.add_picture(picture).send().await?;
    let sent = script.bodies().concat();
    for part in [
        "name=\"image\"; filename=\"image\"\r\nContent-Type: image/png\r\n\r\npng",
        "name=\"icon\"\r\nContent-Type: image/svg+xml\r\n\r\nPHN2Zy8+",
        "name=\"raw\"\r\nContent-Type: application/octet-stream\r\nX-Part: raw\r\n\r\ncmF3",
        "name=\"title\"\r\n\r\nred",
    ] {
        assert!(sent.contains(part), "{part}: {sent}");
    }
    Ok(())
}

#[tokio::test]
async fn errors_of_any_media_type_are_text_unless_they_are_described() -> Outcome {
    let router = media_details::router(Arc::new(Gallery::default()), Limits::default());
    let served = Served::start(router, Limits::default()).await?;
    let client = Client::builder().base_url(&served.url).retry(RetryPolicy::none()).build()?;
    let picture = Picture::builder().image(Blob::new("png")).title("refused").build()?;
    let Err(Error::Api(error)) = client.add_picture(picture).send().await else {
        return Err("it is refused".into());
    };
    assert!(matches!(&error.body, ErrorBody::Other(body) if body.contains("no")), "{error:?}");
    let Err(Error::Api(error)) = client.watch_changes().send().await else {
        return Err("it is refused".into());
    };
    assert!(matches!(&error.body, ErrorBody::Change(change) if change.id == 400), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn a_parameter_of_json_makes_it_a_stream() -> Outcome {
    let media_type = "application/json;stream=watch";
    let lines = "{\"id\":1}\n{\"id\":2}\n";
    let script = Script::start([
        whole(200, media_type, lines),
        // Some servers leave out the parameter.
        whole(200, "application/json", lines),
        whole(200, "application/json", r#"[{"id":3}]"#),
    ])
    .await?;
    let client = Client::builder().base_url(&script.url).build()?;
    let mut changes = client.watch_changes().send().await?.into_body();
    assert_eq!(changes.try_next().await?.map(|change| change.id), Some(1));
    assert_eq!(changes.try_next().await?.map(|change| change.id), Some(2));
    assert!(changes.try_next().await?.is_none());
    let mut changes = client.list_changes().stream().await?.into_body();
    assert_eq!(changes.try_next().await?.map(|change| change.id), Some(1));
    let list = client.list_changes().send().await?;
    assert_eq!(list.iter().map(|change| change.id).collect::<Vec<_>>(), [3]);
    let accepted: Vec<_> = script.seen().iter().map(|head| head.contains(media_type)).collect();
    assert_eq!(accepted, [true, true, false]);
    Ok(())
}
