//! Numbers outside of JSON bodies arrive with their digits.

use std::sync::{Arc, Mutex, PoisonError};

use generated_fixtures::parameters_numbers::models::{Range, RangeHigh};
use generated_fixtures::parameters_numbers::{self as client, Client};
use generated_fixtures::servers::parameters_numbers::operations::{Quote, QuoteBody, QuoteHeaders};
use generated_fixtures::servers::parameters_numbers::{self as server};
use specwright_runtime::Number;
use specwright_server::{Call, Credentials, Limits, Operation, Rejection, Response};

use crate::support::running::{Served, body};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Numbers that neither 64 bits nor a floating-point number give back.
const NUMBERS: [&str; 8] = [
    "0.1234567890123456789",
    "1e400",
    "-1E-400",
    "123456789012345678901",
    "-9223372036854775809",
    "1.50",
    "100.0",
    "-0",
];

#[derive(Default)]
struct Quotes(Mutex<Option<Quote>>);

impl server::Api for Quotes {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    async fn quote(&self, request: Quote, _: Call) -> Result<Response<()>, Rejection> {
        let headers = QuoteHeaders {
            x_total: Some(request.amount.clone()),
            x_parts: request.steps.clone(),
            x_range: request.range.clone(),
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
        Ok(Response::new(()).with_headers(headers))
    }
}

fn range(number: &Number) -> Result<Range, specwright_runtime::ValidationError> {
    let high = RangeHigh::Number(number.clone());
    Range::builder().low(number.clone()).high(high).levels([number.clone(), 1.into()]).build()
}

#[tokio::test]
async fn numbers_of_parameters_forms_and_headers_keep_their_digits() -> Outcome {
    let seen = Arc::new(Quotes::default());
    let router = server::router(seen.clone(), Limits::default());
    let served = Served::start(router, Limits::default()).await?;
    let api = Client::builder().base_url(&served.url).build()?;
    for digits in NUMBERS {
        let number: Number = digits.parse()?;
        let sent = range(&number)?;
        let form = client::operations::QuoteBody::Multipart(sent.clone());
        let text = client::operations::QuoteBody::Text(number.clone());
        for (content, is_urlencoded) in [(form.clone(), true), (form, false), (text, false)] {
            let is_text = matches!(content, client::operations::QuoteBody::Text(_));
            let request = api.quote(number.clone(), content);
            let request = if is_urlencoded { request.content_type_form() } else { request };
            let request = request.rate(number.clone()).steps([number.clone(), 2.into()]);
            let request = request.range(sent.clone()).filter(sent.clone());
            let request = request.x_limit(number.clone()).budget(number.clone());
            let request = if digits.contains(['.', 'e', 'E']) {
                request
            } else {
                request.serial(number.clone())
            };
            let response = request.send().await?;
            let received = seen.0.lock().unwrap_or_else(PoisonError::into_inner).take();
            let received = received.ok_or("no request")?;
            let is_same = |other: &Number| assert_eq!(other.to_string(), digits);
            let is_sent = |range: &Range| {
                let json = |range| serde_json::to_string(range).expect("it can be encoded");
                assert_eq!(json(range), json(&sent));
            };
            is_same(&received.amount);
            [&received.rate, &received.x_limit, &received.budget]
                .into_iter()
                .for_each(|number| is_same(number.as_ref().expect("it was sent")));
            received.serial.iter().for_each(is_same);
            is_same(&received.steps.as_ref().expect("they were sent")[0]);
            is_sent(received.range.as_ref().expect("it was sent"));
            is_sent(received.filter.as_ref().expect("it was sent"));
            match &received.body {
                QuoteBody::Text(number) => is_same(number),
                QuoteBody::Multipart(range) => is_sent(range),
                other => panic!("{other:?}"),
            }
            assert_eq!(matches!(received.body, QuoteBody::Text(_)), is_text);
            let headers = client::operations::QuoteHeaders::from(response.headers());
            is_same(headers.x_total.as_ref().expect("it was sent"));
            is_same(&headers.x_parts.as_ref().expect("they were sent")[0]);
            is_sent(headers.x_range.as_ref().expect("it was sent"));
        }
    }
    Ok(())
}

#[tokio::test]
async fn values_that_are_no_numbers_are_rejected() -> Outcome {
    let router = server::router(Arc::new(Quotes::default()), Limits::default());
    let served = Served::start(router, Limits::default()).await?;
    for (query, problem) in [
        ("rate=1e", "rate"),
        ("rate=01", "rate"),
        ("steps=1&steps=x", "steps/1"),
        ("filter=%7B%22low%22:1,%7D", "filter"),
        ("range%5Blow%5D=one", "range/low"),
        ("filter=%5B%22%5Cud800%22%5D", "must be JSON"),
    ] {
        let head = format!("POST /quotes/1?{query} HTTP/1.1\ncontent-type: text/plain");
        let response = served.send(&head, "1").await?;
        assert!(response.starts_with("HTTP/1.1 400"), "{query}: {response}");
        assert!(body(&response).contains(problem), "{query}: {response}");
    }
    Ok(())
}
