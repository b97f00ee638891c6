//! Clauses, operators, phrases, wildcards and escapes.

use serde_json::{Value, json};

use super::corpus::{ALL, NONE, corpus, table};
use crate::support::{AGGREGATE, LIST, SEARCH, Server, job};

#[tokio::test]
async fn and_or_and_negation() {
    table(&[
        ("ci_level:job AND @ci.status:error", &["two"]),
        ("ci_level:job OR @ci.status:error", &["one", "two", "three", "five"]),
        ("ci_level:job AND -@ci.status:error", &["one", "three"]),
        ("ci_level:job AND NOT @ci.status:error", &["one", "three"]),
        ("ci_level:step AND ci_level:job", NONE),
        ("ci_level:step OR ci_level:pipeline", &["four", "five"]),
        ("-ci_level:job", &["four", "five"]),
        ("NOT ci_level:job", &["four", "five"]),
        ("NOT NOT ci_level:step", &["five"]),
        ("- -ci_level:step", &["five"]),
    ])
    .await;
}

#[tokio::test]
async fn operators_are_case_sensitive() {
    table(&[
        // In lowercase they are words, which no event contains.
        ("ci_level:job and @ci.status:error", NONE),
        ("ci_level:job or @ci.status:error", NONE),
        ("not ci_level:job", NONE),
        ("ci_level:job And @ci.status:error", NONE),
        ("all of", &["one"]),
    ])
    .await;
}

#[tokio::test]
async fn juxtaposition_is_and() {
    table(&[
        ("ci_level:job @ci.status:error", &["two"]),
        ("ci_level:job @ci.status:error env:test", NONE),
        ("  ci_level:job   env:test  ", &["one"]),
        ("(ci_level:job)(env:test)", &["one"]),
    ])
    .await;
}

#[tokio::test]
async fn and_binds_tighter_than_or() {
    table(&[
        ("ci_level:step OR ci_level:job env:test", &["one", "five"]),
        ("env:test ci_level:job OR ci_level:step", &["one", "five"]),
        ("ci_level:step OR ci_level:job AND env:test", &["one", "five"]),
        ("(ci_level:step OR ci_level:job) AND env:test", &["one"]),
        ("env:test OR env:prod @ci.status:success", &["one"]),
    ])
    .await;
}

#[tokio::test]
async fn a_negation_covers_the_next_clause_only() {
    table(&[
        ("-ci_level:job @ci.status:error", &["five"]),
        ("NOT ci_level:job @ci.status:error", &["five"]),
        ("-ci_level:job OR env:test", &["one", "four", "five"]),
        ("-(ci_level:job @ci.status:error)", &["one", "three", "four", "five"]),
        ("NOT (ci_level:job OR ci_level:step)", &["four"]),
    ])
    .await;
}

#[tokio::test]
async fn values_of_attributes_are_case_sensitive() {
    table(&[
        ("@ci.job.id:two", &["two"]),
        ("@ci.job.id:Two", NONE),
        ("@ci.job.name:\"Check Spelling\"", &["two"]),
        ("@ci.job.name:\"check spelling\"", NONE),
        // The whole value must match, not a word of it.
        ("@ci.job.name:Check", NONE),
        ("@ci.Job.id:two", NONE),
        ("@ci.is_manual:true", &["four"]),
        ("@size:5", &["one"]),
        ("@size:5.0", &["one"]),
    ])
    .await;
}

#[tokio::test]
async fn terms_without_a_field_match_any_word_in_any_case() {
    table(&[
        ("fix", &["one"]),
        ("FIX", &["one"]),
        ("links", &["one", "two", "five"]),
        ("link", NONE),
        ("spelling", &["two"]),
        ("nightly", &["four"]),
        ("-links", &["three", "four"]),
        // Numbers are not strings.
        ("50", NONE),
    ])
    .await;
}

#[tokio::test]
async fn two_words_must_both_occur_in_any_order() {
    table(&[
        ("broken links", &["one", "two"]),
        ("links broken", &["one", "two"]),
        // They may occur in different strings.
        ("spelling broken", &["two"]),
        ("fix spelling", NONE),
    ])
    .await;
}

#[tokio::test]
async fn a_phrase_matches_consecutive_words() {
    table(&[
        ("\"broken links\"", &["one"]),
        ("\"links broken\"", NONE),
        ("\"Check Links\"", &["one", "five"]),
        ("\"links: 3 broken\"", &["two"]),
        ("\"AND\"", NONE),
    ])
    .await;
}

#[tokio::test]
async fn wildcards_are_inert_in_a_phrase() {
    table(&[
        ("@git.branch:\"feature/a*b\"", &["one"]),
        ("@git.branch:\"feature/*\"", NONE),
        ("@ci.pipeline.name:\"Docs: nightly?\"", &["four"]),
        ("@ci.job.name:\"check?links\"", NONE),
        ("\"link?\"", NONE),
    ])
    .await;
}

#[tokio::test]
async fn wildcards_match_any_characters_or_exactly_one() {
    table(&[
        ("@git.branch:feature/*", &["one"]),
        ("@git.branch:*a*b", &["one"]),
        ("@git.branch:*A*", NONE),
        ("@ci.job.name:check?links", &["one", "five"]),
        ("@ci.job.name:check??links", NONE),
        ("@ci.job.name:deploy*", &["three"]),
        ("@ci.job.name:deploy?", NONE),
        ("@ci.job.id:t*", &["two", "three"]),
        ("@ci.job.id:t?o", &["two"]),
        ("@ci.job.id:???", &["one", "two"]),
        ("link*", &["one", "two", "five"]),
        ("LIN?S", &["one", "two", "five"]),
        ("team:*s", &["one", "two"]),
        ("@size:5*", &["one", "two"]),
    ])
    .await;
}

#[tokio::test]
async fn existing_and_missing_attributes() {
    table(&[
        ("@error.message:*", &["two"]),
        ("-@error.message:*", &["one", "three", "four", "five"]),
        ("_exists_:@error.message", &["two"]),
        ("_missing_:@error.message", &["one", "three", "four", "five"]),
        ("_exists_:team", &["one", "two"]),
        ("_missing_:team", &["three", "four", "five"]),
        ("team:*", &["one", "two"]),
        // An attribute also exists if a nested one does.
        ("@error:*", &["two"]),
        ("@err:*", NONE),
        ("@duration:*", &["one", "two", "four", "five"]),
        ("@nothing:*", NONE),
    ])
    .await;
}

#[tokio::test]
async fn several_values_in_brackets() {
    table(&[
        ("@ci.job.id:(one OR two)", &["one", "two"]),
        ("@ci.job.id:(one OR t*)", &["one", "two", "three"]),
        ("@ci.job.name:(\"check links\" OR deploy)", &["one", "three"]),
        ("-@ci.status:(error OR running)", &["one", "four"]),
        ("team:(docs OR ops)", &["one", "two"]),
        ("team:(docs AND web)", &["one"]),
        ("team:(docs web)", &["one"]),
        ("@ci.node.labels:(large -linux)", &["two"]),
        ("@size:(5 OR -5)", &["one", "four"]),
    ])
    .await;
}

#[tokio::test]
async fn a_backslash_escapes_an_operator() {
    table(&[
        ("note:a\\ b", &["two"]),
        ("note:a b", NONE),
        ("odd:\\(x\\)", &["two"]),
        ("@ci.pipeline.name:Docs\\:\\ nightly\\?", &["four"]),
        ("@ci.pipeline.name:Docs\\:\\ nightly\\*", NONE),
        ("@git.branch:feature/a\\*b", &["one"]),
        ("@git.branch:feature/\\*", NONE),
        ("@ci.parameters:a\\:x\\\"y\\\\z", &["four"]),
        ("@ci.parameters:\"a:x\\\"y\\\\z\"", &["four"]),
        // Slashes need no escape.
        ("@git.repository_url:https\\://git.example/docs.git", &["one"]),
    ])
    .await;
}

#[tokio::test]
async fn every_character_of_the_syntax_can_be_escaped() {
    let server = Server::start().await;
    let operators = [
        " ", "=", "-", "!", "&&", "||", ">=", "<=", ">", "<", "(", ")", "{", "}", "[", "]", "\"",
        "*", "?", ":", "\\", "#",
    ];
    let jobs: Value = operators
        .iter()
        .enumerate()
        .map(|(i, operator)| job(&i.to_string(), json!({ "tags": [format!("k:{operator}x")] })))
        .collect();
    server.accept(&jobs).await;
    for (i, operator) in operators.iter().enumerate() {
        let escaped: String = operator.chars().map(|c| format!("\\{c}")).collect();
        for query in [format!("k:{escaped}x"), format!("@k:{escaped}x")] {
            assert_eq!(server.values(&query, "ci.job.id").await, [i.to_string()], "{query}");
        }
    }
}

#[tokio::test]
async fn a_star_or_an_empty_query_matches_everything() {
    table(&[
        ("*", ALL),
        ("*:*", ALL),
        ("", ALL),
        ("  ", ALL),
        ("-*", NONE),
        ("* env:test", &["one"]),
    ])
    .await;
    let server = corpus().await;
    for (path, body) in [(SEARCH, json!({})), (SEARCH, json!({ "filter": {} }))] {
        let page = server.post(path, &body).await.json();
        assert_eq!(page["data"].as_array().map(Vec::len), Some(5), "{body}");
    }
}

#[tokio::test]
async fn wildcards_in_names_are_rejected_with_their_position() {
    let server = corpus().await;
    for (query, expected) in [
        ("@ci.*:x", "at character 1: wildcards are only supported in values, not in names"),
        ("t?am:docs", "at character 1: wildcards are only supported in values, not in names"),
        ("(a OR", "at character 6: expected a clause after `OR`"),
        ("env:test )", "at character 10: unexpected `)`"),
        ("\"open", "at character 1: unclosed quote"),
        ("@x:[1 TO", "at character 9: expected a value"),
        ("@x:>many", "at character 5: expected a number after `>`, such as `5` or `2min`"),
    ] {
        let expected =
            format!("input_validation_error(Field 'filter.query' is invalid: {expected})");
        let filter = json!({ "filter": { "query": query } });
        for response in [
            server.get(LIST, &[("filter[query]", query)]).await,
            server.post(SEARCH, &filter).await,
            server.post(AGGREGATE, &filter).await,
        ] {
            assert_eq!(
                (response.status, response.errors()),
                (400, vec![expected.clone()]),
                "{query}"
            );
        }
    }
}
