//! Parameters of every style: what a client sends, and what the server of the document decodes.

use std::sync::{Arc, Mutex, PoisonError};

use generated_fixtures::servers::{
    parameters_content, parameters_cookie, parameters_deep, parameters_styles, paths_unusual,
};
use generated_fixtures::{
    parameters_content as content, parameters_cookie as cookie, parameters_deep as deep,
    parameters_styles as styles, paths_mismatched as mismatched, paths_unusual as unusual,
};
use serde_json::json;
use specwright_runtime::reqwest;
use specwright_server::{Call, Credentials, Limits, Operation, Rejection, Response};

use crate::support::recording::Server;
use crate::support::running::Served;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Records the `Debug` output of the last request.
#[derive(Default)]
struct Seen(Mutex<String>);

impl Seen {
    fn record(&self, request: &impl std::fmt::Debug) -> Result<Response<()>, Rejection> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = format!("{request:?}");
        Ok(().into())
    }

    fn take(&self) -> String {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Implements an API that records each request.
macro_rules! record {
    ($server:ident: $($method:ident $request:ident),+) => {
        impl $server::Api for Seen {
            fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
                Ok(())
            }

            $(async fn $method(
                &self,
                request: $server::operations::$request,
                _: Call,
            ) -> Result<Response<()>, Rejection> {
                self.record(&request)
            })+
        }
    };
}

record!(parameters_content: search Search);
record!(parameters_cookie: get_cookies GetCookies);
record!(parameters_deep: list_charges ListCharges);
record!(parameters_styles: get_one GetOne, get_lists GetLists, get_objects GetObjects);
record!(paths_unusual: get_report GetReport, get_file GetFile, get_meta GetMeta, get_user GetUser,
    send_message SendMessage, purge_queue PurgeQueue, search_names SearchNames,
    search_ids SearchIds, put_acl PutAcl, get_copies GetCopies);

/// Starts a server of a fixture. Returns it and its recorder.
macro_rules! serve {
    ($server:ident) => {{
        let seen = Arc::new(Seen::default());
        let router = $server::router(seen.clone(), Limits::default());
        (Served::start(router, Limits::default()).await?, seen)
    }};
}

#[tokio::test]
async fn scalars_round_trip_in_every_path_style() -> Outcome {
    let server = Server::start([]).await?;
    let client = |url: &str| styles::Client::builder().base_url(url).build();
    client(&server.url)?.get_one("a.b", -7, "x=y;z", "é").send().await?;
    assert_eq!(server.seen(), ["GET /one/.a.b/.-7/;matrix=x%3Dy%3Bz/;matrices=%C3%A9"]);
    let (served, seen) = serve!(parameters_styles);
    client(&served.url)?.get_one("a.b", -7, "x=y;z", "é").send().await?;
    let expected = r#"GetOne { label: "a.b", labels: -7, matrix: "x=y;z", matrices: "é" }"#;
    assert_eq!(seen.take(), expected);
    // An empty value is sent without an equals sign, and decoded with or without one.
    client(&served.url)?.get_one("a", 1, "", "").send().await?;
    assert!(seen.take().ends_with(r#"matrix: "", matrices: "" }"#));
    let rejected = reqwest::get(format!("{}/one/a/.1/;matrix=/;other=", served.url)).await?;
    let body = rejected.text().await?;
    for problem in ["label must start with a full stop", "matrices must start with a semicolon"] {
        assert!(body.contains(problem), "{body}");
    }
    Ok(())
}

#[tokio::test]
async fn lists_round_trip_in_every_style() -> Outcome {
    let server = Server::start([]).await?;
    let client = |url: &str| styles::Client::builder().base_url(url).build();
    let (a, b) = (["a,b", "c.d"], ["e;f", "g"]);
    let send = |client: styles::Client| {
        let request = client.get_lists(a, a, b, b).form(a).forms(a);
        request.space(b).spaces(a).pipe(b).pipes(a).send()
    };
    send(client(&server.url)?).await?;
    let expected = "GET /list/.a%2Cb,c.d/.a%2Cb.c%2Ed/;matrix=e%3Bf,g/;matrices=e%3Bf;matrices=g\
        ?form=a%2Cb,c.d&forms=a%2Cb&forms=c.d&space=e%3Bf%20g&spaces=a%2Cb&spaces=c.d\
        &pipe=e%3Bf%7Cg&pipes=a%2Cb&pipes=c.d";
    assert_eq!(server.seen(), [expected]);
    let (served, seen) = serve!(parameters_styles);
    send(client(&served.url)?).await?;
    let (a, b) = (r#"["a,b", "c.d"]"#, r#"["e;f", "g"]"#);
    let expected = format!(
        "GetLists {{ label: {a}, labels: {a}, matrix: {b}, matrices: {b}, form: Some({a}), \
        forms: Some({a}), space: Some({b}), spaces: Some({a}), pipe: Some({b}), pipes: Some({a}) }}"
    );
    assert_eq!(seen.take(), expected);
    Ok(())
}

/// Other clients may encode the delimiters of a list.
#[tokio::test]
async fn lists_are_decoded_with_encoded_delimiters() -> Outcome {
    let (served, seen) = serve!(parameters_styles);
    for form in ["x,y", "x%2Cy", "x%2cy"] {
        let path = "/list/.a/.a/;matrix=a/;matrices=a";
        reqwest::get(format!("{}{path}?form={form}&pipe=x|y&space=x+y", served.url)).await?;
        let seen = seen.take();
        for part in ["form", "pipe", "space"] {
            assert!(seen.contains(&format!(r#"{part}: Some(["x", "y"])"#)), "{seen}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn objects_round_trip_in_every_style() -> Outcome {
    let server = Server::start([]).await?;
    let client = |url: &str| styles::Client::builder().base_url(url).build();
    let colour = || styles::models::Colour::builder().r(1).g(2).name("a b").build();
    let send = async |client: styles::Client| -> Outcome {
        let c = colour;
        let request = client.get_objects(c()?, c()?, c()?, c()?, c()?, c()?).form(c()?);
        let request = request.forms(c()?).deep(c()?).x_colour(c()?).x_colours(c()?);
        let spaceless = styles::models::Colour::builder().r(1).build()?;
        let request = request.space(spaceless.clone()).pipe(spaceless);
        request.send().await?;
        Ok(())
    };
    send(client(&server.url)?).await?;
    let expected = "GET /object/R,1,G,2,name,a%20b/R=1,G=2,name=a%20b/.R,1,G,2,name,a%20b\
        /.R=1.G=2.name=a%20b/;matrix=R,1,G,2,name,a%20b/;R=1;G=2;name=a%20b\
        ?form=R,1,G,2,name,a%20b&R=1&G=2&name=a%20b&space=R%201&pipe=R%7C1\
        &deep%5BR%5D=1&deep%5BG%5D=2&deep%5Bname%5D=a%20b";
    assert_eq!(server.seen(), [expected]);
    let headers = ["x-colour: R,1,G,2,name,a b", "x-colours: R=1,G=2,name=a b"];
    assert_eq!(server.headers("x-"), headers);
    let (served, seen) = serve!(parameters_styles);
    send(client(&served.url)?).await?;
    let (whole, part) = (format!("{:?}", colour()?), "Colour { r: 1, g: None, name: None, ");
    let seen = seen.take();
    for name in ["simple", "simples", "label", "labels", "matrix", "matrices"] {
        assert!(seen.contains(&format!("{name}: {whole}")), "{name}: {seen}");
    }
    for name in ["form", "forms", "deep", "x_colour", "x_colours"] {
        assert!(seen.contains(&format!("{name}: Some({whole})")), "{name}: {seen}");
    }
    for name in ["space", "pipe"] {
        assert!(seen.contains(&format!("{name}: Some({part}")), "{name}: {seen}");
    }
    Ok(())
}

#[tokio::test]
async fn nested_objects_have_nested_brackets() -> Outcome {
    let filter = json!({
        "created": {"gte": 1, "lt": 2},
        "status": ["paid", "a&b"],
        "lines": [{"gte": 3}, {"gte": 4, "exact": true}],
        "all": [{"status": ["x"]}, {"created": {"gte": 5}}],
    });
    let filter: deep::models::Filter = serde_json::from_value(filter)?;
    let send = async |url: &str| -> Outcome {
        let client = deep::Client::builder().base_url(url).build()?;
        let request = client.list_charges().filter(filter.clone()).expand(["data.customer"]);
        request.metadata([("k".to_owned(), vec![1, 2])].into()).send().await?;
        Ok(())
    };
    let server = Server::start([]).await?;
    send(&server.url).await?;
    let seen = server.seen().join("").replace("%5B", "[").replace("%5D", "]");
    let expected = "GET /charges?filter[created][gte]=1&filter[created][lt]=2\
        &filter[status][]=paid&filter[status][]=a%26b\
        &filter[lines][0][gte]=3&filter[lines][1][gte]=4&filter[lines][1][exact]=true\
        &filter[all][0][status][]=x&filter[all][1][created][gte]=5\
        &expand[]=data.customer&metadata[k][]=1&metadata[k][]=2";
    assert_eq!(seen, expected);
    let (served, seen) = serve!(parameters_deep);
    send(&served.url).await?;
    let expected = format!(
        "ListCharges {{ filter: Some({filter:?}), expand: Some([\"data.customer\"]), \
        metadata: Some({{\"k\": [1, 2]}}) }}"
    );
    assert_eq!(seen.take(), expected);
    // The notation of other clients.
    let query = "filter[status]=paid&filter[status]=a%26b&expand[0]=data.customer";
    reqwest::get(format!("{}/charges?{query}", served.url)).await?;
    let request = seen.take();
    assert!(request.contains(r#"status: Some(["paid", "a&b"])"#), "{request}");
    assert!(request.contains(r#"expand: Some(["data.customer"])"#), "{request}");
    let rejected = reqwest::get(format!("{}/charges?filter[created]=1", served.url)).await?;
    assert_eq!(rejected.status(), 400);
    Ok(())
}

#[tokio::test]
async fn parameters_with_content_are_json() -> Outcome {
    let filter = || content::models::Where::builder().a(1).b(["x/y", "é"]).build();
    let send = async |url: &str| -> Outcome {
        let client = content::Client::builder().base_url(url).build()?;
        let request = client.search(filter()?).filter(filter()?).note("a b").debug(true).flag("");
        let request = request.x_context(serde_json::from_str(r#"{"k":[1]}"#)?);
        let request = request.any(serde_json::from_str("[null]")?).url("https://x.y/z?a=b&c#d");
        request.scopes(["read:a", "b,c"]).send().await?;
        Ok(())
    };
    let server = Server::start([]).await?;
    send(&server.url).await?;
    let expected = "GET /search/%7B%22a%22:1,%22b%22:%5B%22x%2Fy%22,%22%C3%A9%22%5D%7D\
        ?filter=%7B%22a%22%3A1%2C%22b%22%3A%5B%22x%2Fy%22%2C%22%C3%A9%22%5D%7D&note=a%20b\
        &any=%5Bnull%5D&url=https://x.y/z?a=b%26c%23d&scopes=read:a,b%2Cc&debug=true&flag=";
    assert_eq!(server.seen(), [expected]);
    assert_eq!(server.headers("x-context"), [r#"x-context: {"k":[1]}"#]);
    let (served, seen) = serve!(parameters_content);
    send(&served.url).await?;
    let seen = seen.take();
    let filter = format!("{:?}", filter()?);
    for part in [
        format!("where: {filter}, filter: Some({filter})"),
        r#"note: Some("a b")"#.to_owned(),
        r#"url: Some("https://x.y/z?a=b&c#d"), scopes: Some(["read:a", "b,c"])"#.to_owned(),
        r#"debug: Some(true), flag: Some("")"#.to_owned(),
    ] {
        assert!(seen.contains(&part), "{part} in {seen}");
    }
    let rejected =
        reqwest::get(format!("{}/search/x?filter=%7B", served.url)).await?.text().await?;
    for problem in ["where must be JSON", "filter must be JSON"] {
        assert!(rejected.contains(problem), "{rejected}");
    }
    Ok(())
}

#[tokio::test]
async fn cookie_parameters_and_credentials_in_cookies_are_sent_together() -> Outcome {
    let send = async |url: &str| -> Outcome {
        let client = cookie::Client::builder().base_url(url).session("key").build()?;
        let request = client.get_cookies("a; b=\"c\"").page(2).ids(["x,y", "z"]).tags(["t", "u"]);
        request.rest([("more", "é")]).send().await?;
        Ok(())
    };
    let server = Server::start([]).await?;
    send(&server.url).await?;
    let expected = "cookie: csrf-token=a%3B%20b=%22c%22; page=2; ids=x%2Cy,z; tags=t; tags=u; \
        more=%C3%A9; sid=key";
    assert_eq!(server.headers("cookie"), [expected]);
    let (served, seen) = serve!(parameters_cookie);
    send(&served.url).await?;
    let expected = r#"GetCookies { csrf_token: "a; b=\"c\"", page: Some(2), ids: Some(["x,y", "z"]), tags: Some(["t", "u"]), rest: Some({"more": "é"}) }"#;
    assert_eq!(seen.take(), expected);
    Ok(())
}

#[tokio::test]
async fn values_with_the_separator_of_a_segment_arrive() -> Outcome {
    let server = Server::start([]).await?;
    let (served, seen) = serve!(paths_unusual);
    for url in [&server.url, &served.url] {
        let client = unusual::Client::builder().base_url(url).build()?;
        let mut received = Vec::new();
        for [name, format, first, last] in [
            ["a", "tar.gz", "x-", "-y"],
            ["a.b", "c", "x", "y--z"],
            ["..a", "b", "-", "-"],
            ["a,b", "c", "1--2", "3"],
        ] {
            client.get_copies(name, format, first, last).send().await?;
            received.push((seen.take(), format!("{:?}", [name, format, first, last])));
        }
        if url == &served.url {
            for (received, sent) in received {
                let values: Vec<_> = received.split('"').skip(1).step_by(2).collect();
                assert_eq!(format!("{values:?}"), sent);
            }
        }
    }
    let expected = [
        // Unless it has to be encoded, the separator is sent as it is.
        "GET /copies/a.tar.gz/x%2D---y",
        "GET /copies/a%2Eb.c/x--y--z",
        "GET /copies/%2E%2Ea.b/----",
        "GET /copies/a,b.c/1%2D%2D2--3",
    ];
    assert_eq!(server.seen(), expected);
    Ok(())
}

#[tokio::test]
async fn unusual_paths_are_sent_and_routed() -> Outcome {
    let server = Server::start([]).await?;
    let (served, seen) = serve!(paths_unusual);
    for url in [&server.url, &served.url] {
        let client = unusual::Client::builder().base_url(url).build()?;
        let mut received = Vec::new();
        client.get_report(2024, 5, "csv").send().await?;
        received.push(seen.take());
        client.get_file("a/b c/../d").send().await.expect_err("it would leave the folder");
        client.get_file("a/b c/d").send().await?;
        received.push(seen.take());
        client.get_meta("a/b").send().await?;
        received.push(seen.take());
        client.get_user(7).verbose(true).page(2).send().await?;
        received.push(seen.take());
        client.send_message("hi").send().await?;
        received.push(seen.take());
        client.purge_queue().send().await?;
        received.push(seen.take());
        client.search_names("a&b").send().await?;
        received.push(seen.take());
        client.search_ids(vec![1, 2], 0).send().await?;
        received.push(seen.take());
        client.put_acl("b").send().await?;
        received.push(seen.take());
        if url == &served.url {
            let expected = [
                r#"GetReport { year: 2024, month: 5, format: "csv" }"#,
                r#"GetFile { path: "a/b c/d" }"#,
                r#"GetMeta { path: "a/b" }"#,
                "GetUser { id: 7, verbose: Some(true), page: Some(2) }",
                r#"SendMessage { text: "hi" }"#,
                "PurgeQueue",
                r#"SearchNames { q: "a&b" }"#,
                "SearchIds { list: [1, 2], most: None, from: 0 }",
                r#"PutAcl { bucket: "b" }"#,
            ];
            assert_eq!(received, expected);
        }
    }
    let expected = [
        "GET /reports/2024-5.csv",
        "GET /files/a/b%20c/d",
        "GET /files/a/b/meta",
        "GET /users/7?verbose=true&page=2",
        "POST /queue?action=send&text=hi",
        "POST /queue?action=purge&all",
        "GET /search?kind=name&q=a%26b",
        "GET /search?kind=name&ids=1,2&from=0",
        "PUT /b",
    ];
    assert_eq!(server.seen(), expected);
    let wrong = reqwest::Client::new().post(format!("{}/queue?action=stop", served.url));
    // A bucket has this path, but it does not accept POST.
    assert_eq!(wrong.send().await?.status(), 405);
    let incomplete = reqwest::Client::new().get(format!("{}/search?kind=name", served.url));
    let incomplete = incomplete.send().await?;
    assert_eq!(incomplete.status(), 400);
    assert!(incomplete.text().await?.contains("ids is required"));
    Ok(())
}

#[tokio::test]
async fn paths_with_undeclared_parameters_are_filled_in() -> Outcome {
    let server = Server::start([]).await?;
    let client = mismatched::Client::builder().base_url(&server.url).build()?;
    client.get_missing("1", "2").id("3").send().await?;
    client.get_misspelt(4).send().await?;
    client.get_superfluous().send().await?;
    client.get_slashless("5").send().await?;
    client.get_numbers("6").send().await?;
    let expected = [
        "GET /missing/1/2?id=3",
        "GET /misspelt/4",
        "GET /superfluous",
        "GET /slashless/5",
        "GET /numbers?most=6",
    ];
    assert_eq!(server.seen(), expected);
    Ok(())
}
