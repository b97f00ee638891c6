//! Bytes that are encoded as strings.

use std::fmt;

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::fit;
use super::time::{Validity, is_strict};

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes that are sent in base64 (`format: byte`, `contentEncoding: base64`), as they were sent.
///
/// ```
/// use specwright_model::scalar::Base64;
///
/// let sent = Base64::from(b"hi!");
/// assert_eq!(sent.as_str(), "aGkh");
/// let received: Base64 = serde_json::from_str(r#""aGk""#)?;
/// assert_eq!(received.bytes().as_deref(), Some(&b"hi"[..]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Base64(Encoded);

/// Bytes that are sent in base64 with the alphabet for URLs, without padding (`base64url`).
#[derive(Clone, Default)]
pub struct Base64Url(Encoded);

/// A string in base64, or one that was sent instead.
#[derive(Clone, Default)]
struct Encoded {
    string: Box<str>,
    /// Whether it may be sent although it is not base64: because it was decoded.
    is_accepted: bool,
}

macro_rules! encoded {
    ($name:ident, $alphabet:ident, $is_padded:literal) => {
        impl $name {
            /// Returns the bytes; `None` if the string is not base64. Both alphabets are accepted,
            /// with or without padding, and white space is ignored.
            #[must_use]
            pub fn bytes(&self) -> Option<Vec<u8>> {
                decode(&self.0.string)
            }

            /// Returns the string as it is sent.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0.string
            }

            /// Creates a value from a string that is already encoded. One that is not base64 is a
            /// violation in `validate()`, builders and requests.
            #[must_use]
            pub fn from_string(string: impl Into<String>) -> Self {
                Self(Encoded { string: string.into().into(), is_accepted: false })
            }

            /// Returns whether it is base64; if not, whether it is to be sent nevertheless.
            pub(crate) fn validity(&self) -> Validity {
                match self.0.is_accepted {
                    _ if self.bytes().is_some() => Validity::Valid,
                    true => Validity::Accepted,
                    false => Validity::Invalid,
                }
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl Eq for $name {}

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl From<&[u8]> for $name {
            fn from(bytes: &[u8]) -> Self {
                Self::from_string(encode(bytes, $alphabet, $is_padded))
            }
        }

        impl From<Vec<u8>> for $name {
            fn from(bytes: Vec<u8>) -> Self {
                bytes.as_slice().into()
            }
        }

        impl From<bytes::Bytes> for $name {
            fn from(bytes: bytes::Bytes) -> Self {
                bytes.as_ref().into()
            }
        }

        impl<const N: usize> From<&[u8; N]> for $name {
            fn from(bytes: &[u8; N]) -> Self {
                bytes.as_slice().into()
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                self.as_str()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), f)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let string = Box::<str>::deserialize(deserializer)?;
                if (is_strict() || fit::is_counting()) && decode(&string).is_none() {
                    if is_strict() {
                        return Err(D::Error::invalid_value(Unexpected::Str(&string), &"base64"));
                    }
                    fit::unknown();
                }
                Ok(Self(Encoded { string, is_accepted: true }))
            }
        }
    };
}

encoded!(Base64, STANDARD, true);
encoded!(Base64Url, URL, false);

fn encode(bytes: &[u8], alphabet: &[u8; 64], is_padded: bool) -> String {
    let mut string = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or_default());
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            if i <= chunk.len() {
                let index = (group >> (18 - 6 * i)) & 63;
                string.push(char::from(alphabet[index as usize]));
            } else if is_padded {
                string.push('=');
            }
        }
    }
    string
}

fn decode(string: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(string.len() / 4 * 3);
    let (mut group, mut count, mut padding) = (0_u32, 0, 0);
    for byte in string.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        group = group << 6 | u32::from(value);
        count += 1;
        if count == 4 {
            bytes.extend_from_slice(&group.to_be_bytes()[1..]);
            (group, count) = (0, 0);
        }
    }
    match (count, padding) {
        (0, 0) => {}
        (2, 0 | 2) => bytes.push((group >> 4) as u8),
        (3, 0 | 1) => bytes.extend_from_slice(&[(group >> 10) as u8, (group >> 2) as u8]),
        _ => return None,
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::strict;

    #[test]
    fn bytes_round_trip() {
        let all: Vec<u8> = (0..=255).collect();
        for length in (0..=256).chain([0, 1, 2, 3]) {
            let bytes = all[..length].to_vec();
            assert_eq!(Base64::from(bytes.clone()).bytes(), Some(bytes.clone()));
            assert_eq!(Base64Url::from(bytes.clone()).bytes(), Some(bytes));
        }
        assert_eq!(Base64::from(b"\xfb\xff").as_str(), "+/8=");
        assert_eq!(Base64Url::from(b"\xfb\xff").as_str(), "-_8");
    }

    #[test]
    fn strings_are_kept() {
        for (string, bytes) in [
            ("aGkh", Some(&b"hi!"[..])),
            ("aGk=", Some(b"hi")),
            ("aGk", Some(b"hi")),
            ("aG\\nk=", Some(b"hi")),
            ("-_8", Some(b"\xfb\xff")),
            ("", Some(b"")),
            ("a", None),
            ("aGk==", None),
            ("=aGk", None),
            ("no!", None),
        ] {
            let json = format!("\"{string}\"");
            let decoded: Base64 = serde_json::from_str(&json).expect("any string is kept");
            assert_eq!(decoded.bytes().as_deref(), bytes, "{string}");
            assert_eq!(serde_json::to_string(&decoded).expect("it can be encoded"), json);
            let checked = strict(|| serde_json::from_str::<Base64>(&json));
            assert_eq!(checked.is_ok(), bytes.is_some(), "{string}");
        }
    }
}
