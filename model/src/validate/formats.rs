//! Formats of strings and numbers.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Validate, Validator};
use crate::scalar::time::offset_of;
use crate::scalar::{Base64, Base64Url, Date, Number, Timestamp, Validity};

impl Validator {
    /// `format` of a string: `date`, `date-time`, `duration`, `ipv4`, `ipv6`, `time`, `uri`,
    /// `uri-reference` or `uuid`.
    pub fn format(&mut self, string: &str, format: &str) {
        let (fits, name) = match format {
            "date" => (string.parse::<Date>().is_ok(), "a date (RFC 3339)"),
            "date-time" => (string.parse::<Timestamp>().is_ok(), "a timestamp (RFC 3339)"),
            "duration" => (is_duration(string), "a duration (ISO 8601)"),
            "ipv4" => (string.parse::<Ipv4Addr>().is_ok(), "an IPv4 address"),
            "ipv6" => (string.parse::<Ipv6Addr>().is_ok(), "an IPv6 address"),
            // Many APIs have times without an offset.
            "time" => (offset_of(string).is_some(), "a time (RFC 3339)"),
            "uri" | "url" => (is_uri(string), "a URI (RFC 3986)"),
            "uri-reference" => (has_uri_characters(string), "a URI reference (RFC 3986)"),
            "uuid" => (is_uuid(string), "a UUID (RFC 9562)"),
            _ => return,
        };
        self.require(fits, format_args!("must be {name}"));
    }

    fn validity(&mut self, validity: Validity, message: &str) {
        let holds = match validity {
            Validity::Valid => true,
            Validity::Accepted => !self.is_complete,
            Validity::Invalid => false,
        };
        self.require(holds, message);
    }

    /// `format: float`: the number is in the range of an `f32`.
    pub fn float(&mut self, number: &Number) {
        let fits = number.as_f64().abs() <= f64::from(f32::MAX);
        self.limited(fits, format_args!("must be a number of 32 bits"), number);
    }
}

impl Validate for Timestamp {
    fn check(&self, checks: &mut Validator) {
        checks.validity(self.validity(), "must be a timestamp (RFC 3339)");
    }
}

impl Validate for Date {
    fn check(&self, checks: &mut Validator) {
        checks.validity(self.validity(), "must be a date (RFC 3339)");
    }
}

impl Validate for Base64 {
    fn check(&self, checks: &mut Validator) {
        checks.validity(self.validity(), "must be base64");
    }
}

impl Validate for Base64Url {
    fn check(&self, checks: &mut Validator) {
        checks.validity(self.validity(), "must be base64");
    }
}

fn is_uuid(string: &str) -> bool {
    let is_part = |byte: u8, i: usize| match i {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    string.len() == 36 && string.bytes().enumerate().all(|(i, byte)| is_part(byte, i))
}

fn is_uri(string: &str) -> bool {
    let Some((scheme, _)) = string.split_once(':') else { return false };
    let is_in_scheme =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(is_in_scheme)
        && has_uri_characters(string)
}

/// Characters beyond ASCII are accepted, since browsers accept them (they are those of IRIs).
fn has_uri_characters(string: &str) -> bool {
    let is_allowed = |c: char| {
        !c.is_control() && !matches!(c, ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}')
    };
    let is_encoded = |(at, _): (usize, &str)| {
        let digits = string.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    string.chars().all(is_allowed) && string.match_indices('%').all(is_encoded)
}

/// `P1Y2M3DT4H5M6.5S` or `P2W`, also negative.
fn is_duration(string: &str) -> bool {
    let unsigned = string.strip_prefix(['-', '+']).unwrap_or(string);
    let Some(parts) = unsigned.strip_prefix('P') else { return false };
    let (date, time) = match parts.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (parts, None),
    };
    let is_complete = |time: &str| !time.is_empty() && has_units(time, "HMS");
    has_units(date, "YMWD") && time.map_or(!date.is_empty(), is_complete)
}

/// Whether a string consists of numbers that are followed by these units, in this order.
fn has_units(mut string: &str, units: &str) -> bool {
    let mut left = units.chars();
    while !string.is_empty() {
        let rest =
            string.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
        let number = &string[..string.len() - rest.len()];
        let is_number = number.starts_with(|c: char| c.is_ascii_digit())
            && number.ends_with(|c: char| c.is_ascii_digit())
            && number.matches(['.', ',']).count() <= 1;
        let mut characters = rest.chars();
        let is_unit = characters.next().is_some_and(|unit| left.any(|known| known == unit));
        if !is_number || !is_unit {
            return false;
        }
        string = characters.as_str();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(format: &'static str, string: &str) -> bool {
        let mut checks = Validator::new();
        checks.format(string, format);
        checks.finish().is_ok()
    }

    #[test]
    fn formats_are_checked() {
        for (format, valid, invalid) in [
            (
                "uuid",
                vec![
                    "2EB8AA08-aa98-11ea-b4aa-73b441d16380",
                    "00000000-0000-0000-0000-000000000000",
                ],
                vec![
                    "",
                    "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
                    "2eb8aa08aa9811eab4aa73b441d16380",
                    "2eb8aa08-aa98-11ea-b4aa-73b441d1638g",
                ],
            ),
            (
                "uri",
                vec![
                    "https://example.com/a?b=c#d",
                    "urn:isbn:1",
                    "mailto:a@b.c",
                    "https://[::1]/%20",
                    "https://ex.com/\u{fc}",
                ],
                vec![
                    "",
                    "/relative",
                    "example.com",
                    "http://a b",
                    "1a:b",
                    "http://a/%2",
                    "http://a/{id}",
                ],
            ),
            ("uri-reference", vec!["", "/a/b", "a?b", "https://a"], vec!["a b", "%", "\\\\host"]),
            ("ipv4", vec!["127.0.0.1"], vec!["", "127.0.0", "256.0.0.1", "127.0.0.01", "::1"]),
            (
                "ipv6",
                vec!["::1", "2001:db8::ff00:42:8329"],
                vec!["", "127.0.0.1", "12345::", "::1%eth0"],
            ),
            (
                "time",
                vec!["12:30:00", "12:30:00Z", "23:59:60.123456Z", "08:30:06+00:20", "08:30:06.28z"],
                vec!["", "12:30", "24:00:00Z", "12:60:00Z", "12:30:00.Z", "12:30:00+1", "1:30:00"],
            ),
            (
                "duration",
                vec!["P4DT12H30M5S", "PT0S", "P2W", "-P1Y", "PT1.5S", "P1Y2M3D"],
                vec!["", "P", "PT", "P1", "4DT", "P1S", "PT1D", "P2D1Y", "P1YT", "P\u{fc}Y"],
            ),
        ] {
            for string in valid {
                assert!(fits(format, string), "{format}: {string}");
            }
            for string in invalid {
                assert!(!fits(format, string), "{format}: {string}");
            }
        }
    }

    #[test]
    fn floats_have_the_range_of_32_bits() {
        for (number, fits) in [(3.4e38, true), (-3.5e38, false), (0.1, true), (f64::NAN, false)] {
            let mut checks = Validator::new();
            checks.float(&number.into());
            assert_eq!(checks.finish().is_ok(), fits, "{number}");
        }
    }
}
