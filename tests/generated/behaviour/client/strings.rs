//! Strings that mean something in Rust, Markdown or URLs are sent and received as they are.

use std::error::Error as StdError;

use generated_fixtures::strings_unusual::Client;
use generated_fixtures::strings_unusual::models::{
    One, SendStringsQ, Strings, StringsGrinningItem,
};
use serde_json::json;

use crate::support::recording::Server;

#[tokio::test]
async fn any_string_is_sent_as_it_is() -> Result<(), Box<dyn StdError>> {
    let value = json!({
        "\u{202e}\n\"\\": "#\u{202e}\\",
        "{}": "}",
        "😀\0": ["\u{200f}", "😀", "`", "```", "\r", "x"],
        "Con": { "aux": 1 },
        "one": { "k\u{202e}": "\"1\n", "a": 1 },
    });
    let body: Strings = serde_json::from_value(value.clone())?;
    assert_eq!(body.empty, "#\u{202e}\\");
    let items = body.grinning.clone().unwrap_or_default();
    assert_eq!(items.first(), Some(&StringsGrinningItem::Empty));
    assert_eq!(items.last(), Some(&StringsGrinningItem::Unknown("x".into())));
    assert!(matches!(&body.one, Some(One::First(first)) if first.a == Some(1)), "{body:?}");
    assert_eq!(serde_json::to_value(&body)?, value);

    let server = Server::start([(200, value.clone())]).await?;
    let client = Client::builder().base_url(&server.url).key_1("k/1").build()?;
    let request = client.send_strings("*/ \u{202e}", body.clone()).q(SendStringsQ::NewLine);
    let response = request.tab_here("\t").send().await?;
    assert_eq!(*response, body);
    assert_eq!(
        server.seen(),
        [format!(
            "POST /a%20b/%E2%80%AE%22%C3%BC%25/%2A%2F%20%E2%80%AE?q%22%5C%E2%80%AE%26%3D=new%0Aline\
             &Tab%09here=%09&k%E2%80%AE%3D=k%2F1 {value}"
        )]
    );

    let invalid: Strings = serde_json::from_value(json!({ "\u{202e}\n\"\\": "a" }))?;
    let error = invalid.validate().err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.contains("/\u{202e}\n\"\\ "), "{error:?}");
    Ok(())
}
