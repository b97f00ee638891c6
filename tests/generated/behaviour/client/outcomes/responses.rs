//! Responses of several media types, of bytes, and with headers.

use std::io::Write;
use std::time::Duration;

use generated_fixtures::responses_bytes::operations::GetArchiveOutput;
use generated_fixtures::responses_media_types::models::Grade;
use generated_fixtures::responses_media_types::operations::{
    GetReportHeaders, GetReportOutput, GetThingOutput,
};
use generated_fixtures::responses_media_types::{ErrorBody, ErrorHeaders};
use generated_fixtures::responses_status_ranges::operations::{CheckAllHeaders, GetFewOutput};
use generated_fixtures::{responses_bytes, responses_media_types, responses_status_ranges};
use specwright_runtime::{Error, RetryPolicy};
use tokio::io::AsyncReadExt;

use crate::support::script::{Script, Step, cut, head, more, wait, whole};

type Outcome = Result<(), Box<dyn std::error::Error>>;

async fn media(
    scripts: Vec<Vec<Step>>,
) -> Result<(Script, responses_media_types::Client), Box<dyn std::error::Error>> {
    let server = Script::start(scripts).await?;
    let client =
        responses_media_types::Client::builder().base_url(&server.url).retry(RetryPolicy::none());
    Ok((server, client.build()?))
}

async fn bytes(
    scripts: Vec<Vec<Step>>,
) -> Result<(Script, responses_bytes::Client), Box<dyn std::error::Error>> {
    let server = Script::start(scripts).await?;
    let client =
        responses_bytes::Client::builder().base_url(&server.url).retry(RetryPolicy::none());
    Ok((server, client.build()?))
}

#[tokio::test]
async fn the_media_type_of_a_response_decides_its_type() -> Outcome {
    let (server, client) = media(vec![
        whole(200, "application/json", "\u{FEFF}{\"rows\":[\"a\"]}"),
        whole(200, "Text/CSV; header=absent", "\u{FEFF}a,é\n"),
        whole(200, "text/csv; charset=ISO-8859-1", b"\xe9"),
        whole(202, "text/plain", ""),
        whole(200, "image/png", "?"),
        whole(200, "text/csv; charset=koi8-r", "?"),
    ])
    .await?;
    let report = client.get_report().send().await?.into_body();
    assert_eq!(report.into_ok_json().ok_or("it is JSON")?.rows, ["a"]);
    let report = client.get_report().accept_csv().send().await?.into_body();
    assert_eq!(report.clone().into_ok_json(), None);
    assert_eq!(report, GetReportOutput::OkCsv("a,é\n".to_owned()));
    let report = client.get_report().accept_json().send().await?.into_body();
    assert_eq!(report.into_ok_csv().as_deref(), Some("é"));
    assert_eq!(client.get_report().send().await?.into_body(), GetReportOutput::Accepted);
    for expected in [
        "unexpected media type `image/png`; expected application/json or text/csv; charset=utf-8",
        "unsupported charset `koi8-r`",
    ] {
        let Err(Error::Decode(error)) = client.get_report().send().await else {
            return Err("this is not described".into());
        };
        assert_eq!((error.message.as_str(), error.excerpt.as_str()), (expected, "?"));
    }
    let accepts: Vec<_> = server.seen().iter().map(|head| accept(head)).collect();
    let both = "application/json, text/csv; charset=utf-8";
    assert_eq!(accepts[..3], [both, "text/csv; charset=utf-8", "application/json"]);
    Ok(())
}

/// Returns the `Accept` header of a request.
fn accept(head: &str) -> String {
    let line = head.lines().find_map(|line| line.strip_prefix("accept: "));
    line.unwrap_or_default().to_owned()
}

#[tokio::test]
async fn strings_vendor_json_and_default_responses_are_decoded() -> Outcome {
    let (server, client) = media(vec![
        whole(200, "text/html", "<p>"),
        whole(200, "application/vnd.thing.v2+json", r#"{"rows":[]}"#),
        whole(200, "application/vnd.thing.v1+json", "7"),
        whole(200, "application/json", r#"{"rows":["x"]}"#),
    ])
    .await?;
    assert_eq!(*client.get_page().send().await?, "<p>");
    let thing = client.get_thing().send().await?.into_body();
    assert!(matches!(thing, GetThingOutput::VndThingV2Json(_)), "{thing:?}");
    let thing = client.get_thing().send().await?.into_body();
    assert_eq!(thing, GetThingOutput::VndThingV1Json(7));
    assert_eq!(client.get_only().send().await?.rows, ["x"]);
    assert_eq!(accept(&server.seen()[0]), "text/html");
    assert_eq!(accept(&server.seen()[3]), "application/json;charset=utf-8");
    Ok(())
}

#[tokio::test]
async fn headers_are_typed_and_invalid_ones_are_ignored() -> Outcome {
    let headers = "content-type: application/json\nx-total: 12\nx-tags: a, b\nx-grade: good
                   last-modified-at: 2026-01-02T03:04:05Z";
    let invalid = "content-type: application/json\nx-total: many\nx-grade: new";
    let rejected = "content-type: text/json; charset=utf-8\nretry-after: 7\nx-reason: gone";
    let (_server, client) = media(vec![
        vec![head(200, headers), more(r#"{"rows":[]}"#)],
        vec![head(200, invalid), more(r#"{"rows":[]}"#)],
        vec![head(404, rejected), more("\u{FEFF}{\"text\":\"no\"}")],
    ])
    .await?;
    let report = client.get_report().send().await?;
    let headers = GetReportHeaders::from(report.headers());
    let mut expected = GetReportHeaders::default();
    expected.x_total = Some(12);
    expected.x_tags = Some(vec!["a".to_owned(), "b".to_owned()]);
    expected.last_modified_at = Some("2026-01-02T03:04:05Z".parse()?);
    expected.x_grade = Some(Grade::Good);
    assert_eq!(headers, expected);
    assert!(!format!("{report:?}").contains("a, b"), "headers may contain credentials");

    let report = client.get_report().send().await?;
    let headers = GetReportHeaders::from(report.headers());
    assert_eq!((headers.x_total, report.headers().get_str("x-total")), (None, Some("many")));
    assert_eq!(headers.x_grade, Some(Grade::from("new")));
    assert!(matches!(*report, GetReportOutput::OkJson(_)));

    let Err(Error::Api(error)) = client.get_report().send().await else {
        return Err("it is not rejected".into());
    };
    let ErrorBody::Problem(problem) = &error.body else { return Err("it is described".into()) };
    assert_eq!(problem.text.as_deref(), Some("no"));
    let headers = ErrorHeaders::from(&error.headers);
    assert_eq!((headers.retry_after, headers.x_reason.as_deref()), (Some(7), Some("gone")));
    Ok(())
}

#[tokio::test]
async fn responses_without_content_are_not_parsed() -> Outcome {
    let described = "content-type: application/json\ncontent-length: 12\nx-count: 7";
    let server = Script::start(vec![
        vec![head(200, described)],
        vec![head(404, described)],
        vec![head(204, "")],
        vec![head(204, "")],
    ])
    .await?;
    let client = responses_status_ranges::Client::builder()
        .base_url(&server.url)
        .retry(RetryPolicy::none())
        .build()?;
    let there: specwright_runtime::Response<()> = client.check_all().send().await?;
    assert_eq!(CheckAllHeaders::from(there.headers()).x_count, Some(7));
    assert_eq!(accept(&server.seen()[0]), "application/json, text/csv");
    let rejected = client.check_all().send().await.err();
    assert_eq!(rejected.and_then(|error| error.status()), Some(404));
    assert_eq!(client.get_few().send().await?.into_body(), GetFewOutput::NoContent);
    // Every successful response has a list, and this one is empty.
    let Err(Error::Decode(error)) = client.get_all().send().await else {
        return Err("a list is missing".into());
    };
    assert_eq!(error.message, "has no content with status 204");
    Ok(())
}

#[tokio::test]
async fn bytes_are_read_at_once_in_chunks_or_by_a_reader() -> Outcome {
    let body: Vec<u8> = (0..200_000_u32).map(|i| (i % 251) as u8).collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&body)?;
    let packed = head(200, "content-type: image/png\ncontent-encoding: gzip");
    let (server, client) = bytes(vec![
        whole(200, "application/pdf", &body),
        vec![packed, Step::Send(gzip.finish()?)],
        whole(200, "application/pdf", &body),
        whole(200, "application/pdf", ""),
    ])
    .await?;
    let file = client.get_file().send().await?;
    assert_eq!((file.media_type(), file.status()), (Some("application/pdf"), 200));
    assert!(file.bytes().await? == body);

    let mut file = client.get_file().send().await?;
    let mut found = Vec::new();
    while let Some(chunk) = file.try_next().await? {
        assert!(!chunk.is_empty());
        found.extend_from_slice(&chunk);
    }
    assert!(found == body, "compressed bytes are decoded");

    let mut file = client.get_file().send().await?.into_body();
    let (mut first, mut rest) = ([0; 7], Vec::new());
    file.read_exact(&mut first).await?;
    file.read_to_end(&mut rest).await?;
    assert!([&first[..], &rest].concat() == body);
    assert!(client.get_file().send().await?.bytes().await?.is_empty());
    assert_eq!(accept(&server.seen()[0]), "image/png, application/pdf");
    Ok(())
}

#[tokio::test]
async fn bytes_and_json_of_one_operation_are_distinguished() -> Outcome {
    let (_server, client) = bytes(vec![
        whole(200, "application/json", r#"["a"]"#),
        whole(200, "application/zip", "PK"),
        vec![head(204, "")],
        whole(200, "application/json", "{}"),
        whole(500, "text/plain", "no"),
    ])
    .await?;
    let archive = || client.get_archive().accept("all").send();
    let all = archive().await?.into_body().into_ok_json();
    assert_eq!(all.ok_or("it is JSON")?, ["a"]);
    let zip = archive().await?.into_body().into_ok_zip().ok_or("it is an archive")?;
    assert_eq!(&zip.bytes().await?[..], b"PK");
    assert!(matches!(archive().await?.into_body(), GetArchiveOutput::NoContent));
    assert!(matches!(archive().await, Err(Error::Decode(_))));
    assert_eq!(archive().await.err().and_then(|error| error.status()), Some(500));
    Ok(())
}

#[tokio::test]
async fn truncated_bytes_are_an_error_and_slow_bytes_are_not() -> Outcome {
    let slow = vec![head(200, "content-type: image/png"), more("a"), wait(700), more("b")];
    let (_server, client) = bytes(vec![
        cut("image/png", "abc"),
        slow,
        vec![wait(700)],
        whole(404, "application/json", r#""gone""#),
        vec![head(200, "content-type: application/json"), more("["), wait(700), more("]")],
    ])
    .await?;
    let mut file = client.get_file().send().await?;
    assert_eq!(file.try_next().await?.as_deref(), Some(&b"abc"[..]));
    let error = responses_bytes::Error::from(file.try_next().await.unwrap_err());
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
    assert!(file.next().await.is_none());

    // The timeout of a call includes the body only if the body is read at once.
    let brief = Duration::from_millis(350);
    let file = client.get_file().timeout(brief).send().await?;
    assert_eq!(&file.bytes().await?[..], b"ab");
    let late = client.get_file().timeout(brief).send().await;
    assert!(matches!(late, Err(Error::Timeout(_))), "{late:?}");
    let rejected = client.get_file().send().await;
    let Err(Error::Api(error)) = rejected else { return Err("an error is expected".into()) };
    assert_eq!(error.body, responses_bytes::ErrorBody::GetFileError("gone".to_owned()));
    let late = client.get_archive().timeout(brief).send().await;
    assert!(matches!(late, Err(Error::Timeout(_))), "{late:?}");
    Ok(())
}
