//! Timestamps and dates that do not have their format: decoding keeps them, `validate()` reports
//! them, and builders and requests report those that were not decoded.

use generated_fixtures::dates_checked::Client;
use generated_fixtures::dates_checked::models::{Booking, BookingEither, Entry, Receipt};
use specwright_runtime::{Date, Error, Timestamp, ValidationError};

use crate::models::constraints::violations;
use crate::support::json::{read, unchanged};
use crate::support::recording::Server;

const AT: &str = "2026-07-14T10:00:00Z";

/// A booking in which no timestamp and no date has its format.
const UNUSUAL: &str = r#"{"at":"2026-07-14T10:00:00","day":"soon","days":["2024-01-01","2024-02-30"],"by_name":{"a/b":""},"either":"someday","span":["0000-00-00",1],"guest":{"born":"1.1.2000"}}"#;

const LOCATIONS: [&str; 7] =
    ["/at", "/day", "/days/1", "/by_name/a~1b", "/either", "/span/0", "/guest/born"];

fn locations(result: Result<impl Sized, ValidationError>) -> Vec<String> {
    let violations = result.err().map(|error| error.violations().to_vec()).unwrap_or_default();
    violations.into_iter().map(|violation| violation.pointer).collect()
}

#[test]
fn validate_reports_what_decoding_kept() {
    let decoded: Booking = unchanged(UNUSUAL);
    assert_eq!(locations(decoded.validate()), LOCATIONS);
    let valid: Booking = unchanged(
        r#"{"at":"9999-12-31T23:59:59.5+01:00","day":"2024-02-29","either":"0001-01-01"}"#,
    );
    assert_eq!(locations(valid.validate()), [""; 0]);
    let receipt: Receipt =
        unchanged(&format!(r#"{{"issued":"now","number":"1","booking":{UNUSUAL}}}"#));
    let mut expected = vec!["/issued".to_owned()];
    expected.extend(LOCATIONS.map(|location| format!("/booking{location}")));
    assert_eq!(locations(receipt.validate()), expected);
    // Nothing is checked in it, so that it has no code for that.
    let entry: Entry = unchanged(r#"{"noted":"now"}"#);
    assert_eq!(entry.noted, Some(Timestamp::from_string("now")));
}

#[test]
fn builders_report_strings_of_the_caller() {
    let valid = || AT.parse::<Timestamp>().expect("a timestamp");
    assert_eq!(
        violations(Booking::builder().at(Timestamp::from_string("now")).build()),
        ["/at must be a timestamp (RFC 3339)"]
    );
    assert_eq!(
        violations(Booking::builder().at(valid()).day(Date::from_string("20240229")).build()),
        ["/day must be a date (RFC 3339)"]
    );
    let either = BookingEither::Date(Date::from_string("2024-02-30"));
    let built = Booking::builder().at(valid()).either(either).build();
    assert_eq!(violations(built), ["/either must be a date (RFC 3339)"]);
    let unchecked = Booking::builder().at(Timestamp::unchecked("now")).build();
    let unchecked = unchecked.expect("the caller wants it");
    assert_eq!(locations(unchecked.validate()), ["/at"]);
}

#[tokio::test]
async fn requests_are_sent_with_what_was_decoded_only() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::start([]).await?;
    let client = Client::builder().base_url(&server.url).build()?;
    let refused = |error: Option<Error<_>>| match error {
        Some(Error::Validation(error)) => locations(Err::<(), _>(error)),
        _ => Vec::new(),
    };
    let valid: Booking = read(&format!(r#"{{"at":"{AT}"}}"#));
    let day = || "2024-02-29".parse::<Date>();
    let mut invalid = valid.clone();
    invalid.days = Some(vec![Date::from_string("never")]);
    invalid.guest = Some(read("{}"));
    invalid.guest.iter_mut().for_each(|guest| guest.born = Some(Date::from_string("")));
    let sent = client.book(day()?, invalid).send().await;
    assert_eq!(refused(sent.err()), ["/days/0", "/guest/born"]);
    let sent = client.book(Date::from_string("today"), valid.clone()).send().await;
    assert_eq!(refused(sent.err()), ["/day"]);
    let changed = [Timestamp::from_string(AT), Timestamp::from_string("2026-07-14")];
    let sent = client.book(day()?, valid).changed(changed).send().await;
    assert_eq!(refused(sent.err()), ["/changed/1"]);
    assert_eq!(server.seen(), [""; 0]);

    let sent = client.book(Date::unchecked("today"), read::<Booking>(UNUSUAL)).send().await;
    assert!(sent.is_err(), "the server of this test has no content");
    let seen = server.seen();
    let [line] = seen.as_slice() else { panic!("{seen:?}") };
    let json = line.strip_prefix("PUT /bookings/today ").ok_or(line.as_str())?;
    assert_eq!(read::<serde_json::Value>(json), read::<serde_json::Value>(UNUSUAL));
    Ok(())
}

#[test]
fn lengths_and_patterns_are_those_of_the_string() {
    let booking =
        |properties: &str| -> Booking { unchanged(&format!(r#"{{"at":"{AT}",{properties}}}"#)) };
    assert_eq!(
        locations(booking(r#""first":"2024-05-01","exact":"2026-07-14T10:00:00.000Z""#).validate()),
        [""; 0]
    );
    for (properties, expected) in [
        (r#""first":"2024-05-02""#, "/first must match the pattern `-01$`"),
        (r#""exact":"2026-07-14T10:00:00Z""#, "/exact must have at least 24 characters, has 20"),
        (
            r#""exact":"2026-07-14T10:00:00.12345678901Z""#,
            "/exact must have at most 30 characters, has 32",
        ),
    ] {
        assert_eq!(violations(booking(properties).validate()), [expected]);
    }
    let built = Booking::builder()
        .at(AT.parse().expect("a timestamp"))
        .first("2024-05-02".parse().expect("a date"))
        .build();
    assert_eq!(violations(built), ["/first must match the pattern `-01$`"]);
}
