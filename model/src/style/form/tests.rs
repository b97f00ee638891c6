//! The encoding of forms, byte by byte.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use serde::Serialize;

use super::*;
use crate::blob::Blob;
use crate::blob::Content;
use crate::style::Style;

fn form(value: &Value) -> Fields {
    Fields::of(value).expect("a form")
}

fn part(name: &'static str, style: Style) -> Part {
    Part { name, style: Some(style), ..Part::DEFAULT }
}

/// Encodes a form as `application/x-www-form-urlencoded`.
fn in_line(value: &Value, parts: &[Part]) -> String {
    urlencoded(&form(value), parts).expect("a form in one line")
}

/// An object that keeps the order of its entries.
struct Ordered(Vec<(&'static str, Value)>);

impl Serialize for Ordered {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// Returns a multipart body, with `B` as its boundary.
fn parts((media_type, content): &(String, Vec<Content>)) -> String {
    let boundary = media_type.split_once("boundary=").expect("a boundary").1;
    let [Content::Whole(bytes)] = content.as_slice() else { panic!("one piece") };
    let string = String::from_utf8_lossy(bytes);
    string.replace(boundary, "B").replace("\r\n", "\n")
}

#[test]
fn lists_and_objects_are_encoded_by_style() {
    let value = json!({"list": [1, "b c"], "none": null, "object": {"k": [1], "l": "ü"}});
    let of = |list, object| in_line(&value, &[part("list", list), part("object", object)]);
    assert_eq!(
        in_line(&value, &[]),
        "list=1&list=b+c&object=%7B%22k%22%3A%5B1%5D%2C%22l%22%3A%22%C3%BC%22%7D"
    );
    let expand = of(Style::FormExploded, Style::FormExploded);
    assert_eq!(expand, "list=1&list=b+c&k=%5B1%5D&l=%C3%BC");
    let deep = of(Style::DeepObject, Style::DeepObject);
    assert_eq!(deep, "list%5B%5D=1&list%5B%5D=b+c&object%5Bk%5D%5B%5D=1&object%5Bl%5D=%C3%BC");
    let plain = of(Style::Form, Style::Form);
    assert_eq!(plain, "list=1,b+c&object=k,%5B1%5D,l,%C3%BC");
    let delimited = of(Style::SpaceDelimited, Style::PipeDelimited);
    assert_eq!(delimited, "list=1+b%20c&object=k%7C%5B1%5D%7Cl%7C%C3%BC");
    let json = Part { name: "list", media_type: Some("application/json"), ..Part::DEFAULT };
    let value = json!({"a&b": "=%", "list": [1, "b"]});
    assert_eq!(in_line(&value, &[json]), "a%26b=%3D%25&list=%5B1%2C%22b%22%5D");
}

#[test]
fn delimiters_inside_of_values_are_encoded() {
    let value = json!({"list": ["a,b", "c d", "e|f+"]});
    let of = |style| in_line(&value, &[part("list", style)]);
    assert_eq!(of(Style::Form), "list=a%2Cb,c+d,e%7Cf%2B");
    assert_eq!(of(Style::SpaceDelimited), "list=a%2Cb+c%20d+e%7Cf%2B");
    assert_eq!(of(Style::PipeDelimited), "list=a%2Cb|c+d|e%7Cf%2B");
    for (style, one) in [(Style::SpaceDelimited, "a b"), (Style::PipeDelimited, "a|b")] {
        assert!(urlencoded(&form(&json!({"list": [one]})), &[part("list", style)]).is_err());
    }
    for (style, delimiter) in
        [(Style::Form, ','), (Style::SpaceDelimited, ' '), (Style::PipeDelimited, '|')]
    {
        let refused = multipart("multipart/form-data", &form(&value), &[part("list", style)]);
        let Err(error) = refused else { panic!("it was encoded") };
        let violation = &error.violations()[0];
        let message = format!("must not contain `{delimiter}`, which separates its values");
        assert_eq!((violation.pointer.as_str(), &violation.message), ("/list", &message));
    }
}

/// A type that is used for multipart forms elsewhere may have files.
#[test]
fn urlencoded_files_must_be_utf8_in_memory() {
    let files = |file: Blob| Fields::of(&BTreeMap::from([("f", vec![Blob::new("a b"), file])]));
    let written = |file| urlencoded(&files(file).expect("a form"), &[]);
    assert_eq!(written(Blob::new("ü&")).expect("strings"), "f=a+b&f=%C3%BC%26");
    for file in [Blob::new(&b"\xFF"[..]), Blob::from_reader(&b"a"[..])] {
        let refused = written(file);
        let Err(error) = refused else { panic!("{refused:?}") };
        assert_eq!(error.violations()[0].pointer, "/f");
    }
    // Files of a list are separate parts, even if the list has a style.
    let list = files(Blob::new(&b"\xFF"[..])).expect("a form");
    let body = multipart("multipart/form-data", &list, &[part("f", Style::Form)]).expect("a body");
    assert_eq!(parts(&body).matches("name=\"f\"; filename=\"f\"").count(), 2);
    // Inside of the JSON of a part, files are strings, too.
    let nested = BTreeMap::from([("o", BTreeMap::from([("f", Blob::new("a"))]))]);
    let fields = Fields::of(&nested).expect("a form");
    let body = multipart("multipart/form-data", &fields, &[]).expect("a body");
    assert!(parts(&body).contains("\n{\"f\":\"a\"}\n"), "{}", parts(&body));
}

#[test]
fn only_objects_are_forms() {
    for value in [json!([1]), json!("a"), json!(null), json!(1)] {
        assert!(Fields::of(&value).is_err(), "{value}");
    }
    assert_eq!(in_line(&json!({}), &[]), "");
}

#[test]
fn each_element_and_each_file_is_a_part() {
    let form = BTreeMap::from([
        ("files", vec![Blob::new("x"), Blob::new("y").with_file_name("a\"b\r\n.txt")]),
        ("one", vec![Blob::new("z").with_media_type("image/png").with_header("X-A", "1")]),
    ]);
    let fields = Fields::of(&form).expect("a form");
    let headers = &[("x-a", "0"), ("x-b", "2")];
    let declared = [Part { name: "one", media_type: Some("image/*"), style: None, headers }];
    let body = multipart("multipart/form-data", &fields, &declared).expect("a body");
    assert!(body.0.starts_with("multipart/form-data; boundary=specwright-"));
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
fn values_are_strings_or_json_in_original_order() {
    let list = vec![json!(1), json!({"a": 2, "b": 1}), json!(null), json!(true)];
    let form =
        Ordered(vec![("string", json!("a\nb")), ("list", list.into()), ("sdp", json!("v=0"))]);
    let fields = Fields::of(&form).expect("a form");
    let sdp = Part { name: "sdp", media_type: Some("application/sdp"), ..Part::DEFAULT };
    let body = multipart("multipart/mixed", &fields, &[sdp]).expect("a body");
    let expected = "\
--B
Content-Disposition: form-data; name=\"string\"

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
fn values_with_a_json_media_type_are_json() {
    let form =
        Ordered(vec![("list", json!(["a", 1])), ("string", json!("b")), ("any", json!("c"))]);
    let fields = Fields::of(&form).expect("a form");
    let of = |name, media_type| Part { name, media_type: Some(media_type), ..Part::DEFAULT };
    let declared =
        [of("list", "application/json"), of("string", "application/a+json"), of("any", "*/*")];
    let body = multipart("multipart/form-data", &fields, &declared).expect("a body");
    let part = |name, media_type, string| {
        format!("--B\nContent-Disposition: form-data; name=\"{name}\"\n{media_type}\n{string}\n")
    };
    let json = "Content-Type: application/json\n";
    let expected = [
        part("list", json, "\"a\""),
        part("list", json, "1"),
        part("string", "Content-Type: application/a+json\n", "\"b\""),
        part("any", "", "c"),
    ];
    assert_eq!(parts(&body), format!("{}--B--\n", expected.concat()));
    let string = json!({"string": "a"});
    let in_line = in_line(&string, &[of("string", "application/json")]);
    assert_eq!(in_line, "string=%22a%22");
}

#[test]
fn invalid_headers_of_a_part_are_errors() {
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
fn boundaries_are_unique() {
    let fields = form(&json!({}));
    let boundary = || multipart("multipart/form-data", &fields, &[]).expect("a body").0;
    assert_ne!(boundary(), boundary());
}
