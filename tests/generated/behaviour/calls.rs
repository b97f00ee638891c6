//! What the operations of the fixtures send, and what they make of answers.

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

use super::server::Server;

type Outcome = Result<(), Box<dyn StdError>>;

#[tokio::test]
async fn parameters_of_the_path_stand_in_their_places() -> Outcome {
    let server = Server::start([]).await?;
    let client = parameters_path::Client::builder().base_url(&server.url).build()?;
    client.get_deep("a/b", -3, "z", ["x y", "é"]).send().await?;
    assert_eq!(server.seen(), ["GET /a/a%2Fb/-3/z/b/x%20y,%C3%A9"]);
    let refused = client.get_deep("..", 1, "x", [""; 0]).send().await;
    assert!(matches!(refused, Err(Error::Validation(_))), "{refused:?}");
    assert_eq!(server.seen().len(), 1);
    Ok(())
}

#[tokio::test]
async fn parameters_of_the_query_are_written_in_their_styles() -> Outcome {
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
async fn parameters_of_headers_are_sent_as_headers() -> Outcome {
    let server = Server::start([]).await?;
    let client = parameters_header::Client::builder().base_url(&server.url).build()?;
    let request = client.get_headers("t-1").x_tags(["a", "b"]).x_pair([("k", "v"), ("l", "w")]);
    request.send().await?;
    assert_eq!(server.headers("x-"), ["x-pair: k=v,l=w", "x-tags: a,b", "x-trace-id: t-1"]);
    let refused = client.get_headers("a\nb").send().await;
    assert!(matches!(refused, Err(Error::Config(_))), "{refused:?}");
    Ok(())
}

#[tokio::test]
async fn a_body_is_sent_where_there_is_one() -> Outcome {
    let server = Server::start([]).await?;
    let client = body_optional::Client::builder().base_url(&server.url).build()?;
    client.touch_things().send().await?;
    assert_eq!(server.headers("content-type"), [""; 0]);
    client.touch_things().body(["a"]).send().await?;
    assert_eq!(server.seen(), ["POST /b", r#"POST /b ["a"]"#]);
    Ok(())
}

#[tokio::test]
async fn what_is_not_given_is_not_sent_whatever_its_default() -> Outcome {
    let server = Server::start([]).await?;
    let client = defaults::Client::builder().base_url(&server.url).build()?;
    client.make_list(defaults::models::Options::default()).send().await?;
    assert_eq!(server.seen(), ["POST /lists {}"]);
    Ok(())
}

#[tokio::test]
async fn a_request_that_breaks_constraints_is_not_sent() -> Outcome {
    let server = Server::start([]).await?;
    let client = constraints_request::Client::builder().base_url(&server.url).build()?;
    let filter = serde_json::from_str(r#"{"query":"longer than ten"}"#)?;
    let request = client.search_index("A-B").page_limit(1001).words(["a", ""]).body(filter);
    let Err(Error::Validation(error)) = request.send().await else {
        return Err("it was sent".into());
    };
    let places: Vec<_> = error.violations().iter().map(|one| one.pointer.as_str()).collect();
    assert_eq!(places, ["/index", "/page[limit]", "/words/1", "/query"]);
    assert_eq!(server.seen(), [""; 0]);
    client.search_index("ab").page_limit(1).send().await?;
    assert_eq!(server.seen(), ["POST /search/ab?page%5Blimit%5D=1"]);
    Ok(())
}

#[tokio::test]
async fn operations_whose_names_had_to_change_are_those_of_the_description() -> Outcome {
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
async fn keys_are_sent_where_the_description_has_them() -> Outcome {
    let server = Server::start([]).await?;
    let builder = || security_api_keys::Client::builder().base_url(&server.url);
    builder().api_key("one").app_key("t w&o").build()?.get_a().send().await?;
    assert_eq!(server.headers("x-api-key"), ["x-api-key: one"]);
    builder().session("three").build()?.get_b().send().await?;
    assert_eq!(server.headers("cookie"), ["cookie: SESSION=three"]);
    // Keys are optional here, and needed there.
    builder().build()?.get_b().send().await?;
    let refused = builder().api_key("one").build()?.get_a().send().await;
    assert!(matches!(refused, Err(Error::Config(_))), "{refused:?}");
    assert_eq!(server.seen(), ["GET /a?app_key=t+w%26o", "GET /b", "GET /b"]);
    Ok(())
}

#[tokio::test]
async fn one_of_several_keys_is_enough_for_the_authorization_header() -> Outcome {
    let server = Server::start([]).await?;
    let builder = || security_http::Client::builder().base_url(&server.url);
    for (client, header) in [
        (builder().token("t").password("u:p").build()?, "authorization: Bearer t"),
        (builder().password("u:p").build()?, "authorization: Basic dTpw"),
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
fn an_address_is_made_of_its_variables() -> Outcome {
    let builder = server_variables::Client::builder;
    let shown = format!("{:?}", builder().region("us").port("81").build()?);
    assert!(shown.contains("https://us.example.com:81/v1"), "{shown}");
    let from_env = builder().env_from(|name| (name == "EXAMPLE_REGION").then(|| "mars".to_owned()));
    let Err(Error::Config(error)) = from_env.build() else {
        return Err("there is no such region".into());
    };
    assert!(error.problems()[0].contains("known are eu, us"), "{error}");
    let from_env =
        builder().env_from(|name| (name == "EXAMPLE_URL").then(|| "http://x.y".to_owned()));
    let shown = format!("{:?}", from_env.build()?);
    assert!(shown.contains("http://x.y"), "{shown}");
    Ok(())
}

#[tokio::test]
async fn pages_follow_each_other_by_cursor_offset_and_number() -> Outcome {
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
async fn an_error_answer_has_the_type_of_its_status() -> Outcome {
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
            // A body that is not of its type is kept as its text, as is that of any other status.
            refs::ErrorBody::Other(r#"{"text":1}"#.to_owned()),
            refs::ErrorBody::Other(r#"{"text":"gone"}"#.to_owned()),
        ]
    );
    Ok(())
}

#[tokio::test]
async fn statuses_that_are_integers_in_yaml_are_statuses() -> Outcome {
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
async fn each_status_has_the_answer_that_the_description_gives_it() -> Outcome {
    use responses_per_status::ErrorBody;
    use responses_per_status::models::{NotFound, Problem};
    use responses_per_status::operations::GetAnswerOutput;

    let server = Server::start([
        (200, json!("42")),
        (202, json!(3)),
        (404, json!({"what": "it"})),
        (410, json!({"text": "gone"})),
        (500, json!(["a"])),
        (503, json!("later")),
    ])
    .await?;
    let client = responses_per_status::Client::builder()
        .base_url(&server.url)
        .retry(RetryPolicy::none())
        .build()?;
    let mut answers = Vec::new();
    for _ in 0..7 {
        answers.push(match client.get_answer().send().await {
            Ok(answer) => Ok(answer.into_body()),
            Err(Error::Api(error)) => Err(error.body),
            Err(other) => return Err(other.into()),
        });
    }
    let expected = [
        Ok(GetAnswerOutput::Ok("42".to_owned())),
        Ok(GetAnswerOutput::Accepted(3)),
        Err(ErrorBody::NotFound(NotFound::builder().what("it").build()?)),
        // No answer of its own: that of its hundred, and behind those the default one.
        Err(ErrorBody::Problem(Problem::builder().text("gone").build()?)),
        Err(ErrorBody::GetAnswerError(vec!["a".to_owned()])),
        Err(ErrorBody::Other("\"later\"".to_owned())),
        Ok(GetAnswerOutput::NoContent),
    ];
    assert_eq!(answers, expected);
    Ok(())
}

#[tokio::test]
async fn a_status_goes_before_the_range_that_it_is_in() -> Outcome {
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
async fn pages_follow_each_other_from_an_offset_that_must_be_given() -> Outcome {
    let server =
        Server::start([(200, json!({"items": ["a"]})), (200, json!({"items": []}))]).await?;
    let client = paging_required::Client::builder().base_url(&server.url).build()?;
    let all: Vec<String> = client.list_items(5).stream().try_collect().await?;
    assert_eq!(all, ["a"]);
    assert_eq!(server.seen(), ["GET /list?offset=5", "GET /list?offset=6"]);
    Ok(())
}
