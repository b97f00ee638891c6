//! Secrets in models: not shown, but encoded, decoded and validated as any other value.

use generated_fixtures::secrets::models::*;
use specwright_runtime::Secret;

use crate::support::json::{read, unchanged, written};

/// An account in which every string that starts with `s3` is secret, and so are the numbers 4242,
/// 1111 and 321.
const ACCOUNT: &str = r#"{
    "name": "shown-name", "password": "s3password", "recovery": ["s3a", "s3b"],
    "hints": {"pet": "s3pet"}, "old_password": "s3old", "key": "s3key", "longer_key": "s3longer",
    "owner": {"name": "s3owner"}, "card": {"number": "s3card", "cvc": 321}, "spare": {"name": "s3spare"},
    "proof": "s3proof", "choice": "s3cho", "grade": "s3grade", "level": 4242, "digest": "czM=",
    "pin": 1111, "pair": ["shown-first", "s3second"], "settings": {"a": {"b": "s3setting"}},
    "tree": {"note": "shown-note", "child": {"note": "s3note"}}, "kind": "account",
    "team": 77, "notify": true, "since": "2031-02-03", "mode": "fast", "other": "s3other"
}"#;

fn assert_hidden(shown: &str) {
    for secret in ["s3", "czM", "4242", "1111", "321"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}

#[test]
fn secrets_are_not_shown_wherever_they_are() {
    let account: Account = unchanged(ACCOUNT);
    for shown in [format!("{account:?}"), format!("{account:#?}")] {
        assert_hidden(&shown);
        assert!(shown.contains("<redacted>"));
        for visible in ["shown-name", "shown-first", "shown-note", "Account", "77", "true", "Fast"]
        {
            assert!(shown.contains(visible), "{visible}: {shown}");
        }
    }
    assert_eq!(account.password.expose(), "s3password");
    assert_eq!(account.recovery.as_ref().map(Vec::len), Some(2));
    assert_eq!(account.owner.as_ref().map(|owner| owner.name.as_str()), Some("s3owner"));
    assert_eq!(account.proof, Some(Proof::String("s3proof".into())));
    assert_eq!(account.pin.map(Secret::into_inner), Some(1111));
    assert_eq!(account.kind, Some(AccountKind::Account));
}

#[test]
fn secrets_are_built_like_other_values() {
    let account = Account::builder()
        .name("a")
        .password("s3password")
        .recovery(["s3a".to_owned()])
        .hints([("pet".to_owned(), Secret::new("s3pet".to_owned()))].into())
        .owner(Owner::builder().name("s3owner").build().expect("an owner"))
        .key("s3key")
        .pin(1112)
        .proof(Secret::from("s3proof"))
        .build()
        .expect("an account");
    assert_hidden(&format!("{account:?}"));
    assert_eq!(written(&account)["password"], "s3password");
    assert_eq!(written(&account)["hints"]["pet"], "s3pet");
    assert_eq!(written(&account)["pin"], 1112);
    assert_eq!(account.clone(), account);
}

#[test]
fn constraints_of_secrets_are_reported_without_the_value() {
    let invalid: Account = read(
        r#"{"name": "a", "password": "s3!", "key": "s3", "pin": 11111, "choice": "s3chosen",
            "card": {"number": "1", "cvc": 1111}}"#,
    );
    let error = invalid.validate().expect_err("an invalid account").to_string();
    assert_hidden(&error);
    for violation in [
        "/password must have at least 8 characters, has 3",
        "/password must match the pattern `^[a-z0-9]+$`",
        "/key must have at least 3 characters, has 2",
        "/pin must be at most 9999;",
        "/pin must be a multiple of 2;",
        "/choice must have at most 5 characters, has 8",
        "/card/cvc must be at most 999",
    ] {
        assert!(format!("{error};").contains(violation), "{violation}: {error}");
    }
    let error = Card::builder().number("1").cvc(1111).build().expect_err("an invalid card");
    assert_eq!(error.to_string(), "/cvc must be at most 999");
}
