//! Numbers, ranges, units, tags and arrays.

use super::corpus::{NONE, table};

#[tokio::test]
async fn numbers_are_compared() {
    table(&[
        ("@size:>5", &["two"]),
        ("@size:>=5", &["one", "two"]),
        ("@size:<5", &["four"]),
        ("@size:<=5", &["one", "four"]),
        ("@size:>-5", &["one", "two"]),
        ("@size:<-4.5", &["four"]),
        ("@ratio:<1", &["one"]),
        // Numerically, not digit by digit.
        ("@size:>6 @size:<51", &["two"]),
        ("@ci.job.id:>1", NONE),
    ])
    .await;
}

#[tokio::test]
async fn range_bounds_are_inclusive_exclusive_or_open() {
    table(&[
        ("@size:[5 TO 50]", &["one", "two"]),
        ("@size:{5 TO 50}", NONE),
        ("@size:{4 TO 51}", &["one", "two"]),
        ("@size:[5 TO 50}", &["one"]),
        ("@size:{5 TO 50]", &["two"]),
        ("@size:[5 TO *]", &["one", "two"]),
        ("@size:[* TO 5]", &["one", "four"]),
        ("@size:{* TO 5}", &["four"]),
        ("@size:[* TO *]", &["one", "two", "four"]),
        ("@size:[6 TO 4]", NONE),
        ("@size:[-5 TO 5]", &["one", "four"]),
        // Strings are compared byte by byte.
        ("@ci.job.name:[a TO d]", &["one", "five"]),
        ("@ci.job.name:[A TO d]", &["one", "two", "five"]),
        ("@ci.job.name:[1 TO 9]", NONE),
    ])
    .await;
}

#[tokio::test]
async fn measures_of_time_have_units() {
    table(&[
        ("@duration:>=7days", &["four"]),
        ("@duration:>=9days", NONE),
        ("@duration:>2ms", &["one", "two", "four", "five"]),
        ("@duration:60s", &["one", "five"]),
        ("@duration:1m", &["one", "five"]),
        ("@duration:1min", &["one", "five"]),
        ("@duration:<1m", &["two"]),
        ("@duration:[20s TO 1m}", &["two"]),
        ("@duration:8d", &["four"]),
        ("@duration:192h", &["four"]),
        ("@duration:20000000us", &["two"]),
        ("@duration:20000000000ns", &["two"]),
        ("@ci.queue_time:2ms", &["one"]),
        ("@ci.queue_time:>2ms", NONE),
    ])
    .await;
}

#[tokio::test]
async fn tags_and_reserved_names_are_searched_without_at() {
    table(&[
        ("team:docs", &["one"]),
        ("team:ops", &["two"]),
        ("team:Ops", NONE),
        ("note:\"a b\"", &["two"]),
        ("env:test", &["one"]),
        ("env:prod", &["two"]),
        ("service:ci-1", &["one"]),
        ("service:(ci-1 OR ci-2)", &["one", "two"]),
        ("ci_level:pipeline", &["four"]),
        ("ci_level:step", &["five"]),
        // Attributes are not tags.
        ("ci.status:error", NONE),
        ("@ci_level:step", NONE),
        ("@service:ci-1", NONE),
        ("@env:test", &["one"]),
        ("@team:docs", &["one"]),
    ])
    .await;
}

#[tokio::test]
async fn an_array_matches_if_any_element_does() {
    table(&[
        ("@ci.node.labels:linux", &["one"]),
        ("@ci.node.labels:large", &["one", "two"]),
        ("@ci.node.labels:l*", &["one", "two"]),
        ("@ci.node.labels:small", NONE),
        ("-@ci.node.labels:linux", &["two", "three", "four", "five"]),
        ("team:web", &["one"]),
        // No single element matches both.
        ("@ci.node.labels:\"linux large\"", NONE),
    ])
    .await;
}
