//! The requests that operations send, and the responses that they return.

use std::error::Error as StdError;

use futures_util::TryStreamExt;
use generated_fixtures::{
    body_optional, constraints_request, defaults, names_operations, paging_cursor, paging_offset,
    paging_page, paging_required, parameters_header, parameters_path, parameters_query, refs,
    responses_per_status, responses_status_ranges, security_api_keys, security_http,
    server_variables, yaml_features,
};
use serde_json::json;
use specwright_runtime::{Error, RetryPolicy};

use crate::support::recording::Server;

type Outcome = Result<(), Box<dyn StdError>>;

#[tokio::test]
async fn path_parameters_are_in_the_path() -> Outcome {
    let server = Server::start([]).await?;
    let client = parameters_path::Client::builder().base_url(&server.url).build()?;
    client.get_deep("a/b", -3, "y", ["x y", "é"]).send().await?;
    assert_eq!(server.seen(), ["GET /a/a%2Fb/-3/y/b/x%20y,%C3%A9"]);
    let rejected = client.get_deep("..", 1, "x", [""; 0]).send().await;
    assert!(matches!(rejected, Err(Error::Validation(_))), "{rejected:?}");
    assert_eq!(server.seen().len(), 1);
    Ok(())
}

#[tokio::test]
async fn query_parameters_have_their_styles() -> Outcome {
    let server = Server::start([]).await?;
    let client = parameters_query::Client::builder().base_url(&server.url).build()?;
    client.run_query("a&b=c").send().await?;
    client
        .run_query("p")
        .each(["a", "b"])
        .comma(["a", "b"])
        .space(vec![1, 2])
        .pipe(vec![1, 2])
        .deep([("k", "v"), ("l", "w")])
        .send()
        .await?;
    assert_eq!(
        server.seen(),
        [
            "GET /q?plain=a%26b%3Dc",
            "GET /q?plain=p&each=a&each=b&comma=a,b&space=1%202&pipe=1%7C2&deep%5Bk%5D=v&deep%5Bl%5D=w",
        ]
    );
    Ok(())
}

#[tokio::test]
async fn header_parameters_are_sent_as_headers() -> Outcome {
    let server = Server::start([]).await?;
    let client = parameters_header::Client::builder().base_url(&server.url).build()?;
    let request = client.get_headers("t-1").x_tags(["a", "b"]).x_pair([("k", "v"), ("l", "w")]);
    request.send().await?;
    assert_eq!(server.headers("x-"), ["x-pair: k=v,l=w", "x-tags: a,b", "x-trace-id: t-1"]);
    let rejected = client.get_headers("a\nb").send().await;
    assert!(matches!(rejected, Err(Error::Config(_))), "{rejected:?}");
    Ok(())
}

#[tokio::test]
async fn a_body_is_sent_if_it_is_set() -> Outcome {
    let server = Server::start([]).await?;
    let client = body_optional::Client::builder().base_url(&server.url).build()?;
    client.touch_things().send().await?;
    assert_eq!(server.headers("content-type"), [""; 0]);
    // Some servers reject a request without its length.
    assert_eq!(server.headers("content-length"), ["content-length: 0"]);
    client.touch_things().body(["a"]).send().await?;
    assert_eq!(server.seen(), ["POST /b", r#"POST /b ["a"]"#]);
    Ok(())
}

#[tokio::test]
async fn unset_parameters_are_not_sent_even_with_a_default() -> Outcome {
    let server = Server::start([]).await?;
    let client = defaults::Client::builder().base_url(&server.url).build()?;
    client.make_list(defaults::models::Options::default()).send().await?;
    assert_eq!(server.seen(), ["POST /lists {}"]);
    Ok(())
}

#[tokio::test]
async fn invalid_requests_are_not_sent() -> Outcome {
    let server = Server::start([]).await?;
    let client = constraints_request::Client::builder().base_url(&server.url).build()?;
    let filter = serde_json::from_str(r#"{"query":"longer than ten"}"#)?;
    let request = client.search_index("A-B").page_limit(1001).words(["a", ""]).body(filter);
    let Err(Error::Validation(error)) = request.send().await else {
        return Err("it was sent".into());
    };
    let pointers: Vec<_> = error.violations().iter().map(|one| one.pointer.as_str()).collect();
    assert_eq!(pointers, ["/index", "/page[limit]", "/words/1", "/query"]);
    assert_eq!(server.seen(), [""; 0]);
    client.search_index("ab").page_limit(1).send().await?;
    assert_eq!(server.seen(), ["POST /search/ab?page%5Blimit%5D=1"]);
    Ok(())
}

#[tokio::test]
async fn renamed_operations_send_the_documented_request() -> Outcome {
    let server = Server::start([]).await?;
    let client = names_operations::Client::builder().base_url(&server.url).build()?;
    client.get_things_type("t").send2("s").filter_from("a").filter_from2("b").send().await?;
    client.r#move("t").send().await?;
    client.builder2().send().await?;
    client.get_thing().send().await?;
    client.get_thing2().send().await?;
    let expected = [
        "GET /things/t?send=s&filter%5Bfrom%5D=a&filter-from=b",
        "PUT /things/t",
        "GET /builder",
        "GET /a",
        "GET /b",
    ];
    assert_eq!(server.seen(), expected);
    Ok(())
}

#[tokio::test]
async fn credentials_are_sent_where_the_document_requires_them() -> Outcome {
    let server = Server::start([]).await?;
    let builder = || security_api_keys::Client::builder().base_url(&server.url);
    builder().api_key("one").app_key("t w&o").build()?.get_a().send().await?;
    assert_eq!(server.headers("x-api-key"), ["x-api-key: one"]);
    builder().session("three").build()?.get_b().send().await?;
    assert_eq!(server.headers("cookie"), ["cookie: SESSION=three"]);
    let Err(Error::Config(error)) = builder().session("a;b").build() else {
        return Err("it would be two cookies".into());
    };
    assert_eq!(error.problems(), ["session contains `;`, which ends a cookie"]);
    // Credentials are optional for one operation and required for the other.
    builder().build()?.get_b().send().await?;
    let rejected = builder().api_key("one").build()?.get_a().send().await;
    assert!(matches!(rejected, Err(Error::Config(_))), "{rejected:?}");
    assert_eq!(server.seen(), ["GET /a?app_key=t+w%26o", "GET /b", "GET /b"]);
    Ok(())
}

#[tokio::test]
async fn one_of_several_credentials_is_enough_for_the_authorization_header() -> Outcome {
    let server = Server::start([]).await?;
    let builder = || security_http::Client::builder().base_url(&server.url);
    for (client, header) in [
        (builder().token("t").password("u", "p").build()?, "authorization: Bearer t"),
        (builder().password("u", "p").build()?, "authorization: Basic dTpw"),
        (builder().password("ü", "p:q").build()?, "authorization: Basic w7w6cDpx"),
        (builder().password("key", "").build()?, "authorization: Basic a2V5Og=="),
        (builder().oauth("o").build()?, "authorization: Bearer o"),
    ] {
        client.get_a().send().await?;
        assert_eq!(server.headers("authorization"), [header]);
        client.get_b().send().await?;
        assert_eq!(server.headers("authorization"), [""; 0]);
    }
    Ok(())
}

#[test]
fn the_user_name_of_basic_credentials_has_no_colon() -> Outcome {
    let builder = || security_http::Client::builder().base_url("http://x.example");
    for (client, expected) in [
        (builder().password("u:v", "p"), "the user name of `.password(…)` contains a colon"),
        (
            builder().env_from(|name| (name == "LOGIN").then(|| "u".to_owned())),
            "LOGIN is not a user name and a password: `user:password`",
        ),
    ] {
        let Err(Error::Config(error)) = client.build() else { return Err("it is invalid".into()) };
        assert_eq!(error.problems(), [expected]);
    }
    Ok(())
}

#[tokio::test]
async fn the_environment_has_user_name_and_password() -> Outcome {
    let server = Server::start([]).await?;
    let builder = security_http::Client::builder().base_url(&server.url);
    let builder = builder.env_from(|name| (name == "LOGIN").then(|| "u:p:q".to_owned()));
    builder.build()?.get_a().send().await?;
    assert_eq!(server.headers("authorization"), ["authorization: Basic dTpwOnE="]);
    Ok(())
}

#[test]
fn the_base_url_is_made_of_server_variables() -> Outcome {
    let builder = server_variables::Client::builder;
    let shown = format!("{:?}", builder().region("us").port("81").build()?);
    assert!(shown.contains("https://us.example.com:81/v1"), "{shown}");
    let from_env = builder().env_from(|name| (name == "EXAMPLE_REGION").then(|| "mars".to_owned()));
    let Err(Error::Config(error)) = from_env.build() else {
        return Err("the region was accepted".into());
    };
    assert!(error.problems()[0].contains("allowed values: eu, us"), "{error}");
    let from_env =
        builder().env_from(|name| (name == "EXAMPLE_URL").then(|| "http://x.y".to_owned()));
    let shown = format!("{:?}", from_env.build()?);
    assert!(shown.contains("http://x.y"), "{shown}");
    Ok(())
}

#[tokio::test]
async fn pages_are_requested_by_cursor_offset_and_number() -> Outcome {
    let server = Server::start([
        (200, json!({"data": ["a", "b"], "meta": {"after": "x"}})),
        (200, json!({"data": ["c"], "meta": {}})),
    ])
    .await?;
    let client = paging_cursor::Client::builder().base_url(&server.url).build()?;
    let all: Vec<String> = client.list_items().stream().try_collect().await?;
    assert_eq!(all, ["a", "b", "c"]);
    assert_eq!(server.seen(), ["POST /list", r#"POST /list {"page":{"cursor":"x"}}"#]);

    let page = |items: &[i64]| (200, json!({"result": {"items": items}}));
    let server = Server::start([page(&[1, 2]), page(&[3]), page(&[])]).await?;
    let client = paging_offset::Client::builder().base_url(&server.url).build()?;
    let all: Vec<i64> = client.list_items().limit(2).stream().try_collect().await?;
    assert_eq!(all, [1, 2, 3]);
    let expected =
        ["GET /list?limit=2", "GET /list?offset=2&limit=2", "GET /list?offset=3&limit=2"];
    assert_eq!(server.seen(), expected);

    let server =
        Server::start([(200, json!(["a"])), (200, json!(["b"])), (200, json!([]))]).await?;
    let client = paging_page::Client::builder().base_url(&server.url).build()?;
    let all: Vec<String> = client.list_items().stream().try_collect().await?;
    assert_eq!(all, ["a", "b"]);
    assert_eq!(server.seen(), ["GET /list", "GET /list?page=2", "GET /list?page=3"]);
    Ok(())
}

#[tokio::test]
async fn an_error_response_has_the_type_of_its_status() -> Outcome {
    let server = Server::start([
        (404, json!({"text": "gone"})),
        (404, json!({"text": 1})),
        (500, json!({"text": "gone"})),
    ])
    .await?;
    let client =
        refs::Client::builder().base_url(&server.url).retry(RetryPolicy::none()).build()?;
    let mut bodies = Vec::new();
    for _ in 0..3 {
        let body = refs::models::OddNameS::builder().x(1).build()?;
        match client.put_thing("1", body).send().await {
            Err(Error::Api(error)) => bodies.push(error.body),
            other => return Err(format!("{other:?}").into()),
        }
    }
    let problem = refs::models::Problem::builder().text("gone").build()?;
    assert_eq!(
        bodies,
        [
            refs::ErrorBody::Problem(problem),
            // Bodies of another type or of an undocumented status are kept as strings.
            refs::ErrorBody::Other(r#"{"text":1}"#.to_owned()),
            refs::ErrorBody::Other(r#"{"text":"gone"}"#.to_owned()),
        ]
    );
    Ok(())
}

#[tokio::test]
async fn integers_are_accepted_as_statuses_in_yaml() -> Outcome {
    let server = Server::start([(200, json!("yes")), (404, json!("no"))]).await?;
    let client = yaml_features::Client::builder().base_url(&server.url).build()?;
    assert_eq!(*client.get_yaml().send().await?, "yes");
    let Err(Error::Api(error)) = client.get_yaml().send().await else {
        return Err("404 is an error".into());
    };
    assert_eq!(error.body, yaml_features::ErrorBody::GetYamlError("no".to_owned()));
    Ok(())
}

#[tokio::test]
async fn each_status_has_its_documented_response() -> Outcome {
    use responses_per_status::ErrorBody;
    use responses_per_status::models::{NotFound, Problem};
    use responses_per_status::operations::GetResultOutput;

    let server = Server::start([
        (200, json!("42")),
        (202, json!(3)),
        (404, json!({"what": "it"})),
        (410, json!({"message": "gone"})),
        (500, json!(["a"])),
        (503, json!("later")),
    ])
    .await?;
    let client = responses_per_status::Client::builder()
        .base_url(&server.url)
        .retry(RetryPolicy::none())
        .build()?;
    let mut responses = Vec::new();
    for _ in 0..7 {
        responses.push(match client.get_result().send().await {
            Ok(response) => Ok(response.into_body()),
            Err(Error::Api(error)) => Err(error.body),
            Err(other) => return Err(other.into()),
        });
    }
    let expected = [
        Ok(GetResultOutput::Ok("42".to_owned())),
        Ok(GetResultOutput::Accepted(3)),
        Err(ErrorBody::NotFound(NotFound::builder().what("it").build()?)),
        // Without its own response, a status has that of its range, then the default response.
        Err(ErrorBody::Problem(Problem::builder().message("gone").build()?)),
        Err(ErrorBody::GetResultError(vec!["a".to_owned()])),
        Err(ErrorBody::Other("\"later\"".to_owned())),
        Ok(GetResultOutput::NoContent),
    ];
    assert_eq!(responses, expected);
    Ok(())
}

#[tokio::test]
async fn a_status_takes_precedence_over_its_range() -> Outcome {
    use responses_status_ranges::operations::GetRangeOutput;

    let server = Server::start([(200, json!(1)), (201, json!("one"))]).await?;
    let client = responses_status_ranges::Client::builder()
        .base_url(&server.url)
        .retry(RetryPolicy::none())
        .build()?;
    assert_eq!(*client.get_range().send().await?, GetRangeOutput::Ok(1));
    assert_eq!(*client.get_range().send().await?, GetRangeOutput::Success("one".to_owned()));
    Ok(())
}

#[tokio::test]
async fn errors_of_several_ranges_have_one_body() -> Outcome {
    let problem = || json!({ "message": "busy" });
    let server =
        Server::start([(409, problem()), (418, problem()), (503, problem()), (302, json!(1))])
            .await?;
    let client = responses_status_ranges::Client::builder()
        .base_url(&server.url)
        .retry(RetryPolicy::none())
        .build()?;
    let mut messages = Vec::new();
    for _ in 0..4 {
        messages.push(match client.list_disks().send().await {
            Err(Error::Api(error)) => match error.body {
                responses_status_ranges::ErrorBody::Problem(problem) => problem.message,
                _ => "unexpected".to_owned(),
            },
            other => return Err(format!("{other:?}").into()),
        });
    }
    assert_eq!(messages, ["busy", "busy", "busy", "unexpected"]);
    Ok(())
}

#[tokio::test]
async fn pages_are_requested_from_a_required_offset() -> Outcome {
    let server =
        Server::start([(200, json!({"items": ["a"]})), (200, json!({"items": []}))]).await?;
    let client = paging_required::Client::builder().base_url(&server.url).build()?;
    let all: Vec<String> = client.list_items(5).stream().try_collect().await?;
    assert_eq!(all, ["a"]);
    assert_eq!(server.seen(), ["GET /list?offset=5", "GET /list?offset=6"]);
    Ok(())
}
