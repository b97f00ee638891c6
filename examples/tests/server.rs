//! The server of docs/server.md serves the client that is generated from the same document.

use std::error::Error;

use futures_util::TryStreamExt;
use serde::de::DeserializeOwned;
use specwright_examples::built::models::AddCalibrationBody;
use specwright_examples::built::operations::AddCalibrationHeaders;
use specwright_examples::built::{Client, ErrorBody, ErrorHeaders};
use specwright_examples::weather;
use specwright_runtime::{Blob, RetryPolicy};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn read<T: DeserializeOwned>(json: &str) -> Outcome<T> {
    Ok(serde_json::from_str(json)?)
}

/// Returns the status and the body of the error response of a station.
async fn errors(client: &Client, station: &str) -> Outcome<(u16, ErrorBody)> {
    let Err(error) = client.get_reading(station).send().await else {
        return Err("it was not rejected".into());
    };
    let status = error.status().ok_or("no status")?;
    Ok((status, error.body().ok_or("no body")?.clone()))
}

async fn add_calibrations(client: &Client) -> Outcome<()> {
    let send = |report: Vec<u8>| {
        let form = AddCalibrationBody::builder().offset(0.5).report(Blob::new(report)).build();
        form.map(|form| client.add_calibration("roof", form).send())
    };
    let stored = send(vec![1])?.await?;
    assert_eq!(stored.status(), 201);
    let headers = AddCalibrationHeaders::from(stored.headers());
    assert_eq!(headers.location.as_deref(), Some("/stations/roof/calibrations/1"));
    let Err(error) = send(Vec::new())?.await else { return Err("it was not rejected".into()) };
    assert_eq!(error.status(), Some(422));
    assert_eq!(
        error.body(),
        Some(&ErrorBody::Problem(read(r#"{"title":"the report is empty"}"#)?))
    );
    let headers = error.api().map(|error| ErrorHeaders::from(&error.headers));
    assert_eq!(headers.and_then(|headers| headers.retry_after), Some(60));
    Ok(())
}

#[tokio::test]
async fn the_server_of_the_guide_serves_the_client() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(weather::run(listener, async move {
        let _ = stopped.await;
    }));
    let builder = Client::builder().base_url(address).retry(RetryPolicy::none());
    let client = builder.station_key("sesame").build()?;
    let reading = client.get_reading("roof").send().await?;
    assert_eq!(reading.celsius.to_string(), "21.5");
    assert_eq!(
        errors(&client, "rooof").await?,
        (404, ErrorBody::UnknownStation(read(r#"{"station":"rooof","similar":["roof"]}"#)?))
    );
    let problem = |title: &str| read(&format!(r#"{{"title":"{title}"}}"#)).map(ErrorBody::Problem);
    assert_eq!(errors(&client, "moon").await?, (418, problem("it is too far away")?));
    let rejected = problem("500: cannot reach `cellar`")?;
    assert_eq!(errors(&client, "cellar").await?, (500, rejected));

    let readings = client.watch_readings("roof").send().await?.into_body();
    let readings: Vec<_> = readings.map_ok(|event| event.data.celsius).try_collect().await?;
    assert_eq!(readings.iter().map(ToString::to_string).collect::<Vec<_>>(), ["21.5", "22"]);
    add_calibrations(&client).await?;
    let _ = stop.send(());
    served.await??;
    Ok(())
}

#[test]
fn the_guide_shows_the_compiled_code() {
    let shown = include_str!("../../docs/server.md");
    let source = include_str!("../src/weather.rs");
    // Without the documentation of the file.
    let code = source.split_once("\n\n").map_or("", |(_, code)| code);
    assert!(
        shown.contains(&format!("```rust\n{code}```\n")),
        "docs/server.md differs from src/weather.rs"
    );
}
