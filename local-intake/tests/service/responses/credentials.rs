//! The credentials that requests must have.

use datadog_ci_intake::LocalIntake;
use reqwest::Method;
use serde_json::json;

use crate::support::{AGGREGATE, LIST, SEARCH, SEND, Server, execute, job};

const OPERATIONS: [(&str, &str); 4] =
    [("POST", SEND), ("GET", LIST), ("POST", SEARCH), ("POST", AGGREGATE)];

/// Returns the statuses of all operations with these headers.
async fn statuses(server: &Server, headers: &[(&str, &str)]) -> [u16; 4] {
    let mut statuses = [0; 4];
    for ((method, path), status) in OPERATIONS.into_iter().zip(&mut statuses) {
        let request = server.bare(method.parse::<Method>().unwrap(), path);
        let request =
            headers.iter().fold(request, |request, (name, key)| request.header(*name, *key));
        let body = json!({ "data": job("1", json!({})) });
        *status = execute(request.body(body.to_string())).await.status;
    }
    statuses
}

#[tokio::test]
async fn sending_requires_the_api_key_and_reading_requires_both() {
    let server = Server::start().await;
    let (api, app) = (("DD-API-KEY", "a"), ("DD-APPLICATION-KEY", "b"));
    for (keys, expected) in [
        (vec![], [401, 403, 403, 403]),
        (vec![api], [202, 403, 403, 403]),
        (vec![app], [401, 403, 403, 403]),
        (vec![api, app], [202, 200, 200, 200]),
        (vec![("DD-API-KEY", ""), app], [401, 403, 403, 403]),
        (vec![("dd-api-key", "a"), ("dd-application-key", "b")], [202, 200, 200, 200]),
    ] {
        assert_eq!(statuses(&server, &keys).await, expected, "{keys:?}");
    }
}

#[tokio::test]
async fn only_a_required_key_is_accepted() {
    let server = Server::with(LocalIntake::builder().api_key("one").app_key("two")).await;
    for (api, app, expected) in [
        ("one", "two", [202, 200, 200, 200]),
        ("two", "one", [403; 4]),
        ("one", "twice", [202, 403, 403, 403]),
        ("once", "two", [403; 4]),
    ] {
        let keys = [("DD-API-KEY", api), ("DD-APPLICATION-KEY", app)];
        assert_eq!(statuses(&server, &keys).await, expected, "{api} {app}");
    }
}

#[tokio::test]
async fn an_empty_required_key_accepts_any() {
    let server = Server::with(LocalIntake::builder().api_key("").app_key(" ")).await;
    let keys = [("DD-API-KEY", "a"), ("DD-APPLICATION-KEY", "b")];
    assert_eq!(statuses(&server, &keys).await, [202, 200, 200, 200]);
    assert_eq!(statuses(&server, &[("DD-API-KEY", "")]).await, [401, 403, 403, 403]);
}

#[tokio::test]
async fn an_access_token_replaces_both_keys_unless_one_is_required() {
    let token = [("Authorization", "Bearer token")];
    let server = Server::start().await;
    // According to the OpenAPI document, sending does not support access tokens.
    assert_eq!(statuses(&server, &token).await, [401, 200, 200, 200]);
    let server = Server::with(LocalIntake::builder().api_key("one")).await;
    assert_eq!(statuses(&server, &token).await, [401, 403, 403, 403]);
}

#[tokio::test]
async fn credentials_are_checked_before_the_body_is_read() {
    let server = Server::start().await;
    let request = server.bare(Method::POST, SEND).body("invalid JSON");
    assert_eq!(execute(request).await.status, 401);
}

#[tokio::test]
async fn credentials_are_not_recorded() {
    let server = Server::start().await;
    let path = format!("{LIST}?api_key=S3CRET&page%5Blimit%5D=1&Application_Key=S3CRET");
    assert_eq!(
        execute(server.bare(Method::GET, &path).header("dd-api-key", "S3CRET")).await.status,
        403
    );
    let requests = server.intake.requests();
    assert!(!format!("{requests:?}").contains("S3CRET"), "{requests:?}");
    assert!(requests[0].target.contains("page%5Blimit%5D=1"), "{requests:?}");
}
