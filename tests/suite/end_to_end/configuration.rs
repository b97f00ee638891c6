//! Where a client sends and with which keys, by an environment or by hand. The environment is
//! a table of the test's own: that of the process belongs to all tests.

use datadog_ci_pipelines::{Client, ClientBuilder, Error};

use super::server::{API_KEY, APP_KEY, Answer, Server};
use super::{Outcome, config_problems, job};

const SITES: [&str; 7] = [
    "datadoghq.com",
    "us3.datadoghq.com",
    "us5.datadoghq.com",
    "ap1.datadoghq.com",
    "ap2.datadoghq.com",
    "datadoghq.eu",
    "ddog-gov.com",
];

/// A builder that sees this environment and nothing else.
fn environment(variables: &[(&str, &str)]) -> ClientBuilder {
    Client::builder().env_from(|name| {
        let mut all = variables.iter();
        let found = all.find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

/// Where a client sends.
fn address(client: &Client) -> Result<String, String> {
    let shown = format!("{client:?}");
    let from = shown.split_once("base_url: \"").map(|(_, rest)| rest);
    let address = from.and_then(|rest| rest.split_once('"'));
    address.map(|(address, _)| address.to_owned()).ok_or(format!("no address is shown: {shown}"))
}

#[test]
fn every_known_site_is_sent_to_by_its_api_host() -> Outcome {
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
fn without_a_site_the_first_is_taken() -> Outcome {
    let client = environment(&[]).build()?;
    assert_eq!(address(&client)?, "https://api.datadoghq.com/");
    Ok(())
}

#[test]
fn a_site_that_is_not_known_is_an_error_that_lists_those_that_are() -> Outcome {
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
fn a_whole_address_wins_over_a_site() -> Outcome {
    for site in ["datadoghq.eu", "no-site-at-all"] {
        let variables = [("DD_SITE", site), ("DD_URL", "http://127.0.0.1:8126")];
        let client = environment(&variables).build()?;
        assert_eq!(address(&client)?, "http://127.0.0.1:8126/");
    }
    Ok(())
}

#[test]
fn what_is_given_last_is_taken() -> Outcome {
    let variables = [("DD_SITE", "datadoghq.eu")];
    let client = environment(&variables).site("us3.datadoghq.com").build()?;
    assert_eq!(address(&client)?, "https://api.us3.datadoghq.com/");
    let client =
        environment(&[("DD_URL", "http://127.0.0.1:1")]).base_url("http://127.0.0.1:2").build()?;
    assert_eq!(address(&client)?, "http://127.0.0.1:2/");
    Ok(())
}

#[test]
fn an_address_that_cannot_be_sent_to_is_refused_with_its_reason() -> Outcome {
    for (url, reason) in [
        ("intake.example", "`https://` or `http://`"),
        ("localhost:8126", "`https://` or `http://`"),
        ("ftp://intake.example", "`https://` or `http://`"),
        ("http://", "host"),
        ("http://intake.example?x=1", "`?`"),
        ("http://intake.example#top", "`#`"),
        ("http://user@intake.example", "user or password"),
        ("http://user:password@intake.example", "user or password"),
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
async fn a_path_in_the_address_is_kept_in_front() -> Outcome {
    for path in ["/proxy/ci%20api", "/proxy/ci%20api/"] {
        let server = Server::answers([Answer::accepted()]).await?;
        let url = format!("{}{path}", server.url());
        let variables = [("DD_URL", url.as_str()), ("DD_API_KEY", API_KEY)];
        environment(&variables).build()?.send(job("j-1")?).await?;
        assert_eq!(server.asked()[0].path, "/proxy/ci%20api/api/v2/ci/pipeline");
    }
    Ok(())
}

#[tokio::test]
async fn keys_come_from_the_environment() -> Outcome {
    let server = Server::answers([Answer::json(200, "{}"), Answer::json(200, "{}")]).await?;
    let variables = [("DD_URL", server.url()), ("DD_API_KEY", API_KEY), ("DD_APP_KEY", APP_KEY)];
    let builder = environment(&variables);
    builder.clone().build()?.list_pipeline_events().send().await?;
    // A key that is given by hand afterwards replaces it.
    let client = builder.app_key("another-key").build()?;
    client.list_pipeline_events().send().await?;
    let asked = server.asked();
    let keys: Vec<_> =
        asked.iter().map(|r| (r.header("dd-api-key"), r.header("dd-application-key"))).collect();
    let expected = [(Some(API_KEY), Some(APP_KEY)), (Some(API_KEY), Some("another-key"))];
    assert_eq!(keys, expected);
    Ok(())
}

#[tokio::test]
async fn a_variable_that_is_empty_counts_as_not_set() -> Outcome {
    let empty = ["DD_API_KEY", "DD_APP_KEY", "DD_SITE", "DD_URL"].map(|name| (name, ""));
    let client = environment(&empty).build()?;
    assert_eq!(address(&client)?, "https://api.datadoghq.com/");
    let problems = config_problems(client.send(job("j-1")?).await)?;
    assert!(problems[0].contains("DD_API_KEY"), "{problems:?}");
    Ok(())
}

#[test]
fn a_key_that_is_given_empty_by_hand_is_refused() -> Outcome {
    for key in ["", "  "] {
        let problems = config_problems(Client::builder().api_key(key).build())?;
        assert!(problems[0].contains("empty"), "{problems:?}");
    }
    Ok(())
}

#[test]
fn everything_that_is_wrong_is_reported_at_once() -> Outcome {
    let variables = [("DD_API_KEY", "abc\n"), ("DD_APP_KEY", "def\n"), ("DD_SITE", "nowhere")];
    let result = environment(&variables).build();
    let message = result.as_ref().err().map(Error::to_string);
    let problems = config_problems(result)?;
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert_eq!(message, Some(problems.join("; ")));
    Ok(())
}
