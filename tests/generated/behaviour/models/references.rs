//! References with keywords next to them, dynamic references, and references in unusual locations.

use generated_fixtures::{
    dynamic_references, operation_references, reference_siblings, refs_identifiers,
};
use serde_json::json;

use crate::support::json::{read, unchanged, written};

#[test]
fn keywords_next_to_a_reference_mean_what_they_mean_without_it() {
    use reference_siblings::models::{Parcel, ParcelColour, ParcelIdent, ParcelShort};

    let parcel: Parcel = unchanged(
        r#"{"weight": 2.5, "label": "ab", "colour": "red", "kind": "parcel", "tags": ["a", "b"],
            "from": {"town": "A", "street": "x"}, "hub": {"town": "B", "floor": 4}, "ident": 7,
            "short": "s", "contact": "c", "inner": 3, "codes": {"a": 1}, "limited": "abc"}"#,
    );
    assert!(parcel.validate().is_ok());
    assert_eq!(parcel.hub.as_ref().map(|hub| hub.floor), Some(4));
    assert_eq!(parcel.colour, Some(ParcelColour::Red));
    assert_eq!(parcel.ident, Some(ParcelIdent::Integer(7)));
    assert!(matches!(parcel.short, Some(ParcelShort::String(_))));
    assert_eq!(parcel.inner, Some(3));
    assert!(parcel.codes.is_some());
    // Only the values of both lists are known.
    let green: Parcel = unchanged(r#"{"colour": "green", "short": 5, "ident": "x"}"#);
    assert_eq!(green.colour, Some(ParcelColour::Unknown("green".into())));
    assert_eq!(green.short, Some(ParcelShort::Integer(5)));
    let constant = Parcel::builder().kind("parcel").build().unwrap();
    assert_eq!(written(&constant), json!({ "kind": "parcel" }));
}

#[test]
fn constraints_next_to_a_reference_are_validated() {
    use reference_siblings::models::Parcel;

    for (invalid, pointer) in [
        (r#"{"weight": 0}"#, "/weight"),
        (r#"{"weight": 31}"#, "/weight"),
        (r#"{"label": "a"}"#, "/label"),
        (r#"{"tags": ["a", "b", "c"]}"#, "/tags"),
        (r#"{"limited": "abcd"}"#, "/limited"),
    ] {
        let error = read::<Parcel>(invalid).validate().expect_err(invalid).to_string();
        assert!(error.contains(pointer), "{error}");
    }
    assert!(serde_json::from_str::<Parcel>(r#"{"hub": {"town": "B"}}"#).is_err());
    assert!(serde_json::from_str::<Parcel>(r#"{"hub": {"floor": 1}}"#).is_err());
}

#[test]
fn null_next_to_a_reference_is_accepted() {
    use reference_siblings::models::Parcel;

    let parcel: Parcel = read(r#"{"from": null, "to": null, "tags": null, "short": null}"#);
    assert!(parcel.from.is_none() && parcel.to.is_none() && parcel.tags.is_none());
    let parcel: Parcel = unchanged(r#"{"to": {"town": "B"}, "from": {"town": "A"}}"#);
    assert_eq!(parcel.to.map(|to| to.town), Some("B".to_owned()));
}

#[test]
fn a_page_of_books_holds_books() {
    use dynamic_references::models::{Book, BookPage, LoanPage, Page};

    let page: BookPage = unchanged(
        r#"{"entries": [{"title": "A", "loans": {"entries": [{"reader": "R"}]}}],
            "summary": {"first": {"title": "A"}}}"#,
    );
    let first: &Book = &page.entries[0];
    assert_eq!(first.title, "A");
    let loans = first.loans.as_ref().map(|loans| loans.entries[0].reader.clone());
    assert_eq!(loans.as_deref(), Some("R"));
    let summary = page.summary.as_ref().and_then(|summary| summary.first.as_ref());
    assert_eq!(summary.map(|book| book.title.as_str()), Some("A"));
    assert!(serde_json::from_str::<BookPage>(r#"{"entries": [{"reader": "R"}]}"#).is_err());
    assert!(serde_json::from_str::<LoanPage>(r#"{"entries": [{"title": "A"}]}"#).is_err());
    let any: Page = unchanged(r#"{"entries": [1, "a", {"b": null}]}"#);
    assert_eq!(any.entries.len(), 3);
}

#[test]
fn a_recursive_schema_holds_its_extension() {
    use dynamic_references::models::WideShelf;

    let shelf: WideShelf = unchanged(r#"{"width": 3, "parts": [{"width": 1, "parts": []}]}"#);
    assert_eq!(shelf.parts.map(|parts| parts[0].width), Some(Some(1)));
}

#[test]
fn schemas_of_referenced_operations_are_read() {
    use operation_references::models::{Book, BookGenre, BoxModel};

    let book: Book = unchanged(r#"{"title": "A", "genre": "crime"}"#);
    assert_eq!(book.genre, Some(BookGenre::Crime));
    assert_eq!(unchanged::<BoxModel>(r#"{"width": 2}"#).width, 2);
    let webhook = operation_references::webhooks::Webhook::read("added", br#"{"title": "A"}"#);
    assert!(webhook.is_ok(), "{webhook:?}");
}

#[test]
fn schemas_are_found_by_their_identifiers() {
    use refs_identifiers::models::{Crate, Label};

    let crate_: Crate = unchanged(
        r#"{"label": {"text": "a", "color": {"name": "red", "shade": true}, "price": 1.5, "note": true},
            "size": 3, "inner": {"label": {"text": "b"}}, "default": "c",
            "other": {"crate": {"label": {"text": "d"}}, "color": {"name": "blue"}},
            "stamp": {"crate": {"label": {"text": "e"}}, "seal": {"wax": "f"}}, "seal": {"wax": "g"}}"#,
    );
    let label: &Label = &crate_.label;
    assert_eq!(label.color.as_ref().and_then(|color| color.name.as_deref()), Some("red"));
    assert_eq!(label.price.as_ref().map(ToString::to_string).as_deref(), Some("1.5"));
    assert_eq!(label.note, Some(true));
    assert_eq!((crate_.size, crate_.default2.as_deref()), (Some(3), Some("c")));
    assert_eq!(crate_.inner.map(|inner| inner.label.text).as_deref(), Some("b"));
    let other = crate_.other.unwrap();
    assert_eq!(other.crate_value.map(|inner| inner.label.text).as_deref(), Some("d"));
    let stamp = crate_.stamp.unwrap();
    assert_eq!(stamp.crate_value.map(|inner| inner.label.text).as_deref(), Some("e"));
    assert_eq!(stamp.seal.and_then(|seal| seal.wax).as_deref(), Some("f"));
    assert_eq!(crate_.seal.and_then(|seal| seal.wax).as_deref(), Some("g"));
}
