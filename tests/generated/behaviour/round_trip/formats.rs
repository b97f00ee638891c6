//! Parameters and bodies with formats: the server receives what was sent, and rejects what does not
//! have its format.

use std::sync::{Arc, Mutex, PoisonError};

use generated_fixtures::formats::Client;
use generated_fixtures::formats::models::Receipt;
use generated_fixtures::servers::formats::{self, operations::PutReceipt};
use specwright_runtime::{Base64, Timestamp};
use specwright_server::{Call, Credentials, Limits, Operation, Rejection, Response};

use crate::support::running::{Served, body};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const ID: &str = "2eb8aa08-aa98-11ea-b4aa-73b441d16380";

#[derive(Default)]
struct Receipts(Mutex<String>);

impl formats::Api for Receipts {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    async fn put_receipt(
        &self,
        request: PutReceipt,
        _: Call,
    ) -> Result<Response<Receipt>, Rejection> {
        let body = request.body.clone();
        let PutReceipt { id, total, rates, since, days, level, x_token, .. } = request;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            format!("{id} {total:?} {rates:?} {since:?} {days:?} {level:?} {x_token:?}");
        Ok(body.into())
    }
}

#[tokio::test]
async fn values_arrive_as_they_were_sent() -> Outcome {
    let seen = Arc::new(Receipts::default());
    let router = formats::router(seen.clone(), Limits::default());
    let served = Served::start(router, Limits::default()).await?;
    let client = Client::builder().base_url(&served.url).build()?;
    let receipt = Receipt::builder()
        .total("1234567890123456.70".parse::<specwright_runtime::Number>()?)
        .at("9999-12-31T23:59:59Z".parse()?)
        .day("2024-02-29".parse()?)
        .i8(-128)
        .bytes(b"\xfb\xff")
        .build()?;
    let sent = client.put_receipt(ID, receipt.clone());
    let sent = sent
        .total(0.1)
        .rates([u64::MAX, 1])
        .since("2026-07-14T12:00:00.000+02:00".parse()?)
        .days(vec!["2024-02-29".parse()?])
        .level(-8)
        .x_token(Base64::from(b"\xfb\xff"))
        .send()
        .await?;
    let expected = format!(
        "{ID} Some(0.1) Some([18446744073709551615, 1]) \
         Some(2026-07-14T12:00:00.000+02:00) Some([2024-02-29]) Some(-8) Some(\"+/8=\")"
    );
    assert_eq!(*seen.0.lock().unwrap_or_else(PoisonError::into_inner), expected);
    let received = sent.into_body();
    assert_eq!(serde_json::to_string(&received)?, serde_json::to_string(&receipt)?);
    assert_eq!(received.at, Timestamp::from_string("9999-12-31T23:59:59Z"));
    Ok(())
}

#[tokio::test]
async fn servers_reject_values_without_their_format() -> Outcome {
    let router = formats::router(Arc::new(Receipts::default()), Limits::default());
    let served = Served::start(router, Limits::default()).await?;
    let head = format!("PUT /receipts/{ID}?since=today HTTP/1.1\ncontent-type: application/json");
    let json = r#"{"total":"1","at":"2026-07-14T10:00:00","day":"soon","bytes":"no!","u8":256}"#;
    let response = served.send(&head, json).await?;
    let response = body(&response);
    for location in ["since", "/total", "/at", "/day", "/bytes", "/u8"] {
        assert!(response.contains(location), "{location}: {response}");
    }
    let head = "PUT /receipts/1 HTTP/1.1\ncontent-type: application/json";
    let response = served.send(head, r#"{"total":1,"at":"2026-07-14T10:00:00Z"}"#).await?;
    assert!(response.contains("must be a UUID"), "{response}");
    Ok(())
}
