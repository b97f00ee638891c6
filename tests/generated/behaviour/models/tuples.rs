//! Arrays whose elements have different types.

use generated_fixtures::tuples::models::{Pair, Tree, Tuples};
use serde_json::json;
use specwright_runtime::Tuple;

use super::constraints::violations;
use crate::support::json::{decode_error, read, unchanged, written};

#[test]
fn elements_of_one_type_are_a_list() {
    let tuples: Tuples = unchanged(r#"{"point":[1,2.5],"path":[1],"few":["a"]}"#);
    assert_eq!(tuples.point.as_ref().map(Vec::len), Some(2));
    assert!(tuples.validate().is_ok());
    for (invalid, violation) in [
        (r#"{"point":[1]}"#, "/point must have at least 2 entries, has 1"),
        (r#"{"point":[1,2,3]}"#, "/point must have at most 2 entries, has 3"),
        (r#"{"few":["a","b","c"]}"#, "/few must have at most 2 entries, has 3"),
    ] {
        assert_eq!(violations(unchanged::<Tuples>(invalid).validate()), [violation]);
    }
}

#[test]
fn elements_of_several_types_are_a_tuple() {
    let pair: Pair = unchanged(r#"["a",1]"#);
    assert_eq!(pair, ("a".to_owned(), 1));
    for invalid in ["[]", r#"["a"]"#, r#"["a",1,2]"#, r#"[1,"a"]"#, "{}"] {
        decode_error::<Pair>(invalid);
    }
    let tuples = Tuples::builder().pair((String::new(), 1)).build();
    assert_eq!(violations(tuples), ["/pair/0 must have at least 1 characters, has 0"]);
}

#[test]
fn absent_and_further_elements_round_trip() {
    for valid in [
        r#"{"open":["a"]}"#,
        r#"{"open":["a",true]}"#,
        r#"{"open":["a",true,{"b":1.50},null]}"#,
        r#"{"short":[]}"#,
        r#"{"short":["a"]}"#,
        r#"{"short":["a",null]}"#,
        r#"{"short":["a",3]}"#,
        r#"{"words":[1,"ab"]}"#,
    ] {
        assert!(unchanged::<Tuples>(valid).validate().is_ok(), "{valid}");
    }
    for invalid in [r#"{"open":[]}"#, r#"{"short":["a",1,2]}"#, r#"{"open":["a",1]}"#] {
        decode_error::<Tuples>(invalid);
    }
    let open: Tuples = read(r#"{"open":["a",true,7]}"#);
    let open = open.open.unwrap();
    assert_eq!((open.items.0.as_str(), open.optional.0), ("a", Some(true)));
    assert_eq!(open.rest.first().and_then(|rest| rest.view().as_i64()), Some(7));
    let built = Tuples::builder().open(("a".to_owned(),)).build().unwrap();
    assert_eq!(written(&built), json!({ "open": ["a"] }));
    let gap =
        Tuple { optional: (None,), rest: vec!["1".parse().unwrap()], ..("a".to_owned(),).into() };
    let built = Tuples::builder().open(gap).build().unwrap();
    assert_eq!(written(&built), json!({ "open": ["a", null, 1] }));
}

#[test]
fn elements_of_tuples_are_validated_at_their_index() {
    for (invalid, violation) in [
        (r#"{"open":["abcd"]}"#, "/open/0 must have at most 3 characters, has 4"),
        (r#"{"words":[1,"ab","c"]}"#, "/words/2 must have at least 2 characters, has 1"),
    ] {
        assert_eq!(violations(unchanged::<Tuples>(invalid).validate()), [violation]);
    }
}

#[test]
fn a_tuple_may_contain_its_own_type() {
    let tree: Tree = unchanged(r#"{"branch":["a",{"branch":["b",{}]}]}"#);
    let branch = tree.branch.unwrap();
    assert_eq!(branch.1.branch.unwrap().0, "b");
}
