//! Who may see the pages, and what they may do.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use datadog_ci_intake::LocalIntake;
use reqwest::Method;
use serde_json::json;

use super::html::{get, page, visit};
use crate::support::{Server, execute};

const PAGES: [&str; 4] = ["/", "/executions", "/jobs", "/requests"];

#[tokio::test]
async fn pages_need_the_key_that_is_required_as_password() {
    let server = Server::with(LocalIntake::builder().api_key("api").app_key("app")).await;
    let ask = |path: &str, password: Option<&str>| {
        let request = visit(&server, path);
        execute(match password {
            Some(password) => {
                let encoded = STANDARD.encode(format!("anyone:{password}"));
                request.header("authorization", format!("Basic {encoded}"))
            }
            None => request,
        })
    };
    for path in PAGES.into_iter().chain(["/_intake/names", "/_intake/values?name=a"]) {
        let asked = ask(path, None).await;
        assert_eq!(asked.status, 401, "{path}");
        assert!(asked.header("www-authenticate").unwrap().starts_with("Basic "), "{path}");
        assert_eq!(ask(path, Some("api")).await.status, 401, "{path}");
        assert_eq!(ask(path, Some("app")).await.status, 200, "{path}");
    }
    assert_eq!(ask("/assets/style.css", None).await.status, 200);
    // The password of the pages does not change what the control interface requires.
    assert_eq!(ask("/_intake/events", Some("app")).await.status, 403);
}

#[tokio::test]
async fn pages_load_nothing_from_elsewhere() {
    let server = Server::start().await;
    for path in PAGES.into_iter().chain(["/assets/main.js", "/assets/style.css"]) {
        let response = get(&server, path, &[]).await;
        let policy = response.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"), "{path}");
        for outside in ["https://", "style=", "onclick="] {
            assert!(!response.body.contains(outside), "{path} contains {outside}");
        }
    }
}

#[tokio::test]
async fn files_are_cached_until_they_change() {
    let server = Server::start().await;
    let first = get(&server, "/assets/style.css", &[]).await;
    assert_eq!(first.header("content-type"), Some("text/css; charset=utf-8"));
    let tag = first.header("etag").unwrap();
    let again = server.bare(Method::GET, "/assets/style.css").header("if-none-match", tag);
    let again = execute(again).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!(get(&server, "/assets/../Cargo.toml", &[]).await.status, 404);
}

#[tokio::test]
async fn style_and_script_are_small() {
    let server = Server::start().await;
    let main = get(&server, "/assets/main.js", &[]).await.body;
    let modules = main.split("from \"./").skip(1).map(|rest| rest.split('"').next().unwrap());
    let mut size = main.len() + get(&server, "/assets/style.css", &[]).await.body.len();
    for module in modules {
        let module = get(&server, &format!("/assets/{module}"), &[]).await;
        assert_eq!(module.status, 200);
        size += module.body.len();
    }
    assert!(size < 150_000, "{size} bytes");
}

#[tokio::test]
async fn faults_and_latency_do_not_affect_pages() {
    let server = Server::start().await;
    server.intake.fail_next(1, 503);
    for path in PAGES {
        page(&server, path, &[]).await;
    }
    assert_eq!(server.send(&json!([])).await.status, 503);
    assert_eq!(server.intake.requests().len(), 1);
}
