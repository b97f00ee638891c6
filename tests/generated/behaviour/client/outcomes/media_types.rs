//! Media types that a client asks for, and those of its bodies.

use generated_fixtures::bodies_choice::models::Change;
use generated_fixtures::bodies_choice::operations::AddEitherBody;
use generated_fixtures::responses_accept::models::Item;
use generated_fixtures::responses_accept::operations::GetInlineOutput;
use generated_fixtures::{bodies_choice, responses_accept};
use specwright_runtime::{Error, RetryPolicy};

use crate::support::recording::Server;
use crate::support::script::{Script, Step, whole};

type Outcome = Result<(), Box<dyn std::error::Error>>;

async fn start(
    scripts: Vec<Vec<Step>>,
) -> Result<(Script, responses_accept::Client), Box<dyn std::error::Error>> {
    let server = Script::start(scripts).await?;
    let client =
        responses_accept::Client::builder().base_url(&server.url).retry(RetryPolicy::none());
    Ok((server, client.build()?))
}

/// Returns the `Accept` header of each request.
fn accepts(server: &Script) -> Vec<String> {
    let accept = |head: &String| {
        let line = head.lines().find_map(|line| line.strip_prefix("accept: "));
        line.unwrap_or_default().to_owned()
    };
    server.seen().iter().map(accept).collect()
}

#[tokio::test]
async fn the_described_media_types_are_accepted_and_can_be_chosen() -> Outcome {
    let item = |media_type: &str| whole(200, media_type, r#"{"size":3}"#);
    let vendor = "application/vnd.shop.item+json";
    let several = "application/hal+json, application/vnd.api+json, text/json, \
        application/json;v=1, application/json;v=2";
    let (server, client) = start(vec![
        item(vendor),
        item("application/json;version=2"),
        item("application/hal+json"),
        item("application/vnd.api+json; charset=utf-8"),
        item("text/json"),
        item("application/json;v=2"),
        item("application/vnd.size+json"),
        item("application/json"),
        whole(200, "text/csv", "size\n3\n"),
    ])
    .await?;
    assert_eq!(client.get_vendor().send().await?.size, 3);
    assert_eq!(client.get_versioned().send().await?.size, 3);
    let wanted = Item::builder().size(3).build()?;
    assert_eq!(client.get_several().send().await?.into_body(), wanted);
    assert_eq!(client.get_several().accept_vnd_api_json().send().await?.into_body(), wanted);
    assert_eq!(client.get_several().accept_text_json().send().await?.into_body(), wanted);
    assert_eq!(client.get_several().accept_json_v2().send().await?.into_body(), wanted);
    let size = client.get_inline().send().await?.into_body().into_json();
    assert_eq!(size.and_then(|size| size.size), Some(3));
    let size = client.get_inline().accept_vnd_size_json().send().await?.into_body().into_json();
    assert_eq!(size.and_then(|size| size.size), Some(3));
    let table = client.get_inline().accept_csv().send().await?.into_body();
    assert_eq!(table, GetInlineOutput::Csv("size\n3\n".to_owned()));
    let inline = "application/json, application/vnd.size+json, text/csv";
    let expected = [
        vendor,
        "application/json;version=2",
        several,
        "application/vnd.api+json",
        "text/json",
        "application/json;v=2",
        inline,
        "application/vnd.size+json",
        "text/csv",
    ];
    assert_eq!(accepts(&server), expected);
    Ok(())
}

#[tokio::test]
async fn a_range_without_structure_is_bytes() -> Outcome {
    let bytes = b"\xff\0{";
    let file = || whole(200, "application/x-anything", bytes);
    let item = || whole(200, "application/json", r#"{"size":3}"#);
    let (server, client) = start(vec![file(), file(), file(), file(), item(), item()]).await?;
    assert_eq!(&client.get_any().send().await?.bytes().await?[..], bytes);
    assert_eq!(&client.get_any_described().send().await?.bytes().await?[..], bytes);
    assert_eq!(&client.get_any_string().send().await?.bytes().await?[..], bytes);
    let file = client.get_any_file().send().await?;
    assert_eq!(file.media_type(), Some("application/x-anything"));
    assert_eq!(&file.bytes().await?[..], bytes);
    assert_eq!(client.get_any_item().send().await?.size, 3);
    assert_eq!(client.get_any_both().send().await?.size, 3);
    let json = "application/json";
    assert_eq!(accepts(&server), ["*/*", "*/*", "*/*", "application/*", json, json]);
    Ok(())
}

#[tokio::test]
async fn plain_numbers_and_strings_are_decoded() -> Outcome {
    let plain = |body: &str| whole(200, "text/plain; charset=utf-8", body);
    let scripts = vec![plain("12"), plain("-3\n"), plain("true"), plain("12"), plain("x")];
    let (server, client) = start(scripts).await?;
    assert_eq!(client.get_count().send().await?.into_body(), 12);
    assert_eq!(client.get_count().send().await?.into_body(), -3);
    assert!(client.is_ready().send().await?.into_body());
    assert_eq!(client.get_name().send().await?.into_body(), "12");
    let rejected = client.get_count().send().await;
    assert!(matches!(rejected, Err(Error::Decode(_))), "{rejected:?}");
    assert_eq!(accepts(&server), ["text/plain"; 5]);
    Ok(())
}

#[tokio::test]
async fn the_media_type_of_a_body_can_be_chosen() -> Outcome {
    let server = Server::start([]).await?;
    let client = bodies_choice::Client::builder().base_url(&server.url).build()?;
    let change = || Change::builder().name("n").tags(["a,b", "c"]).build();
    let sent = || server.headers("content-type").concat().replace("content-type: application/", "");
    // Neither a JSON patch, which is a list, nor YAML.
    client.patch_thing("1", change()?).send().await?;
    assert_eq!(sent(), "merge-patch+json");
    client.patch_thing("1", change()?).content_type_json_patch_json().send().await?;
    assert_eq!(sent(), "json-patch+json");
    client.patch_thing("1", change()?).content_type_strategic_merge_patch_json().send().await?;
    assert_eq!(sent(), "strategic-merge-patch+json");
    client.patch_thing("1", change()?).content_type_apply_patch_yaml().send().await?;
    assert_eq!(sent(), "apply-patch+yaml");
    client.put_thing("1").body(change()?).send().await?;
    assert_eq!(sent(), "json");
    client.put_thing("1").body(change()?).content_type_json_patch_json().send().await?;
    assert_eq!(sent(), "json-patch+json");
    client.put_thing("1").body(change()?).content_type_text_json().send().await?;
    assert_eq!(sent(), "content-type: text/json");
    client.put_thing("1").content_type_text_json().send().await?;
    assert_eq!(sent(), "");
    client.patch_steps([change()?]).send().await?;
    assert_eq!(sent(), "json-patch+json");
    client.patch_steps([change()?]).content_type_merge_patch_json().send().await?;
    assert_eq!(sent(), "merge-patch+json");
    let json = r#"{"name":"n","tags":["a,b","c"]}"#;
    let expected = [
        format!("PATCH /things/1 {json}"),
        format!("PUT /things/1 {json}"),
        "PUT /things/1".to_owned(),
        format!("PATCH /steps [{json}]"),
    ];
    let mut seen = server.seen();
    seen.dedup();
    assert_eq!(seen, expected);
    Ok(())
}

#[tokio::test]
async fn a_body_is_written_in_the_format_that_is_chosen() -> Outcome {
    let server = Server::start([]).await?;
    let client = bodies_choice::Client::builder().base_url(&server.url).build()?;
    let change = || Change::builder().name("n").tags(["a,b", "c"]).build();
    let sent = || {
        let media_type = server.headers("content-type").concat();
        let media_type = media_type.trim_start_matches("content-type: ");
        let body = server.seen().pop().unwrap_or_default();
        (media_type.to_owned(), body.split_once(' ').unwrap_or_default().1.to_owned())
    };
    let pair = |media_type: &str, line: &str| (media_type.to_owned(), line.to_owned());
    let json = r#"{"name":"n","tags":["a,b","c"]}"#;
    client.add_form(change()?).send().await?;
    assert_eq!(sent(), pair("application/json", &format!("/forms {json}")));
    client.add_form(change()?).content_type_yaml().send().await?;
    assert_eq!(sent(), pair("application/yaml", &format!("/forms {json}")));
    client.add_form(change()?).content_type_form().send().await?;
    let form = "application/x-www-form-urlencoded";
    assert_eq!(sent(), pair(form, "/forms name=n&tags=a%2Cb,c"));
    client.add_form(change()?).content_type_multipart().send().await?;
    let (media_type, body) = sent();
    assert!(media_type.starts_with("multipart/form-data; boundary="), "{media_type}");
    assert_eq!(body.matches("name=\"tags\"").count(), 2, "{body}");

    client.add_either(AddEitherBody::Json(change()?)).content_type_vnd_change_json().send().await?;
    assert_eq!(sent(), pair("application/vnd.change+json", &format!("/either {json}")));
    let list = vec![change()?];
    client.add_either(list).content_type_vnd_change_json().send().await?;
    assert_eq!(sent(), pair("application/vnd.changes+json", &format!("/either [{json}]")));
    client.add_either("x".to_owned()).send().await?;
    assert_eq!(sent(), pair("text/plain; charset=utf-8", "/either x"));
    // Without JSON, YAML is the bytes of the caller.
    client.add_yaml("name: n").send().await?;
    assert_eq!(sent(), pair("application/yaml", "/yaml name: n"));
    Ok(())
}
