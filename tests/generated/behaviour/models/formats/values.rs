//! Numbers and strings with a format: every value that arrives is kept, and is sent as it came.

use generated_fixtures::formats::models::{
    Receipt, ReceiptAmount, ReceiptDayOrWord, ReceiptInstant,
};
use specwright_runtime::{Base64, Timestamp, jiff};

use crate::support::json::decode_error;

const REQUIRED: &str = r#""total":1,"at":"2026-07-14T10:00:00Z""#;

#[expect(clippy::expect_used, reason = "a test helper: the JSON is part of the test")]
/// Decodes a receipt with other properties, and checks that it is encoded as it came.
fn receipt(properties: &str) -> Receipt {
    let json = format!("{{{REQUIRED},{properties}}}");
    let receipt: Receipt = serde_json::from_str(&json).expect("a receipt");
    assert_eq!(serde_json::to_string(&receipt).expect("it can be encoded"), json);
    receipt
}

fn violations(properties: &str) -> Vec<String> {
    match receipt(properties).validate() {
        Ok(()) => Vec::new(),
        Err(error) => error.violations().iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn numbers_keep_their_digits() {
    for number in [
        "0",
        "1.10",
        "-0.0",
        "100.00",
        "1e3",
        "0.1",
        "3.14159265358979323846",
        "1E400",
        "9007199254740993.0",
        "18446744073709551616",
        "-123456789012345678901234567890",
    ] {
        let json = format!(r#"{{"total":{number},"at":"2026-07-14T10:00:00Z"}}"#);
        let read: Receipt = serde_json::from_str(&json).expect("a receipt");
        assert_eq!(serde_json::to_string(&read).expect("it can be encoded"), json);
        assert_eq!(read.total.to_string(), number);
        receipt(&format!(r#""rates":[{number},2],"rate_by_name":{{"a":{number}}}"#));
        let of_union = receipt(&format!(r#""amount":{number}"#));
        let Some(ReceiptAmount::Number(amount)) = of_union.amount else { panic!("a number") };
        assert_eq!(amount, read.total);
        if !number.contains(['.', 'e', 'E']) {
            assert_eq!(receipt(&format!(r#""big":{number}"#)).big, Some(read.total));
        }
    }
    assert!(matches!(receipt(r#""amount":"1.10""#).amount, Some(ReceiptAmount::String(_))));
}

#[test]
fn timestamps_are_instants_or_the_string_that_came() {
    for (string, instant) in [
        ("2026-07-14T10:00:00.000Z", Some("2026-07-14T10:00:00Z")),
        ("2026-07-14T12:00:00+02:00", Some("2026-07-14T10:00:00Z")),
        ("2026-07-14 10:00:00z", Some("2026-07-14T10:00:00Z")),
        ("2026-07-14t10:00:00Z", Some("2026-07-14T10:00:00Z")),
        ("2016-12-31T23:59:60Z", Some("2016-12-31T23:59:59Z")),
        ("9999-12-31T23:59:59Z", None),
        ("0001-01-01T00:00:00", None),
        ("2026-07-14T10:00:00.1234567891Z", None),
        ("never", None),
        ("", None),
    ] {
        let instant: Option<jiff::Timestamp> =
            instant.map(|string| string.parse().expect("a time"));
        let is_same = |timestamp: &Timestamp| {
            timestamp.to_jiff() == instant && timestamp.to_string() == string
        };
        let json = format!(r#"{{"total":1,"at":"{string}"}}"#);
        let read: Receipt = serde_json::from_str(&json).expect("a receipt");
        assert_eq!(serde_json::to_string(&read).expect("it can be encoded"), json);
        assert!(is_same(&read.at), "{string}");
        let read = receipt(&format!(
            r#""paid":"{string}","instants":["{string}"],"by_name":{{"a":"{string}"}},"instant":"{string}""#
        ));
        assert!(read.paid.as_ref().is_some_and(is_same), "{string}");
        assert!(read.instants.iter().flatten().all(is_same), "{string}");
        assert!(read.by_name.iter().flatten().all(|(_, value)| is_same(value)), "{string}");
        let Some(ReceiptInstant::Timestamp(instant)) = &read.instant else { panic!("a timestamp") };
        assert!(is_same(instant), "{string}");
    }
    assert!(decode_error::<Receipt>(r#"{"total":1,"at":5}"#).contains("a timestamp"));
}

#[test]
fn dates_are_dates_or_the_string_that_came() {
    let day = |string: &str| receipt(&format!(r#""day":"{string}""#)).day.expect("a day");
    assert_eq!(day("2024-02-29"), jiff::civil::date(2024, 2, 29));
    for string in ["2024-02-30", "0000-00-00", "29.2.2024", "2024-02-29T00:00:00Z"] {
        assert_eq!(day(string).notation(), Some(string));
    }
}

#[test]
fn a_variant_whose_format_fits_is_preferred() {
    let chosen = |string: &str| receipt(&format!(r#""day_or_word":"{string}""#)).day_or_word;
    assert!(matches!(chosen("2024-02-29"), Some(ReceiptDayOrWord::Date(_))));
    assert!(matches!(chosen("today"), Some(ReceiptDayOrWord::String(_))));
}

#[test]
fn integers_have_the_type_of_their_format() {
    let read =
        receipt(r#""i8":-128,"i16":-5,"u8":255,"u16":65535,"u32":4294967295,"levels":[0,255]"#);
    let same = (Some(i8::MIN), Some(-5_i16), Some(u8::MAX), Some(u16::MAX), Some(u32::MAX));
    assert_eq!((read.i8, read.i16, read.u8, read.u16, read.u32), same);
    assert_eq!(read.levels, Some(vec![0, u8::MAX]));
    // The type is that of the known values.
    assert_eq!(receipt(r#""mask":18446744073709551615"#).mask, Some(u64::MAX));
    assert!(receipt(r#""mask":2"#).validate().is_err());
    receipt(r#""lowest":-10000000000000000000"#).validate().expect("the constant");
    assert!(receipt(r#""lowest":-1"#).validate().is_err());
    let lenient = format!(r#"{{{REQUIRED},"i8":1.0,"levels":[2e1],"u16":null}}"#);
    let read: Receipt = serde_json::from_str(&lenient).expect("a receipt");
    assert_eq!((read.i8, read.levels, read.u16), (Some(1), Some(vec![20]), None));
    for wrong in [r#""i8":128"#, r#""u8":-1"#, r#""u16":65536"#, r#""u32":-1"#, r#""levels":[256]"#]
    {
        let error = decode_error::<Receipt>(&format!("{{{REQUIRED},{wrong}}}"));
        assert!(error.contains("invalid value"), "{error}");
    }
    assert_eq!(violations(r#""i16":-6"#), ["/i16 must be at least -5, is -6"]);
    assert_eq!(violations(r#""u32":0"#), ["/u32 must be at least 1, is 0"]);
}

#[test]
fn encoded_bytes_are_bytes() {
    let read = receipt(r#""bytes":"aGkh","encoded":"aGk","url":"-_8","pages":["AAE=","no!"]"#);
    assert_eq!(read.bytes.and_then(|bytes| bytes.bytes()).as_deref(), Some(&b"hi!"[..]));
    assert_eq!(read.encoded.and_then(|bytes| bytes.bytes()).as_deref(), Some(&b"hi"[..]));
    assert_eq!(read.url.and_then(|bytes| bytes.bytes()).as_deref(), Some(&b"\xfb\xff"[..]));
    let pages = read.pages.unwrap_or_default();
    assert_eq!(pages.iter().map(Base64::bytes).collect::<Vec<_>>(), [Some(vec![0, 1]), None]);
    let built = Receipt::builder()
        .total(1)
        .at("2026-07-14T10:00:00Z".parse().expect("a time"))
        .bytes(b"hi")
        .url(vec![0xfb, 0xff])
        .build()
        .expect("a receipt");
    assert!(
        serde_json::to_string(&built)
            .is_ok_and(|json| json.ends_with(r#""bytes":"aGk=","url":"-_8"}"#))
    );
    assert_eq!(violations(r#""pages":["AAECAwQFBg=="]"#).len(), 1);
}

#[test]
fn formats_are_validated_but_do_not_fail_decoding() {
    let valid = r#""ratio":1.5,"id":"2eb8aa08-aa98-11ea-b4aa-73b441d16380","ids":[],"link":"https://example.com","ipv4":"127.0.0.1","ipv6":"::1","opens":"12:30:00Z","lasts":"P1DT2H""#;
    assert!(violations(valid).is_empty());
    for (property, expected) in [
        (r#""ratio":1e39"#, "/ratio must be a number of 32 bits, is 1"),
        (r#""id":"1""#, "/id must be a UUID (RFC 9562)"),
        (r#""ids":["1"]"#, "/ids/0 must be a UUID (RFC 9562)"),
        (r#""link":"example""#, "/link must be a URI (RFC 3986)"),
        (r#""ipv4":"localhost""#, "/ipv4 must be an IPv4 address"),
        (r#""ipv6":"127.0.0.1""#, "/ipv6 must be an IPv6 address"),
        (r#""opens":"noon""#, "/opens must be a time (RFC 3339)"),
        (r#""lasts":"1 hour""#, "/lasts must be a duration (ISO 8601)"),
    ] {
        let found = violations(property);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{found:?}");
    }
    let built = Receipt::builder()
        .total(1)
        .at("2026-07-14T10:00:00Z".parse().expect("a time"))
        .id("1")
        .build();
    assert!(built.is_err_and(|error| error.to_string() == "/id must be a UUID (RFC 9562)"));
}
