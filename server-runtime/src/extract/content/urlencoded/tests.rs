//! What is decoded from forms.

use serde_json::{Value, json};

use super::*;

fn form(form: &str, kind: Kind, parts: &[Part]) -> Result<Value, Vec<Problem>> {
    let fields = decode(kind, parts, &Entries::from_query(form), false)?;
    Ok(serde_json::from_str(&fields.into_object().to_json()).expect("it is JSON"))
}

#[test]
fn forms_are_decoded() {
    const ITEM: Kind = Kind::Object(&[("p", Kind::Json), ("q", Kind::List(&Kind::String))]);
    const KIND: Kind = Kind::Object(&[
        ("n", Kind::Json),
        ("t", Kind::String),
        ("l", Kind::List(&Kind::Json)),
        ("d", Kind::List(&ITEM)),
        ("j", ITEM),
    ]);
    let part = |name, style, media_type| Part { name, style, media_type, headers: &[] };
    let parts =
        [part("d", Some(Style::DeepObject), None), part("j", None, Some("application/json"))];
    let decoded = form(
        "n=1&t=2&l=3&l=4&d[1][p]=2&d[0][p]=1&d[0][q][]=x&d[0][q][]=y&j=%7B%22p%22:1%7D&more=a+b&more=c",
        KIND,
        &parts,
    );
    let expected = json!({
        "n": 1, "t": "2", "l": [3, 4],
        "d": [{"p": 1, "q": ["x", "y"]}, {"p": 2}],
        "j": {"p": 1}, "more": ["a b", "c"],
    });
    assert_eq!(decoded, Ok(expected));
    assert_eq!(form("", KIND, &parts), Ok(json!({})));
    let in_brackets = form("l[]=3&l[]=4&n=1", KIND, &parts);
    assert_eq!(in_brackets, Ok(json!({"l": [3, 4], "n": 1})));
    let quoted = [part("t", None, Some("application/json"))];
    for body in ["t=%22a%22", "t=a"] {
        assert_eq!(form(body, KIND, &quoted), Ok(json!({"t": "a"})), "{body}");
    }
    let twice = form("n=1&n=2", KIND, &parts).map_err(|problems| problems[0].to_string());
    assert_eq!(twice, Err("/n must not be given more than once".to_owned()));
    // Unusual names.
    for (odd, expected) in [
        ("[", Ok(json!({"[": ""}))),
        ("d]", Ok(json!({"d]": ""}))),
        ("d[][]=", Ok(json!({"d": [{"": ""}]}))),
        ("=", Ok(json!({"": ""}))),
        ("&&", Ok(json!({}))),
        ("d[", Err("/d has unexpected brackets in its name")),
        ("d[a]=1", Err("/d has unexpected brackets in its name")),
        ("d[]", Err("/d must consist of names and values")),
        ("d=1&d[0]=2", Err("/d must consist of names and values")),
        ("d[0]x=1", Err("/d must consist of names and values")),
    ] {
        let decoded = form(odd, KIND, &parts).map_err(|problems| problems[0].to_string());
        assert_eq!(decoded, expected.map_err(str::to_owned), "{odd}");
    }
    // Objects, lists and untyped values, without a style.
    const FORM: Kind = Kind::Object(&[
        ("o", Kind::Object(&[("x", Kind::Json)])),
        ("m", Kind::Map(&Kind::String)),
        ("a", Kind::Any),
    ]);
    assert_eq!(
        form("o[x]=1&m[k]=2&a[0][b]=3&a[1]=c", FORM, &[]),
        Ok(json!({"o": {"x": 1}, "m": {"k": "2"}, "a": [{"b": 3}, "c"]}))
    );
    let deep = format!("d{}=1", "[0]".repeat(100_000));
    assert!(form(&deep, KIND, &parts).is_err());
}
