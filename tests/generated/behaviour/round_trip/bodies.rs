//! The server of a document receives the bodies that its client sends.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use generated_fixtures::bodies_form::models::{AddChargeBody, Address, Line};
use generated_fixtures::bodies_multipart::models::{
    AddSourceBody, AddSourceBodySource, Location, Picture, PutArchiveBody,
};
use generated_fixtures::bodies_several::models::{AddVideoMultipartBody, Log};
use generated_fixtures::servers::{
    bodies_form as forms, bodies_multipart as multiparts, bodies_several as several,
};
use generated_fixtures::{bodies_form, bodies_multipart, bodies_several};
use proptest::prelude::*;
use specwright_runtime::{Blob, Error, RetryPolicy};
use specwright_server::{Call, Credentials, Limits, Operation, Rejection, Response};

use crate::support::running::Served;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Records the last request.
#[derive(Default)]
struct Recorder(Mutex<Option<Box<dyn Any + Send>>>);

impl Recorder {
    fn record(&self, request: impl Any + Send) -> Result<Response<()>, Rejection> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(request));
        Ok(().into())
    }

    fn take<T: 'static>(&self) -> Option<T> {
        let request = self.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        request.downcast().ok().map(|request| *request)
    }
}

macro_rules! record {
    ($server:ident: $($method:ident $request:ident)*) => {
        impl $server::Api for Recorder {
            fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
                Ok(())
            }

            $(async fn $method(
                &self,
                request: $server::operations::$request,
                _: Call,
            ) -> Result<Response<()>, Rejection> {
                self.record(request)
            })*
        }
    };
}

record!(forms: add_charge AddCharge);
record!(multiparts: add_picture AddPicture put_archive PutArchive add_source AddSource);
record!(several: add_logs AddLogs add_video AddVideo add_pet AddPet add_text AddText);

/// Returns a file as it is received, with its name and media type.
fn file(bytes: impl Into<Blob>) -> Blob {
    bytes.into().with_file_name("a \"b\".png").with_media_type("image/png")
}

#[allow(clippy::unwrap_used, reason = "what these builders are given is valid")]
fn location(name: &str) -> Location {
    let mut location = Location::builder().name("").build().unwrap();
    location.name = name.to_owned();
    location.raw = Some("té\"xt".to_owned());
    location
}

#[tokio::test]
async fn multipart_forms_round_trip() -> Outcome {
    let recorder = Arc::new(Recorder::default());
    let router = multiparts::router(recorder.clone(), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let client = bodies_multipart::Client::builder().base_url(&server.url).build()?;
    let preview = file(&b"\r\n--\0\xff"[..]).with_header("x-scale", "3");
    let mut picture = Picture::builder()
        .file(file(vec![0; 200_000]))
        .title("t\r\nü")
        .caption("")
        .width(3)
        .tags(["a", "b"])
        .location(location("here"))
        .others(vec![location("there"), location("")])
        .preview(preview)
        .build()?;
    picture.additional_properties.insert("more".to_owned(), serde_json::from_str("[1,{\"a\":2}]")?);
    client.add_picture(picture.clone()).send().await?;
    let received: multiparts::operations::AddPicture =
        recorder.take().ok_or("nothing was received")?;
    assert_eq!(received.body, picture);

    let mut archive = PutArchiveBody::builder().files(vec![file("a"), file("")]).build()?;
    archive.additional_properties = [("x".to_owned(), file("x"))].into();
    client.put_archive("id").body(archive.clone()).send().await?;
    let received: multiparts::operations::PutArchive =
        recorder.take().ok_or("nothing was received")?;
    assert_eq!(received.body, Some(archive));

    for source in [
        AddSourceBodySource::File(file("a")),
        AddSourceBodySource::List(vec![file("a"), file("b")]),
        AddSourceBodySource::Location(location("p")),
        AddSourceBodySource::String("https://x".to_owned()),
    ] {
        let body = AddSourceBody::builder().source(source).build()?;
        client.add_source(body.clone()).send().await?;
        let received: multiparts::operations::AddSource =
            recorder.take().ok_or("nothing was received")?;
        assert_eq!(received.body, body);
    }
    Ok(())
}

#[tokio::test]
async fn a_body_of_several_media_types_round_trips() -> Outcome {
    use bodies_several::operations as sent;
    use several::operations as received;

    let recorder = Arc::new(Recorder::default());
    let router = several::router(recorder.clone(), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let client = bodies_several::Client::builder().base_url(&server.url).build()?;
    let log = || Log::builder().message("5").level(5).build();
    let logplex = || Blob::new("x").with_media_type("application/logplex-1");
    for (body, wanted) in [
        (sent::AddLogsBody::Json(vec![log()?]), received::AddLogsBody::Json(vec![log()?])),
        (sent::AddLogsBody::JsonSimple(log()?), received::AddLogsBody::JsonSimple(log()?)),
        (sent::AddLogsBody::Logplex1(logplex()), received::AddLogsBody::Logplex1(logplex())),
        (sent::AddLogsBody::Text("5".to_owned()), received::AddLogsBody::Text("5".to_owned())),
    ] {
        client.add_logs(body).send().await?;
        assert_eq!(
            recorder.take::<received::AddLogs>().ok_or("nothing was received")?.body,
            wanted
        );
    }
    let video = AddVideoMultipartBody::builder().file(file("v")).name("12").build()?;
    client.add_video().body(video.clone()).send().await?;
    let body = recorder.take::<received::AddVideo>().ok_or("nothing was received")?.body;
    assert_eq!(body, Some(received::AddVideoBody::Multipart(video)));
    client.add_video().send().await?;
    assert_eq!(recorder.take::<received::AddVideo>().ok_or("nothing was received")?.body, None);
    // Other clients may send the same value in another documented format.
    let http = specwright_runtime::reqwest::Client::new();
    let post = |media_type: &str, body: &str| {
        let request = http.post(format!("{}/pets", server.url)).header("content-type", media_type);
        request.body(body.to_owned()).send()
    };
    let response = post("application/x-www-form-urlencoded", "message=5&level=5").await?;
    assert_eq!(response.status(), 204);
    assert_eq!(recorder.take::<received::AddPet>().ok_or("nothing was received")?.body, log()?);
    for (media_type, body, status, wanted) in [
        (
            "application/xml",
            "<a/>",
            415,
            "the media type `application/xml` is not supported, expected `application/json` or",
        ),
        ("application/json", "{}", 400, "/message is required"),
        ("application/x-www-form-urlencoded", "level=x", 400, "/message is required"),
        (
            "application/x-www-form-urlencoded",
            "message=&level=1",
            400,
            "/message must have at least 1",
        ),
    ] {
        let response = post(media_type, body).await?;
        assert_eq!(response.status(), status, "{body}");
        let body = response.text().await?;
        assert!(body.contains(wanted), "{body}");
    }
    Ok(())
}

#[tokio::test]
async fn problems_of_a_form_have_their_pointer() -> Outcome {
    let recorder = Arc::new(Recorder::default());
    let limits = Limits { body: 2_000, ..Limits::default() };
    let server = Served::start(multiparts::router(recorder, limits.clone()), limits).await?;
    let client = bodies_multipart::Client::builder()
        .base_url(&server.url)
        .retry(RetryPolicy::none())
        .build()?;
    let large = Picture::builder().file(vec![0; 3_000]).title("t").build()?;
    let Err(Error::Api(error)) = client.add_picture(large).send().await else {
        return Err("it was taken".into());
    };
    assert_eq!(error.status, 413);
    let http = specwright_runtime::reqwest::Client::new();
    let post = |media_type: &str, body: &str| {
        let request = http.post(format!("{}/pictures", server.url));
        let request = request.header("content-type", media_type);
        request.body(body.replace('\n', "\r\n")).send()
    };
    let part = "--B\nContent-Disposition: form-data; name=";
    let form = "multipart/form-data; boundary=B";
    let bad =
        format!("{part}title\n\nfar too long\n{part}width\n\nwide\n{part}location\n\n{{\n--B--");
    for (media_type, body, status, wanted) in [
        ("application/json", "{}", 415, "expected `multipart/form-data`"),
        ("multipart/form-data", "--B--", 400, "has no `boundary`"),
        (form, "nothing", 400, "not `multipart`: it has no boundary"),
        (form, bad.as_str(), 400, "/location must be JSON"),
        (form, &bad.replace("{\n", "{}\n"), 400, "/file is required"),
        (form, &bad.replace("{\n", "{}\n"), 400, "/location/name is required"),
        (form, &bad.replace("{\n", "{}\n"), 400, "/title must have at most 10 characters"),
        (form, &bad.replace("{\n", "{}\n"), 400, "/width must be an integer"),
        (
            form,
            &format!("{part}file\n\n\n{part}file\n\n\n--B--"),
            400,
            "/file must not be given more than once",
        ),
    ] {
        let response = post(media_type, body).await?;
        assert_eq!(response.status(), status, "{body}");
        let body = response.text().await?;
        assert!(body.contains(wanted), "{body}");
    }
    Ok(())
}

/// A property without a type is JSON, which cannot hold a file.
#[tokio::test]
async fn files_of_undeclared_properties_are_strings() -> Outcome {
    let recorder = Arc::new(Recorder::default());
    let router = multiparts::router(recorder.clone(), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let http = specwright_runtime::reqwest::Client::new();
    let post = |other: &[u8]| {
        let head = "--B\r\nContent-Disposition: form-data; name=";
        let form = format!(
            "{head}title\r\n\r\nt\r\n{head}file; filename=a\r\n\r\n\u{1}\r\n{head}other; filename=b\r\n\r\n"
        );
        let request = http.post(format!("{}/pictures", server.url));
        let request = request.header("content-type", "multipart/form-data; boundary=B");
        request.body([form.as_bytes(), other, b"\r\n--B--"].concat()).send()
    };
    assert_eq!(post(b"7").await?.status(), 204);
    let received = recorder.take::<multiparts::operations::AddPicture>().ok_or("no request")?;
    assert_eq!(received.body.file, Blob::new(vec![1]).with_file_name("a"));
    let other = received.body.additional_properties.get("other").map(ToString::to_string);
    assert_eq!(other.as_deref(), Some("\"7\""));
    let response = post(&[0xff]).await?;
    assert_eq!(response.status(), 400);
    let body = response.text().await?;
    assert!(body.contains("the file `b` is not expected; it must be UTF-8"), "{body}");
    Ok(())
}

fn address() -> impl Strategy<Value = Address> {
    let street = prop::option::of(".{0,6}");
    let floors = prop::option::of(prop::collection::vec(-2_i64..9, 1..4));
    (street, prop::option::of(any::<i64>()), floors).prop_map(|(street, number, floors)| {
        let mut address = Address::default();
        (address.street, address.number, address.floors) = (street, number, floors);
        address
    })
}

#[allow(clippy::unwrap_used, reason = "what these builders are given is valid")]
fn charge() -> impl Strategy<Value = AddChargeBody> {
    let strings = || prop::collection::vec("[^\0]{0,5}", 1..4);
    let line = (prop::option::of(-9_i32..9), ".{0,4}").prop_map(|(price, name)| {
        let line = Line::builder().name(name);
        match price {
            Some(price) => line.price(price).build(),
            None => line.build(),
        }
    });
    let lines = prop::collection::vec(line, 1..3);
    let metadata = prop::collection::btree_map("[a-z]{1,5}", ".{0,5}", 1..3);
    let labels = prop::collection::btree_map("[a-z]{1,5}|street", any::<i64>(), 0..3);
    // Objects without a documented style, and a property with the name of one of theirs.
    let plain = (address(), labels, prop::option::of(".{0,6}"));
    let ids = prop::collection::vec(any::<i64>(), 1..4);
    (1_i64.., ".{0,9}", strings(), lines, metadata, address(), ids, plain).prop_map(
        |(amount, text, expand, lines, metadata, address, ids, (billing, labels, street))| {
            let lines = lines.into_iter().collect::<Result<Vec<_>, _>>().unwrap();
            let charge = AddChargeBody::builder().amount(amount).text(text).expand(expand);
            let charge = charge.lines(lines).metadata(metadata).ids(ids);
            let charge = charge.billing(billing).labels(labels);
            let mut charge = charge.address(address).build().unwrap();
            charge.street = street;
            charge
        },
    )
}

#[test]
fn urlencoded_forms_round_trip() -> Outcome {
    let runtime = tokio::runtime::Runtime::new()?;
    let recorder = Arc::new(Recorder::default());
    let started =
        Served::start(forms::router(recorder.clone(), Limits::default()), Limits::default());
    let server = runtime.block_on(started)?;
    let client = bodies_form::Client::builder().base_url(&server.url).build()?;
    proptest!(ProptestConfig::with_cases(200), |(charge in charge())| {
        runtime.block_on(client.add_charge(charge.clone()).send()).unwrap();
        let received = recorder.take::<forms::operations::AddCharge>().unwrap();
        prop_assert_eq!(received.body, charge);
    });
    Ok(())
}

/// Contents that look like boundaries, headers or the end.
fn contents() -> impl Strategy<Value = Vec<u8>> {
    let unusual =
        prop::sample::select(vec!["\r\n", "--", "\r\n--specwright-", "\r\n\r\n", "\0", "\r"]);
    let piece = prop_oneof![unusual.prop_map(Vec::from), prop::collection::vec(any::<u8>(), 0..20)];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

#[test]
fn files_round_trip() -> Outcome {
    let runtime = tokio::runtime::Runtime::new()?;
    let recorder = Arc::new(Recorder::default());
    let router = multiparts::router(recorder.clone(), Limits::default());
    let server = runtime.block_on(Served::start(router, Limits::default()))?;
    let client = bodies_multipart::Client::builder().base_url(&server.url).build()?;
    let files = prop::collection::vec((contents(), "[^\\\\%]{0,9}"), 1..4);
    proptest!(ProptestConfig::with_cases(200), |(files in files, streamed in any::<bool>())| {
        let file = |(bytes, name): &(Vec<u8>, String)| {
            Blob::new(bytes.clone()).with_file_name(name).with_media_type("a/b")
        };
        let arrives: Vec<Blob> = files.iter().map(file).collect();
        let sent = files.iter().map(|(bytes, name)| match streamed {
            true => Blob::from_reader(std::io::Cursor::new(bytes.clone()))
                .with_file_name(name)
                .with_media_type("a/b"),
            false => file(&(bytes.clone(), name.clone())),
        });
        let body = PutArchiveBody::builder().files(sent.collect::<Vec<_>>()).build().unwrap();
        runtime.block_on(client.put_archive("id").body(body).send()).unwrap();
        let received = recorder.take::<multiparts::operations::PutArchive>().unwrap();
        prop_assert_eq!(received.body.unwrap().files, arrives);
    });
    Ok(())
}
