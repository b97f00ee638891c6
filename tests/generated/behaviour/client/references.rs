//! Operations that are references, with parameters and responses that are references.

use generated_fixtures::{dynamic_references, operation_references};
use serde_json::json;

use crate::support::recording::Server;

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::test]
async fn referenced_operations_are_called_as_others() -> Outcome {
    let responses = [
        (200, json!([{ "title": "A" }])),
        (200, json!({ "title": "B" })),
        (204, json!(null)),
        (404, json!({ "reason": "none" })),
        (200, json!({ "width": 5 })),
    ];
    let server = Server::start(responses).await?;
    let client =
        operation_references::Client::builder().base_url(&server.url).token("t").build()?;
    let books = client.list_books().limit(3).x_trace("t").send().await?.into_body();
    assert_eq!(books[0].title, "A");
    assert_eq!(server.headers("x-trace"), ["x-trace: t"]);
    assert_eq!(client.read_book(7).send().await?.into_body().title, "B");
    client.remove_book(7).send().await?;
    let missing = client.remove_book(8).send().await;
    assert!(missing.is_err_and(|error| error.to_string().contains("404")));
    assert_eq!(client.get_box().send().await?.into_body().width, 5);
    client.remove_box().send().await?;
    assert_eq!(
        server.seen(),
        [
            "GET /books?limit=3",
            "GET /books/7",
            "DELETE /books/7",
            "DELETE /books/8",
            "GET /box",
            "DELETE /box"
        ]
    );
    Ok(())
}

#[tokio::test]
async fn a_response_is_a_page_of_what_its_schema_names() -> Outcome {
    let page = json!({ "entries": [{ "reader": "R" }] });
    let server = Server::start([(200, page)]).await?;
    let client = dynamic_references::Client::builder().base_url(&server.url).build()?;
    let page = client.list_loans().send().await?.into_body();
    assert_eq!(page.entries[0].reader, "R");
    Ok(())
}
