//! A program that sends one event, with the generated client and with the leanest use of reqwest
//! that does the same over HTTPS: alternating clean release builds.

use super::project::{directory, measure, median, write_crate};
use crate::timed::Cost;
use crate::workspace::root;

pub(super) fn run(runs: usize) -> Result<(), String> {
    let directory = directory("build")?;
    let (bare, client) = (directory.join("bare"), directory.join("client"));
    write_crate(&bare, BARE_MANIFEST, ("src/main.rs", BARE))?;
    let path = root()?.join("generated-client").display().to_string();
    let manifest = CLIENT_MANIFEST.replace("PATH", &format!("{path:?}"));
    write_crate(&client, &manifest, ("src/main.rs", CLIENT))?;
    for project in [&bare, &client] {
        // Downloads are not measured.
        measure(project, &["fetch", "--quiet"])?;
    }
    println!("clean release build of a program that sends one event");
    let (mut bares, mut clients): (Vec<Cost>, Vec<Cost>) = (Vec::new(), Vec::new());
    for run in 1..=runs.max(1) {
        for (name, project, costs) in
            [("bare reqwest", &bare, &mut bares), ("generated client", &client, &mut clients)]
        {
            measure(project, &["clean", "--quiet"])?;
            let cost = measure(project, &["build", "--release", "--quiet"])?;
            println!(
                "  {run}: {name:<18} {:>6.1} s  rustc at most {:>5.0} MiB",
                cost.seconds, cost.mebibytes
            );
            costs.push(cost);
        }
    }
    let ratios =
        clients.iter().zip(&bares).map(|(client, bare)| client.seconds / bare.seconds).collect();
    println!(
        "generated client / bare reqwest: {:.2} (median of {} pairs)",
        median(ratios),
        bares.len()
    );
    Ok(())
}

const BARE_MANIFEST: &str = r#"[package]
name = "bare"
version = "0.1.0"
edition = "2024"

[dependencies]
reqwest = { version = "0.13", default-features = false, features = ["query", "rustls-no-provider"] }
rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
"#;

const BARE: &str = r###"use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Envelope<T> {
    data: Data<T>,
}

#[derive(Serialize)]
struct Data<T> {
    r#type: &'static str,
    attributes: Attributes<T>,
}

#[derive(Serialize)]
struct Attributes<T> {
    resource: T,
}

#[derive(Serialize)]
struct Pipeline {
    level: &'static str,
    unique_id: String,
    name: String,
    url: String,
    start: String,
    end: String,
    status: String,
    partial_retry: bool,
}

#[derive(Deserialize, Debug)]
struct Accepted {
    data: Option<serde_json::Value>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    rustls::crypto::ring::default_provider().install_default().map_err(|_| "TLS was set up before")?;
    let resource = Pipeline {
        level: "pipeline",
        unique_id: "1".into(),
        name: "build".into(),
        url: "https://ci.example/1".into(),
        start: "2024-08-22T11:36:29Z".into(),
        end: "2024-08-22T14:36:00Z".into(),
        status: "success".into(),
        partial_retry: false,
    };
    let data = Data { r#type: "cipipeline_resource_request", attributes: Attributes { resource } };
    let response = reqwest::Client::new()
        .post("https://api.datadoghq.com/api/v2/ci/pipeline")
        .header("DD-API-KEY", std::env::var("DD_API_KEY")?)
        .header("content-type", "application/json")
        .body(serde_json::to_vec(&Envelope { data })?)
        .send()
        .await?
        .error_for_status()?;
    let status = response.status();
    let accepted: Accepted = serde_json::from_slice(&response.bytes().await?)?;
    println!("{status} {:?}", accepted.data);
    Ok(())
}
"###;

const CLIENT_MANIFEST: &str = r#"[package]
name = "client"
version = "0.1.0"
edition = "2024"

[dependencies]
datadog-ci-pipelines = { path = PATH }
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
"#;

const CLIENT: &str = r#"use datadog_ci_pipelines::Client;
use datadog_ci_pipelines::models::FinishedPipeline;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let run = FinishedPipeline::builder()
        .unique_id("1")
        .name("build")
        .url("https://ci.example/1")
        .start("2024-08-22T11:36:29Z".parse()?)
        .end("2024-08-22T14:36:00Z".parse()?)
        .status("success")
        .partial_retry(false)
        .build()?;
    println!("{}", Client::from_env()?.send(run).await?.status());
    Ok(())
}
"#;
