//! Bodies that a generated client sends are what the server of the same description gets.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use generated_fixtures::bodies_form::models::{AddChargeBody, Address, Line};
use generated_fixtures::bodies_multipart::models::{
    AddSourceBody, AddSourceBodySource, Picture, Place, PutArchiveBody,
};
use generated_fixtures::bodies_several::models::{AddVideoMultipartBody, Log};
use generated_fixtures::servers::{
    bodies_form as forms, bodies_multipart as multiparts, bodies_several as several,
};
use generated_fixtures::{bodies_form, bodies_multipart, bodies_several};
use proptest::prelude::*;
use specwright_runtime::{Blob, Error, RetryPolicy};
use specwright_server::{Answer, Call, Keys, Limits, Operation, Refusal};

use super::served::Served;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Keeps the last request.
#[derive(Default)]
struct Kept(Mutex<Option<Box<dyn Any + Send>>>);

impl Kept {
    fn keep(&self, request: impl Any + Send) -> Result<Answer<()>, Refusal> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(request));
        Ok(().into())
    }

    fn take<T: 'static>(&self) -> Option<T> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        kept.downcast().ok().map(|kept| *kept)
    }
}

macro_rules! kept {
    ($server:ident: $($method:ident $request:ident)*) => {
        impl $server::Api for Kept {
            fn authorize(&self, _: &'static Operation, _: &Keys) -> Result<(), Refusal> {
                Ok(())
            }

            $(async fn $method(
                &self,
                request: $server::operations::$request,
                _: Call,
            ) -> Result<Answer<()>, Refusal> {
                self.keep(request)
            })*
        }
    };
}

kept!(forms: add_charge AddCharge);
kept!(multiparts: add_picture AddPicture put_archive PutArchive add_source AddSource);
kept!(several: add_logs AddLogs add_video AddVideo add_pet AddPet add_text AddText);

/// A file as it arrives: with its name and type.
fn file(bytes: impl Into<Blob>) -> Blob {
    bytes.into().with_file_name("a \"b\".png").with_media_type("image/png")
}

#[allow(clippy::unwrap_used, reason = "what these builders are given is valid")]
fn place(name: &str) -> Place {
    Place {
        name: name.to_owned(),
        raw: Some("té\"xt".to_owned()),
        ..Place::builder().name("").build().unwrap()
    }
}

#[tokio::test]
async fn forms_in_parts_arrive_as_they_were_sent() -> Outcome {
    let kept = Arc::new(Kept::default());
    let router = multiparts::router(kept.clone(), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let client = bodies_multipart::Client::builder().base_url(&server.url).build()?;
    let preview = file(&b"\r\n--\0\xff"[..]).with_header("x-scale", "3");
    let mut picture = Picture::builder()
        .file(file(vec![0; 200_000]))
        .title("t\r\nü")
        .caption("")
        .width(3)
        .tags(["a", "b"])
        .place(place("here"))
        .others(vec![place("there"), place("")])
        .preview(preview)
        .build()?;
    picture.additional_properties.insert("more".to_owned(), serde_json::from_str("[1,{\"a\":2}]")?);
    client.add_picture(picture.clone()).send().await?;
    let got: multiparts::operations::AddPicture = kept.take().ok_or("nothing came")?;
    assert_eq!(got.body, picture);

    let archive = PutArchiveBody {
        files: vec![file("a"), file("")],
        additional_properties: [("x".to_owned(), file("x"))].into(),
    };
    client.put_archive("id").body(archive.clone()).send().await?;
    let got: multiparts::operations::PutArchive = kept.take().ok_or("nothing came")?;
    assert_eq!(got.body, Some(archive));

    for source in [
        AddSourceBodySource::File(file("a")),
        AddSourceBodySource::List(vec![file("a"), file("b")]),
        AddSourceBodySource::Place(place("p")),
        AddSourceBodySource::String("https://x".to_owned()),
    ] {
        let body = AddSourceBody::builder().source(source).build()?;
        client.add_source(body.clone()).send().await?;
        let got: multiparts::operations::AddSource = kept.take().ok_or("nothing came")?;
        assert_eq!(got.body, body);
    }
    Ok(())
}

#[tokio::test]
async fn a_body_of_several_types_arrives_as_the_one_that_was_sent() -> Outcome {
    use bodies_several::operations as sent;
    use several::operations as got;

    let kept = Arc::new(Kept::default());
    let router = several::router(kept.clone(), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let client = bodies_several::Client::builder().base_url(&server.url).build()?;
    let log = || Log::builder().message("5").level(5).build();
    let logplex = || Blob::new("x").with_media_type("application/logplex-1");
    for (body, wanted) in [
        (sent::AddLogsBody::Json(vec![log()?]), got::AddLogsBody::Json(vec![log()?])),
        (sent::AddLogsBody::JsonSimple(log()?), got::AddLogsBody::JsonSimple(log()?)),
        (sent::AddLogsBody::Logplex1(logplex()), got::AddLogsBody::Logplex1(logplex())),
        (sent::AddLogsBody::Text("5".to_owned()), got::AddLogsBody::Text("5".to_owned())),
    ] {
        client.add_logs(body).send().await?;
        assert_eq!(kept.take::<got::AddLogs>().ok_or("nothing came")?.body, wanted);
    }
    let video = AddVideoMultipartBody::builder().file(file("v")).name("12").build()?;
    client.add_video().body(video.clone()).send().await?;
    let body = kept.take::<got::AddVideo>().ok_or("nothing came")?.body;
    assert_eq!(body, Some(got::AddVideoBody::Multipart(video)));
    client.add_video().send().await?;
    assert_eq!(kept.take::<got::AddVideo>().ok_or("nothing came")?.body, None);
    // A client that is not ours may send the same in another way of the description.
    let http = specwright_runtime::reqwest::Client::new();
    let post = |media_type: &str, body: &str| {
        let request = http.post(format!("{}/pets", server.url)).header("content-type", media_type);
        request.body(body.to_owned()).send()
    };
    let answer = post("application/x-www-form-urlencoded", "message=5&level=5").await?;
    assert_eq!(answer.status(), 204);
    assert_eq!(kept.take::<got::AddPet>().ok_or("nothing came")?.body, log()?);
    for (media_type, body, status, wanted) in [
        (
            "application/xml",
            "<a/>",
            415,
            "the body is `application/xml`, not `application/json` or",
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
        let answer = post(media_type, body).await?;
        assert_eq!(answer.status(), status, "{body}");
        let text = answer.text().await?;
        assert!(text.contains(wanted), "{text}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_with_a_form_is_told_with_its_place() -> Outcome {
    let kept = Arc::new(Kept::default());
    let limits = Limits { body: 2_000, ..Limits::default() };
    let server = Served::start(multiparts::router(kept, limits.clone()), limits).await?;
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
    let bad = format!("{part}title\n\nfar too long\n{part}width\n\nwide\n{part}place\n\n{{\n--B--");
    for (media_type, body, status, wanted) in [
        ("application/json", "{}", 415, "not `multipart/form-data`"),
        ("multipart/form-data", "--B--", 400, "names no `boundary`"),
        (form, "nothing", 400, "no `multipart`: it has no boundary"),
        (form, bad.as_str(), 400, "/place must be JSON"),
        (form, &bad.replace("{\n", "{}\n"), 400, "/file is required"),
        (form, &bad.replace("{\n", "{}\n"), 400, "/place/name is required"),
        (form, &bad.replace("{\n", "{}\n"), 400, "/title must have at most 10 characters"),
        (form, &bad.replace("{\n", "{}\n"), 400, "/width must be an integer"),
        (
            form,
            &format!("{part}file\n\n\n{part}file\n\n\n--B--"),
            400,
            "/file must not be given more than once",
        ),
    ] {
        let answer = post(media_type, body).await?;
        assert_eq!(answer.status(), status, "{body}");
        let text = answer.text().await?;
        assert!(text.contains(wanted), "{text}");
    }
    Ok(())
}

fn address() -> impl Strategy<Value = Address> {
    let street = prop::option::of(".{0,6}");
    let floors = prop::option::of(prop::collection::vec(-2_i64..9, 1..4));
    (street, prop::option::of(any::<i64>()), floors).prop_map(|(street, number, floors)| Address {
        street,
        number,
        floors,
        ..Address::default()
    })
}

#[allow(clippy::unwrap_used, reason = "what these builders are given is valid")]
fn charge() -> impl Strategy<Value = AddChargeBody> {
    let texts = || prop::collection::vec("[^\0]{0,5}", 1..4);
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
    // Objects of which nothing says how they are written, and a property that theirs have, too.
    let plain = (address(), labels, prop::option::of(".{0,6}"));
    let ids = prop::collection::vec(any::<i64>(), 1..4);
    (1_i64.., ".{0,9}", texts(), lines, metadata, address(), ids, plain).prop_map(
        |(amount, text, expand, lines, metadata, address, ids, (billing, labels, street))| {
            let lines = lines.into_iter().collect::<Result<_, _>>().unwrap();
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
fn any_form_in_one_line_arrives_as_it_was_sent() -> Outcome {
    let runtime = tokio::runtime::Runtime::new()?;
    let kept = Arc::new(Kept::default());
    let started = Served::start(forms::router(kept.clone(), Limits::default()), Limits::default());
    let server = runtime.block_on(started)?;
    let client = bodies_form::Client::builder().base_url(&server.url).build()?;
    proptest!(ProptestConfig::with_cases(200), |(charge in charge())| {
        runtime.block_on(client.add_charge(charge.clone()).send()).unwrap();
        let got = kept.take::<forms::operations::AddCharge>().unwrap();
        prop_assert_eq!(got.body, charge);
    });
    Ok(())
}

/// What looks like a boundary, a head or an end is content all the same.
fn contents() -> impl Strategy<Value = Vec<u8>> {
    let odd = prop::sample::select(vec!["\r\n", "--", "\r\n--specwright-", "\r\n\r\n", "\0", "\r"]);
    let piece = prop_oneof![odd.prop_map(Vec::from), prop::collection::vec(any::<u8>(), 0..20)];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

#[test]
fn any_file_arrives_as_it_was_sent() -> Outcome {
    let runtime = tokio::runtime::Runtime::new()?;
    let kept = Arc::new(Kept::default());
    let router = multiparts::router(kept.clone(), Limits::default());
    let server = runtime.block_on(Served::start(router, Limits::default()))?;
    let client = bodies_multipart::Client::builder().base_url(&server.url).build()?;
    let files = prop::collection::vec((contents(), "[^\\\\%]{0,9}"), 1..4);
    proptest!(ProptestConfig::with_cases(200), |(files in files, streamed in any::<bool>())| {
        let file = |(bytes, name): &(Vec<u8>, String)| {
            Blob::new(bytes.clone()).with_file_name(name).with_media_type("a/b")
        };
        let arrives: Vec<Blob> = files.iter().map(file).collect();
        let sent = files.iter().map(|(bytes, name)| match streamed {
            true => Blob::reader(std::io::Cursor::new(bytes.clone()))
                .with_file_name(name)
                .with_media_type("a/b"),
            false => file(&(bytes.clone(), name.clone())),
        });
        let body = PutArchiveBody { files: sent.collect(), additional_properties: Default::default() };
        runtime.block_on(client.put_archive("id").body(body).send()).unwrap();
        let got = kept.take::<multiparts::operations::PutArchive>().unwrap();
        prop_assert_eq!(got.body.unwrap().files, arrives);
    });
    Ok(())
}
