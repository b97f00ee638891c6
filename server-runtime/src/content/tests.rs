//! Which way a body comes, and what is read from forms of all kinds.

use serde_json::json;
use specwright_model::style::Style;

use super::*;

const fn way(media_type: &'static str, format: Format) -> BodyFormat {
    BodyFormat { media_type, format }
}

#[test]
fn the_media_type_decides_the_way() {
    let ways = [
        way("application/json;simple", Format::Json),
        way("application/json", Format::Json),
        way("text/plain; charset=utf-8", Format::Text(Kind::Text)),
        way("image/*", Format::Blob),
    ];
    for (media_type, wanted) in [
        (None, Some(0)),
        (Some("application/json"), Some(1)),
        (Some("Application/JSON ; Simple"), Some(0)),
        (Some("application/json; charset=utf-8"), Some(1)),
        (Some("application/vnd.x+json"), Some(0)),
        (Some("text/plain"), Some(2)),
        (Some("text/plain; charset=latin1"), Some(2)),
        (Some("image/png"), Some(3)),
        (Some("video/mp4"), None),
        (Some("text/html"), None),
        (Some(""), None),
    ] {
        assert_eq!(choose(&ways, media_type), wanted, "{media_type:?}");
    }
    let any = [way("text/csv", Format::Text(Kind::Text)), way("*/*", Format::Blob)];
    assert_eq!(choose(&any, Some("a/b")), Some(1));
    assert_eq!(choose(&any, Some("text/csv")), Some(0));
    let form = [way("multipart/form-data", Format::Multipart(Kind::Any, &[]))];
    assert_eq!(choose(&form, None), None);
}

#[test]
fn parameters_of_headers_are_read_as_browsers_and_others_write_them() {
    for (value, wanted) in [
        ("form-data; name=a", Some("a")),
        ("form-data; filename=\"x; name=b\"; name=\"a\"", Some("a")),
        ("form-data; NAME = \"a\\\"b\\\\c\\d\"", Some("a\"b\\c\\d")),
        ("form-data; name=\"a%22%0D%0A%25\"", Some("a\"\r\n%25")),
        ("form-data; name=\"\"", Some("")),
        ("form-data; name=\"a", None),
        ("form-data; name", None),
        ("form-data", None),
    ] {
        assert_eq!(parameter(value, "name").as_deref(), wanted, "{value}");
    }
}

fn taken_apart(body: &str) -> Result<Vec<(String, String)>, String> {
    let body = body.replace('\n', "\r\n");
    let parts = multipart::parts(body.as_bytes(), "B").map_err(|problem| problem.to_string())?;
    let text = |content: &[u8]| String::from_utf8_lossy(content).into_owned();
    Ok(parts.iter().map(|part| (part.name.clone(), text(part.content))).collect())
}

#[test]
fn parts_are_what_stands_between_boundaries() {
    let disposition = "Content-Disposition: form-data; name=";
    let body = format!(
        "before\n--B  \n{disposition}a\n\nx\n--\ny\n--B\n{disposition}b\nX: 1\n\n\n--B--\nbehind"
    );
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(taken_apart(&body), Ok(vec![pair("a", "x\r\n--\r\ny"), pair("b", "")]));
    assert_eq!(taken_apart("--B--"), Ok(Vec::new()));
    for (bad, wanted) in [
        ("", "it has no boundary"),
        ("--C--", "it has no boundary"),
        ("--B", "it is cut off"),
        ("--Bx\n\n\n--B--", "something stands behind a boundary"),
        ("--B\nContent-Disposition: form-data; name=a\n\nx", "it is cut off"),
        ("--B\nContent-Disposition: form-data; name=a\n--B--", "the head of a part does not end"),
        ("--B\n\nx\n--B--", "a part has no name"),
        ("--B\nA\n\nx\n--B--", "a header has no colon"),
    ] {
        let wanted = format!("the body is no `multipart`: {wanted}");
        assert_eq!(taken_apart(bad), Err(wanted), "{bad}");
    }
}

fn form(text: &str, kind: Kind, parts: &[Part]) -> Result<Value, Vec<Problem>> {
    urlencoded::read(kind, parts, &crate::input::Entries::of_form(text), false)
}

#[test]
fn forms_are_read_as_they_are_written() {
    const ITEM: Kind = Kind::Record(&[("p", Kind::Json), ("q", Kind::List(&Kind::Text))]);
    const KIND: Kind = Kind::Record(&[
        ("n", Kind::Json),
        ("t", Kind::Text),
        ("l", Kind::List(&Kind::Json)),
        ("d", Kind::List(&ITEM)),
        ("j", ITEM),
    ]);
    let part = |name, style, media_type| Part { name, style, media_type, headers: &[] };
    let parts =
        [part("d", Some(Style::DeepObject), None), part("j", None, Some("application/json"))];
    let read = form(
        "n=1&t=2&l=3&l=4&d[1][p]=2&d[0][p]=1&d[0][q][]=x&d[0][q][]=y&j=%7B%22p%22:1%7D&more=a+b&more=c",
        KIND,
        &parts,
    );
    let wanted = json!({
        "n": 1, "t": "2", "l": [3, 4],
        "d": [{"p": 1, "q": ["x", "y"]}, {"p": 2}],
        "j": {"p": 1}, "more": ["a b", "c"],
    });
    assert_eq!(read, Ok(wanted));
    assert_eq!(form("", KIND, &parts), Ok(json!({})));
    let in_brackets = form("l[]=3&l[]=4&n=1", KIND, &parts);
    assert_eq!(in_brackets, Ok(json!({"l": [3, 4], "n": 1})));
    let quoted = [part("t", None, Some("application/json"))];
    for text in ["t=%22a%22", "t=a"] {
        assert_eq!(form(text, KIND, &quoted), Ok(json!({"t": "a"})), "{text}");
    }
    let twice = form("n=1&n=2", KIND, &parts).map_err(|problems| problems[0].to_string());
    assert_eq!(twice, Err("/n must not be given more than once".to_owned()));
    // Whatever the names are, there is an answer.
    for (odd, wanted) in [
        ("[", Ok(json!({"[": ""}))),
        ("d]", Ok(json!({"d]": ""}))),
        ("d[][]=", Ok(json!({"d": [{"": ""}]}))),
        ("=", Ok(json!({"": ""}))),
        ("&&", Ok(json!({}))),
        ("d[", Err("/d must have brackets only where it has parts")),
        ("d[a]=1", Err("/d must have brackets only where it has parts")),
        ("d[]", Err("/d must be made of names and values")),
        ("d=1&d[0]=2", Err("/d must be made of names and values")),
        ("d[0]x=1", Err("/d must be made of names and values")),
    ] {
        let read = form(odd, KIND, &parts).map_err(|problems| problems[0].to_string());
        assert_eq!(read, wanted.map_err(str::to_owned), "{odd}");
    }
    // Objects, lists and what may be anything, without a style.
    const FORM: Kind = Kind::Record(&[
        ("o", Kind::Record(&[("x", Kind::Json)])),
        ("m", Kind::Map(&Kind::Text)),
        ("a", Kind::Any),
    ]);
    assert_eq!(
        form("o[x]=1&m[k]=2&a[0][b]=3&a[1]=c", FORM, &[]),
        Ok(json!({"o": {"x": 1}, "m": {"k": "2"}, "a": [{"b": 3}, "c"]}))
    );
    let deep = format!("d{}=1", "[0]".repeat(100_000));
    assert!(form(&deep, KIND, &parts).is_err());
}
