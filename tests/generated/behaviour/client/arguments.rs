//! Arguments that are lists.

use generated_fixtures::arguments_lists::models::{Colour, Label, Point, Shape};
use generated_fixtures::arguments_lists::{Client, models::PostListsKindsItem};
use serde_json::json;

use crate::support::json::written;
use crate::support::recording::Server;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn point(x: i64) -> Result<Point, Box<dyn std::error::Error>> {
    Ok(Point::builder().x(x).build()?)
}

#[tokio::test]
async fn lists_are_made_of_any_iterator() -> Outcome {
    let server = Server::start([]).await?;
    let client = Client::builder().base_url(&server.url).build()?;
    let request = client.post_lists(1..=3, ["a", "b"], ["red", "green"], [point(1)?, point(2)?]);
    let days = ["2026-01-02".parse::<specwright_runtime::Date>()?];
    let request = request.days(days).sizes([1, 2]).flags(vec![true, false]);
    request.kinds([PostListsKindsItem::AB, "c,d".into()]).send().await?;
    // A single value is an iterator, too.
    let names = ["x".to_owned()];
    client.post_lists(Some(7), names.iter(), [Colour::Green], Vec::new()).send().await?;
    let expected = [
        "POST /lists/1,2,3?names=a&names=b&colours=red&colours=green&days=2026-01-02\
        &sizes=1&sizes=2&flags=true,false&kinds=a%20b,c%2Cd [{\"x\":1},{\"x\":2}]",
        "POST /lists/7?names=x&colours=green []",
    ];
    assert_eq!(server.seen(), expected);
    Ok(())
}

#[test]
fn builders_accept_the_same_lists() -> Outcome {
    let shape = Shape::builder()
        .points([point(1)?])
        .labels([Label::from("a".to_owned()), Label::from(2)])
        .colours(["red"])
        .rows([["a", "b"], ["c", "d"]])
        .grid([1, 2].map(|x| Point::builder().x(x).build()).into_iter().map(|point| point.ok()))
        .gaps([Some(1), None])
        .sizes([1.5])
        .build()?;
    let expected = json!({
        "points": [{"x": 1}],
        "labels": ["a", 2],
        "colours": ["red"],
        "rows": [["a", "b"], ["c", "d"]],
        "grid": [[{"x": 1}], [{"x": 2}]],
        "gaps": [1, null],
        "sizes": [1.5],
    });
    assert_eq!(written(&shape), expected);
    Ok(())
}
