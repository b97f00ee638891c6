//! The table of styles in the OpenAPI specification, cell by cell, and unspecified cases.

use std::collections::BTreeMap;

use serde_json::json;

use super::*;
fn query(style: Style, value: &impl Serialize) -> String {
    super::query("color", style, value).expect("a parameter").join("&")
}

fn path(style: Style, value: &impl Serialize) -> String {
    super::path("color", style, value).expect("a parameter")
}

fn header(style: Style, value: &impl Serialize) -> String {
    super::header("color", style, value).expect("a parameter")
}

fn cookies(style: Style, value: &impl Serialize) -> String {
    super::cookie("color", style, value).expect("a parameter").join("; ")
}

/// The examples of the specification: an empty string, a string, a list, an object.
fn examples() -> (&'static str, &'static str, [&'static str; 3], BTreeMap<&'static str, u8>) {
    let object = BTreeMap::from([("R", 100), ("G", 200), ("B", 150)]);
    ("", "blue", ["blue", "black", "brown"], object)
}

fn cells(style: Style, write: fn(Style, &serde_json::Value) -> String) -> [String; 4] {
    let (empty, one, list, object) = examples();
    [json!(empty), json!(one), json!(list), json!(object)].map(|value| write(style, &value))
}

#[test]
fn path_styles_match_the_specification() {
    let cells = |style| {
        let (_, one, list, object) = examples();
        [path(style, &one), path(style, &list), path(style, &object)]
    };
    assert_eq!(cells(Style::Simple), ["blue", "blue,black,brown", "B,150,G,200,R,100"]);
    assert_eq!(cells(Style::SimpleExploded), ["blue", "blue,black,brown", "B=150,G=200,R=100"]);
    assert_eq!(cells(Style::Label), [".blue", ".blue,black,brown", ".B,150,G,200,R,100"]);
    assert_eq!(cells(Style::LabelExploded), [".blue", ".blue.black.brown", ".B=150.G=200.R=100"]);
    assert_eq!(
        cells(Style::Matrix),
        [";color=blue", ";color=blue,black,brown", ";color=B,150,G,200,R,100"]
    );
    assert_eq!(
        cells(Style::MatrixExploded),
        [";color=blue", ";color=blue;color=black;color=brown", ";B=150;G=200;R=100"]
    );
    assert_eq!([Style::Matrix, Style::MatrixExploded].map(|style| path(style, &"")), [";color"; 2]);
}

#[test]
fn query_styles_match_the_specification() {
    let cells = |style| cells(style, query);
    assert_eq!(
        cells(Style::Form),
        ["color=", "color=blue", "color=blue,black,brown", "color=B,150,G,200,R,100"]
    );
    assert_eq!(
        cells(Style::FormExploded),
        ["color=", "color=blue", "color=blue&color=black&color=brown", "B=150&G=200&R=100"]
    );
    assert_eq!(
        cells(Style::SpaceDelimited)[2..],
        ["color=blue%20black%20brown", "color=B%20150%20G%20200%20R%20100"]
    );
    assert_eq!(
        cells(Style::PipeDelimited)[2..],
        ["color=blue%7Cblack%7Cbrown", "color=B%7C150%7CG%7C200%7CR%7C100"]
    );
    assert_eq!(cells(Style::DeepObject)[3], "color%5BB%5D=150&color%5BG%5D=200&color%5BR%5D=100");
}

#[test]
fn header_and_cookie_styles_match_the_specification() {
    let (_, one, list, object) = examples();
    assert_eq!(header(Style::Simple, &one), "blue");
    assert_eq!(header(Style::Simple, &list), "blue,black,brown");
    assert_eq!(header(Style::Simple, &object), "B,150,G,200,R,100");
    assert_eq!(header(Style::SimpleExploded, &object), "B=150,G=200,R=100");
    assert_eq!(cookies(Style::Form, &one), "color=blue");
    assert_eq!(cookies(Style::Form, &list), "color=blue,black,brown");
    assert_eq!(cookies(Style::Form, &object), "color=B,150,G,200,R,100");
    assert_eq!(cookies(Style::FormExploded, &list), "color=blue; color=black; color=brown");
    assert_eq!(cookies(Style::FormExploded, &object), "B=150; G=200; R=100");
    assert_eq!(cookies(Style::FormExploded, &"a; b=\"é\""), "color=a%3B%20b=%22%C3%A9%22");
}

#[test]
fn separators_are_encoded_inside_of_items() {
    assert_eq!(path(Style::Simple, &["a,b", "c/d"]), "a%2Cb,c%2Fd");
    assert_eq!(path(Style::LabelExploded, &["a.b", "c"]), ".a%2Eb.c");
    assert_eq!(path(Style::Matrix, &"a;b=c"), ";color=a%3Bb%3Dc");
    assert_eq!(query(Style::Form, &["a,b", "c&d"]), "color=a%2Cb,c%26d");
    assert_eq!(
        query(Style::FormExploded, &["a,b", "é ü+"]),
        "color=a%2Cb&color=%C3%A9%20%C3%BC%2B"
    );
}

#[test]
fn delimiters_that_are_usually_encoded_differ_from_those_inside_of_items() {
    assert_eq!(query(Style::SpaceDelimited, &["a b", "c+d"]), "color=a%20b+c%2Bd");
    assert_eq!(query(Style::PipeDelimited, &["a|b", "c"]), "color=a%7Cb|c");
    // It could not be distinguished from two values.
    for (style, one) in [(Style::SpaceDelimited, "a b"), (Style::PipeDelimited, "a|b")] {
        let error = super::query("color", style, &[one]).expect_err("one value");
        assert_eq!(error.violations()[0].pointer, "/color");
        assert!(super::query("color", style, &[one.replace([' ', '|'], "-")]).is_ok());
    }
    assert_eq!(query(Style::Form, &["a,b"]), "color=a%2Cb");
}

#[test]
fn headers_cannot_contain_their_separators() {
    let map = |k, v| BTreeMap::from([(k, v)]);
    assert!(super::header("color", Style::Simple, &["a,b"]).is_err());
    assert!(super::header("color", Style::Simple, &map("a", "b,c")).is_err());
    assert!(super::header("color", Style::SimpleExploded, &map("a=b", "c")).is_err());
    assert_eq!(header(Style::SimpleExploded, &map("a", "b=c")), "a=b=c");
    assert_eq!(header(Style::Simple, &"a,b"), "a,b");
}

#[test]
fn nested_values_are_encoded_with_brackets() {
    let deep = |value| {
        let string = query(Style::DeepObject, &value);
        string.replace("%5B", "[").replace("%5D", "]")
    };
    assert_eq!(deep(json!({"b": {"c": 1, "d": null}})), "color[b][c]=1&color[b][d]=");
    assert_eq!(deep(json!({"b": ["x", "y"]})), "color[b][]=x&color[b][]=y");
    assert_eq!(deep(json!([1, true])), "color[]=1&color[]=true");
    assert_eq!(deep(json!({"b": [{"k": 1}, {"k": [2]}]})), "color[b][0][k]=1&color[b][1][k][]=2");
    assert_eq!(deep(json!({"b": [], "c": {}})), "");
    assert_eq!(deep(json!("plain")), "color=plain");
}

#[test]
fn json_is_a_style_of_every_location() {
    let value = json!({"a": [1, "é"]});
    assert_eq!(query(Style::Json, &value), "color=%7B%22a%22%3A%5B1%2C%22%C3%A9%22%5D%7D");
    assert_eq!(query(Style::Json, &"x"), "color=%22x%22");
    assert_eq!(path(Style::Json, &1), "1");
    assert_eq!(header(Style::Json, &value), r#"{"a":[1,"é"]}"#);
    assert_eq!(cookies(Style::Json, &json!([1, 2])), "color=[1%2C2]");
}

#[test]
fn allowed_reserved_characters_are_not_encoded() {
    let value = "a/b?c=d&e#f[g]:h,i+j%20";
    let reserved = query_reserved("q", Style::FormExploded, &value);
    assert_eq!(reserved.expect("a parameter"), ["q=a/b?c=d%26e%23f[g]:h,i%2Bj%2520"]);
    let items = query_reserved("q", Style::Form, &["a,b", "c:d"]);
    assert_eq!(items.expect("a parameter"), ["q=a%2Cb,c:d"]);
}

#[test]
fn path_parameters_cannot_change_the_path() {
    assert_eq!(path(Style::Simple, &"x/../y é"), "x%2F..%2Fy%20%C3%A9");
    assert_eq!(path(Style::Segments, &"docs/a b/c.txt"), "docs/a%20b/c.txt");
    for (style, bad) in [
        (Style::Simple, ""),
        (Style::Simple, "."),
        (Style::Simple, ".."),
        (Style::Label, ""),
        (Style::Label, "."),
        (Style::Segments, "a/../b"),
        (Style::Segments, "./b"),
    ] {
        assert!(super::path("color", style, &bad).is_err(), "{style:?} {bad}");
    }
}
