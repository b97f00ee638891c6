//! The server of an operation: the default one, a selected one, or its own.

use generated_fixtures::openapi_3_2_servers as named;
use generated_fixtures::operation_servers::{Client, ClientBuilder};
use specwright_runtime::HttpOptions;

use crate::support::recording::Server;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Calls each operation whose server is complete.
async fn call(client: &Client) -> Outcome {
    client.get_a().send().await?;
    client.upload().send().await?;
    client.replace().send().await?;
    client.download().send().await?;
    Ok(())
}

/// Returns the requests of a client. A proxy responds, because the hosts do not exist.
async fn requests(builder: ClientBuilder) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let proxy = Server::start([]).await?;
    let client = builder.http(HttpOptions::new().proxy(&proxy.url)).build()?;
    call(&client).await?;
    Ok(proxy.seen())
}

#[tokio::test]
async fn operations_go_to_their_own_servers() -> Outcome {
    let expected = [
        "GET http://api.eu.example.invalid/v1/a",
        "POST http://upload.us.example.invalid/in/upload",
        "PUT http://upload.us.example.invalid/in/upload",
        "GET http://api.eu.example.invalid/v2/files/upload",
    ];
    assert_eq!(requests(Client::builder()).await?, expected);
    // A variable applies to every server that has it.
    let expected = [
        "GET http://api.us.example.invalid/v1/a",
        "POST http://upload.us.example.invalid/x/upload",
        "PUT http://upload.us.example.invalid/x/upload",
        "GET http://api.us.example.invalid/v2/files/upload",
    ];
    assert_eq!(requests(Client::builder().region("us").folder("x")).await?, expected);
    Ok(())
}

#[tokio::test]
async fn another_server_of_the_document_can_be_selected() -> Outcome {
    let expected = [
        "GET http://sandbox.example.invalid:8443/a",
        // Operations have as many servers as the document, or only one.
        "POST http://sandbox.example.invalid/upload/upload",
        "PUT http://sandbox.example.invalid/upload/upload",
        "GET http://sandbox.example.invalid:8443/v2/files/upload",
    ];
    assert_eq!(requests(Client::builder().server(1)).await?, expected);
    let error = Client::builder().server(2).build().err().ok_or("there are two")?;
    assert!(error.to_string().contains("the spec has 2 servers"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_base_url_applies_to_every_operation() -> Outcome {
    let server = Server::start([]).await?;
    let client = Client::builder().base_url(format!("{}/base", server.url)).build()?;
    call(&client).await?;
    client.get_status().send().await?;
    let expected = [
        "GET /base/a",
        "POST /base/upload",
        "PUT /base/upload",
        // This server is relative to the base URL.
        "GET /v2/files/upload",
        "GET /base/status",
    ];
    assert_eq!(server.seen(), expected);
    Ok(())
}

#[tokio::test]
async fn an_incomplete_server_fails_only_the_calls_that_use_it() -> Outcome {
    let proxy = Server::start([]).await?;
    let builder = || Client::builder().http(HttpOptions::new().proxy(&proxy.url));
    let client = builder().build()?;
    call(&client).await?;
    let error = client.get_status().send().await.err().ok_or("the host is incomplete")?;
    assert!(error.to_string().contains("invalid server URL `http://{host}/status`"), "{error}");
    builder().host("h.invalid").build()?.get_status().send().await?;
    assert_eq!(proxy.seen().last().map(String::as_str), Some("GET http://h.invalid/status/status"));
    let error = builder().region("mars").build().err().ok_or("the region is unknown")?;
    assert!(error.to_string().contains("allowed values: eu, us"), "{error}");
    Ok(())
}

#[tokio::test]
async fn servers_are_selected_by_name() -> Outcome {
    let builder = named::Client::builder;
    let (by_default, production) = (builder(), builder().server_named("production"));
    let testing = builder().region("eu").server_named("testing");
    for (builder, a, upload) in [
        // The first server of each list.
        (by_default, "api.example.invalid/v1", "upload.test.example.invalid"),
        (production, "api.example.invalid/v1", "upload.example.invalid"),
        (testing, "eu.example.invalid/v1", "upload.eu.example.invalid"),
        // Only one list has this name.
        (builder().server_named("local"), "api.example.invalid/v1", "upload.local.invalid"),
        // The last selection applies.
        (builder().server_named("mars").server(2), "old.example.invalid", "upload.local.invalid"),
        (
            builder().server(2).server_named("production"),
            "api.example.invalid/v1",
            "upload.example.invalid",
        ),
    ] {
        let proxy = Server::start([]).await?;
        let client = builder.http(HttpOptions::new().proxy(&proxy.url)).build()?;
        client.get_a().send().await?;
        client.upload().send().await?;
        client.get_other().send().await?;
        let expected = [
            format!("GET http://{a}/a"),
            format!("POST http://{upload}/upload"),
            "GET http://other.example.invalid/other".to_owned(),
        ];
        assert_eq!(proxy.seen(), expected);
    }
    let error = builder().server_named("mars").build().err().ok_or("no server has the name")?;
    let expected = "no server with the name `mars`: the spec has `local`, `production`, `testing`";
    assert!(error.to_string().contains(expected), "{error}");
    // A base URL replaces all servers.
    let server = Server::start([]).await?;
    builder().server_named("mars").base_url(&server.url).build()?.upload().send().await?;
    assert_eq!(server.seen(), ["POST /upload"]);
    Ok(())
}
