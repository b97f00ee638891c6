//! How forms are written, byte by byte.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::body::Body;

fn form(value: &Value) -> Fields {
    Fields::of(value).expect("a form")
}

fn part(name: &'static str, style: Style) -> Part {
    Part { name, style: Some(style), ..Part::USUAL }
}

/// An object in the order of its entries.
struct Ordered(Vec<(&'static str, Value)>);

impl Serialize for Ordered {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// What a form is as parts, with `B` in the place of its boundary.
fn parts(body: &Body) -> String {
    let boundary = body.media_type.split_once("boundary=").expect("a boundary").1;
    let text = String::from_utf8_lossy(body.whole().expect("one piece"));
    text.replace(boundary, "B").replace("\r\n", "\n")
}

#[test]
fn lists_and_objects_are_written_in_their_styles() {
    let value = json!({"list": [1, "b c"], "none": null, "object": {"k": [1], "l": "ü"}});
    let of =
        |list, object| urlencoded(&form(&value), &[part("list", list), part("object", object)]);
    assert_eq!(
        urlencoded(&form(&value), &[]),
        "list=1&list=b+c&object=%7B%22k%22%3A%5B1%5D%2C%22l%22%3A%22%C3%BC%22%7D"
    );
    let spread = of(Style::FormExploded, Style::FormExploded);
    assert_eq!(spread, "list=1&list=b+c&k=%5B1%5D&l=%C3%BC");
    let deep = of(Style::DeepObject, Style::DeepObject);
    assert_eq!(deep, "list%5B0%5D=1&list%5B1%5D=b+c&object%5Bk%5D%5B0%5D=1&object%5Bl%5D=%C3%BC");
    let plain = of(Style::Form, Style::Form);
    assert_eq!(plain, "list=1%2Cb+c&object=k%2C%5B1%5D%2Cl%2C%C3%BC");
    let delimited = of(Style::SpaceDelimited, Style::PipeDelimited);
    assert_eq!(delimited, "list=1+b+c&object=k%7C%5B1%5D%7Cl%7C%C3%BC");
    let json = Part { name: "list", media_type: Some("application/json"), ..Part::USUAL };
    let value = json!({"a&b": "=%", "list": [1, "b"]});
    assert_eq!(urlencoded(&form(&value), &[json]), "a%26b=%3D%25&list=%5B1%2C%22b%22%5D");
}

#[test]
fn what_is_no_object_is_no_form() {
    for value in [json!([1]), json!("a"), json!(null), json!(1)] {
        assert!(Fields::of(&value).is_err(), "{value}");
    }
    assert_eq!(urlencoded(&form(&json!({})), &[]), "");
}

#[test]
fn each_element_and_each_file_is_a_part() {
    let form = BTreeMap::from([
        ("files", vec![Blob::new("x"), Blob::new("y").with_file_name("a\"b\r\n.txt")]),
        ("one", vec![Blob::new("z").with_media_type("image/png").with_header("X-A", "1")]),
    ]);
    let fields = Fields::of(&form).expect("a form");
    let headers = &[("x-a", "0"), ("x-b", "2")];
    let described = [Part { name: "one", media_type: Some("image/*"), style: None, headers }];
    let body = multipart("multipart/form-data", &fields, &described).expect("a body");
    assert!(body.media_type.starts_with("multipart/form-data; boundary=specwright-"));
    let expected = "\
--B
Content-Disposition: form-data; name=\"files\"; filename=\"files\"
Content-Type: application/octet-stream

x
--B
Content-Disposition: form-data; name=\"files\"; filename=\"a%22b%0D%0A.txt\"
Content-Type: application/octet-stream

y
--B
Content-Disposition: form-data; name=\"one\"; filename=\"one\"
Content-Type: image/png
x-b: 2
X-A: 1

z
--B--
";
    assert_eq!(parts(&body), expected);
}

#[test]
fn values_are_texts_and_json_in_the_order_in_which_they_were_written() {
    let list = vec![json!(1), json!({"a": 2, "b": 1}), json!(null), json!(true)];
    let form = Ordered(vec![("text", json!("a\nb")), ("list", list.into()), ("sdp", json!("v=0"))]);
    let fields = Fields::of(&form).expect("a form");
    let sdp = Part { name: "sdp", media_type: Some("application/sdp"), ..Part::USUAL };
    let body = multipart("multipart/mixed", &fields, &[sdp]).expect("a body");
    let expected = "\
--B
Content-Disposition: form-data; name=\"text\"

a
b
--B
Content-Disposition: form-data; name=\"list\"

1
--B
Content-Disposition: form-data; name=\"list\"
Content-Type: application/json

{\"a\":2,\"b\":1}
--B
Content-Disposition: form-data; name=\"list\"

true
--B
Content-Disposition: form-data; name=\"sdp\"
Content-Type: application/sdp

v=0
--B--
";
    assert_eq!(parts(&body), expected);
}

#[test]
fn a_header_that_cannot_be_sent_is_an_error_and_no_second_header() {
    for blob in [
        Blob::new("x").with_media_type("text/plain\r\nX-B: 1"),
        Blob::new("x").with_header("a b", "1"),
        Blob::new("x").with_header("a", "1\n"),
    ] {
        let fields = Fields::of(&BTreeMap::from([("f", blob)])).expect("a form");
        assert!(multipart("multipart/form-data", &fields, &[]).is_err());
    }
}

#[test]
fn no_two_boundaries_are_the_same() {
    let fields = form(&json!({}));
    let boundary = || multipart("multipart/form-data", &fields, &[]).expect("a body").media_type;
    assert_ne!(boundary(), boundary());
}
