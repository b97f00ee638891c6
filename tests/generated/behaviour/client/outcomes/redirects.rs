//! Operations whose only success is a redirect, or a switch of protocols.

use generated_fixtures::responses_redirects::Client;
use generated_fixtures::responses_redirects::operations::{
    GetAnywhereHeaders, GetMovedOutput, LoginHeaders, OpenSocketHeaders,
};
use specwright_runtime::{Error, RetryPolicy};

use crate::support::script::{Script, Step, head, more};

type Outcome = Result<(), Box<dyn std::error::Error>>;

async fn start(scripts: Vec<Vec<Step>>) -> Result<(Script, Client), Box<dyn std::error::Error>> {
    let server = Script::start(scripts).await?;
    let client = Client::builder().base_url(&server.url).retry(RetryPolicy::none());
    Ok((server, client.build()?))
}

#[tokio::test]
async fn the_only_success_is_the_result() -> Outcome {
    let (_server, client) = start(vec![
        vec![head(302, "location: /home\ncontent-length: 0")],
        vec![head(400, "content-type: application/json"), more("\"no\"")],
        vec![head(301, "content-type: application/json"), more("\"there\"")],
        vec![head(303, "content-length: 0")],
        vec![head(307, "location: /other\ncontent-length: 0")],
        vec![head(101, "upgrade: chat\nconnection: upgrade")],
    ])
    .await?;
    let there = client.login().send().await?;
    assert_eq!(
        (there.status(), LoginHeaders::from(there.headers()).location),
        (302, Some("/home".to_owned()))
    );
    let Err(Error::Api(error)) = client.login().send().await else {
        return Err("400 is an error".into());
    };
    assert_eq!(error.status, 400);
    let moved = client.get_moved().send().await?.into_body();
    assert_eq!(moved, GetMovedOutput::MovedPermanently("there".to_owned()));
    assert_eq!(client.get_moved().send().await?.into_body(), GetMovedOutput::SeeOther);
    let anywhere = client.get_anywhere().send().await?;
    let location = GetAnywhereHeaders::from(anywhere.headers()).location;
    assert_eq!((anywhere.status(), location.as_deref()), (307, Some("/other")));
    let socket = client.open_socket().send().await?;
    let upgrade = OpenSocketHeaders::from(socket.headers()).upgrade;
    assert_eq!((socket.status(), upgrade.as_deref()), (101, Some("chat")));
    Ok(())
}

/// Redirects are not followed.
#[tokio::test]
async fn a_redirect_is_an_error_if_there_is_another_success() -> Outcome {
    let (_server, client) = start(vec![vec![head(304, "content-length: 0")]]).await?;
    let rejected = client.get_page().send().await;
    assert_eq!(rejected.err().and_then(|error| error.status()), Some(304));
    Ok(())
}
