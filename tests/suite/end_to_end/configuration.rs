//! The address and the credentials of a client, from the environment or from its builder. Each test
//! has an environment of its own, because all tests share that of the process.

use datadog_ci_pipelines::{Client, ClientBuilder, Error};

use crate::end_to_end::support::server::{API_KEY, APP_KEY, ScriptedResponse, Server};
use crate::end_to_end::support::{Outcome, config_problems, job};

const SITES: [&str; 9] = [
    "datadoghq.com",
    "us3.datadoghq.com",
    "us5.datadoghq.com",
    "ap1.datadoghq.com",
    "ap2.datadoghq.com",
    "datadoghq.eu",
    "ddog-gov.com",
    "uk1.datadoghq.com",
    "us2.ddog-gov.com",
];

/// Returns a builder with this environment.
fn environment(variables: &[(&str, &str)]) -> ClientBuilder {
    Client::builder().env_from(|name| {
        let mut all = variables.iter();
        let found = all.find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

/// Returns the base URL of a client.
fn address(client: &Client) -> Result<String, String> {
    let shown = format!("{client:?}");
    let from = shown.split_once("base_url: \"").map(|(_, rest)| rest);
    let address = from.and_then(|rest| rest.split_once('"'));
    address.map(|(address, _)| address.to_owned()).ok_or(format!("no address is shown: {shown}"))
}

#[test]
fn requests_go_to_the_api_host_of_the_site() -> Outcome {
    for site in SITES {
        let expected = format!("https://api.{site}/");
        let client = environment(&[("DD_SITE", site)]).build()?;
        assert_eq!(address(&client)?, expected);
        let client = Client::builder().site(site).build()?;
        assert_eq!(address(&client)?, expected);
    }
    Ok(())
}

#[test]
fn the_first_site_is_the_default() -> Outcome {
    let client = environment(&[]).build()?;
    assert_eq!(address(&client)?, "https://api.datadoghq.com/");
    Ok(())
}

#[test]
fn the_error_for_an_unknown_site_lists_the_known_sites() -> Outcome {
    let problems = config_problems(environment(&[("DD_SITE", "datadoghq.fr")]).build())?;
    let [problem] = problems.as_slice() else {
        return Err(format!("{problems:?}").into());
    };
    for part in ["datadoghq.fr", "DD_SITE", "DD_URL"].iter().chain(&SITES) {
        assert!(problem.contains(part), "{problem}");
    }
    let problems = config_problems(Client::builder().site("datadoghq.fr").build())?;
    assert!(!problems[0].contains("DD_SITE"), "{problems:?}");
    Ok(())
}

#[test]
fn the_error_for_an_unknown_site_has_advice() -> Outcome {
    for (site, advice) in [
        (
            "us9.datadoghq.com",
            "If it exists, set DD_URL, or call `.base_url(…)`, to use it all the same: `https://api.us9.datadoghq.com`",
        ),
        ("app.datadoghq.eu", "Did you mean `datadoghq.eu`?"),
        ("https://us3.datadoghq.com/", "Did you mean `us3.datadoghq.com`?"),
        ("API.us5.Datadoghq.com", "Did you mean `us5.datadoghq.com`?"),
        ("eu", "For another address, set DD_URL"),
        ("no-host .com", "For another address, set DD_URL"),
        ("xdatadoghq.com", "`https://api.xdatadoghq.com`"),
    ] {
        let problems = config_problems(environment(&[("DD_SITE", site)]).build())?;
        assert!(problems[0].contains(advice), "{site}: {problems:?}");
        let is_suggested = problems[0].contains("Did you mean");
        assert_eq!(is_suggested, advice.contains("Did you mean"), "{problems:?}");
        let has_address = problems[0].contains(&format!("`https://api.{site}`"));
        assert_eq!(has_address, !site.contains([' ', '/']) && site.contains('.'), "{problems:?}");
    }
    // The address of the advice works.
    let client = environment(&[("DD_SITE", "x"), ("DD_URL", "https://api.us9.datadoghq.com")]);
    assert_eq!(address(&client.build()?)?, "https://api.us9.datadoghq.com/");
    Ok(())
}

#[test]
fn a_base_url_takes_precedence_over_a_site() -> Outcome {
    for site in ["datadoghq.eu", "no-site-at-all"] {
        let variables = [("DD_SITE", site), ("DD_URL", "http://127.0.0.1:8126")];
        let client = environment(&variables).build()?;
        assert_eq!(address(&client)?, "http://127.0.0.1:8126/");
    }
    Ok(())
}

#[test]
fn the_last_setting_is_used() -> Outcome {
    let variables = [("DD_SITE", "datadoghq.eu")];
    let client = environment(&variables).site("us3.datadoghq.com").build()?;
    assert_eq!(address(&client)?, "https://api.us3.datadoghq.com/");
    let client =
        environment(&[("DD_URL", "http://127.0.0.1:1")]).base_url("http://127.0.0.1:2").build()?;
    assert_eq!(address(&client)?, "http://127.0.0.1:2/");
    Ok(())
}

#[test]
fn invalid_base_urls_are_rejected_with_a_reason() -> Outcome {
    for (url, reason) in [
        ("intake.example", "`https://` or `http://`"),
        ("localhost:8126", "`https://` or `http://`"),
        ("ftp://intake.example", "`https://` or `http://`"),
        ("http://", "host"),
        ("http://intake.example?x=1", "`?`"),
        ("http://intake.example#top", "`#`"),
        ("http://user@intake.example", "user name or password"),
        ("http://user:password@intake.example", "user name or password"),
    ] {
        let problems = config_problems(environment(&[("DD_URL", url)]).build())?;
        let [problem] = problems.as_slice() else {
            return Err(format!("{url}: {problems:?}").into());
        };
        assert!(problem.contains("DD_URL"), "{problem}");
        assert!(problem.contains(reason), "{url}: {problem}");
    }
    Ok(())
}

#[test]
fn a_password_in_an_address_is_not_shown() -> Outcome {
    let builder = environment(&[("DD_URL", "https://ci:hunter2@intake.example/x")]);
    let shown = format!("{builder:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    let problems = config_problems(builder.build())?;
    assert!(!problems[0].contains("hunter2"), "{problems:?}");
    Ok(())
}

#[tokio::test]
async fn the_path_of_the_base_url_is_a_prefix() -> Outcome {
    for path in ["/proxy/ci%20api", "/proxy/ci%20api/"] {
        let server = Server::responding([ScriptedResponse::accepted()]).await?;
        let url = format!("{}{path}", server.url());
        let variables = [("DD_URL", url.as_str()), ("DD_API_KEY", API_KEY)];
        environment(&variables).build()?.send(job("j-1")?).await?;
        assert_eq!(server.requests()[0].path, "/proxy/ci%20api/api/v2/ci/pipeline");
    }
    Ok(())
}

#[tokio::test]
async fn credentials_are_read_from_the_environment() -> Outcome {
    let server =
        Server::responding([ScriptedResponse::json(200, "{}"), ScriptedResponse::json(200, "{}")])
            .await?;
    let variables = [("DD_URL", server.url()), ("DD_API_KEY", API_KEY), ("DD_APP_KEY", APP_KEY)];
    let builder = environment(&variables);
    builder.clone().build()?.list_pipeline_events().send().await?;
    // A credential that is set later replaces it.
    let client = builder.app_key("another-key").build()?;
    client.list_pipeline_events().send().await?;
    let requests = server.requests();
    let keys: Vec<_> =
        requests.iter().map(|r| (r.header("dd-api-key"), r.header("dd-application-key"))).collect();
    let expected = [(Some(API_KEY), Some(APP_KEY)), (Some(API_KEY), Some("another-key"))];
    assert_eq!(keys, expected);
    Ok(())
}

#[tokio::test]
async fn empty_variables_are_ignored() -> Outcome {
    let empty = ["DD_API_KEY", "DD_APP_KEY", "DD_SITE", "DD_URL"].map(|name| (name, ""));
    let client = environment(&empty).build()?;
    assert_eq!(address(&client)?, "https://api.datadoghq.com/");
    let problems = config_problems(client.send(job("j-1")?).await)?;
    assert!(problems[0].contains("DD_API_KEY"), "{problems:?}");
    Ok(())
}

#[test]
fn an_empty_credential_is_rejected() -> Outcome {
    for key in ["", "  "] {
        let problems = config_problems(Client::builder().api_key(key).build())?;
        assert!(problems[0].contains("empty"), "{problems:?}");
    }
    Ok(())
}

#[test]
fn all_problems_are_reported_at_once() -> Outcome {
    let variables = [("DD_API_KEY", "abc\n"), ("DD_APP_KEY", "def\n"), ("DD_SITE", "nowhere")];
    let result = environment(&variables).build();
    let message = result.as_ref().err().map(Error::to_string);
    let problems = config_problems(result)?;
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert_eq!(message, Some(problems.join("; ")));
    Ok(())
}
