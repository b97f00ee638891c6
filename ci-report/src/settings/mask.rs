//! Removes credentials from everything that is sent or stored.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::environment::Environment;

/// What a masked value is replaced with.
const REPLACEMENT: &str = "***";
/// Parts of the names of variables that hold credentials. Names that only end in `KEY` are not
/// among them: cache keys and the like have values such as `main`.
const CREDENTIALS: &[&str] = &[
    "TOKEN",
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "PWD_",
    "API_KEY",
    "APIKEY",
    "APP_KEY",
    "ACCESS_KEY",
    "PRIVATE_KEY",
    "SIGNING_KEY",
    "ENCRYPTION_KEY",
    "SSH_KEY",
    "DEPLOY_KEY",
    "CREDENTIAL",
    "AUTH",
    "COOKIE",
    "WEBHOOK_URL",
    "DATABASE_URL",
    "CONNECTION_STRING",
    "JWT",
];
/// Ends of the names of variables that hold credentials.
const CREDENTIAL_ENDS: &[&str] = &["_DSN", "_PAT"];
/// Parts of names that contain a part above and mean something else.
const OTHERS: &[&str] = &["AUTHOR", "SSH_AUTH_SOCK", "XAUTHORITY"];
/// The minimum length of the values of variables that only look like credentials, in bytes. Shorter
/// ones, such as `1`, are part of too many other strings.
const MIN_LENGTH: usize = 4;
/// Values that are no credentials, whatever the name of their variable. `local` is the key of an
/// intake on this machine.
const HARMLESS: &[&str] =
    &["true", "false", "none", "null", "basic", "bearer", "https", "oauth", "default", "local"];
/// Properties of events whose values are defined by the API.
const DEFINED: &[&str] = &["level", "status", "start", "end"];

/// Values that are replaced by `***`.
#[derive(Clone, Default)]
pub(crate) struct Mask {
    values: Vec<String>,
}

impl Mask {
    /// Masks the values of variables that look like credentials, and of the named ones.
    pub(crate) fn new(
        environment: &Environment,
        named: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Self {
        Self::default().with_credentials(environment).with(environment, named)
    }

    /// Masks the values of more variables that look like credentials.
    pub(crate) fn with_credentials(mut self, environment: &Environment) -> Self {
        let secret = environment.iter().filter(|(name, value)| {
            looks_like_a_credential(name) && value.len() >= MIN_LENGTH && !is_harmless(value)
        });
        for (_, value) in secret {
            self.insert(value, MIN_LENGTH);
        }
        self.sort();
        self
    }

    /// Masks the values of more variables.
    pub(crate) fn with(
        mut self,
        environment: &Environment,
        named: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Self {
        for name in named {
            if let Some(value) = environment.get(name.as_ref()) {
                self.insert(value, 1);
            }
        }
        self.sort();
        self
    }

    fn sort(&mut self) {
        let values: BTreeSet<String> = self.values.drain(..).collect();
        self.values = values.into_iter().collect();
    }

    /// Adds a value and its lines, also as they are written in URLs, in JSON and in a line of shell.
    fn insert(&mut self, value: &str, min_length: usize) {
        let mut add = |value: &str| {
            let value = value.trim();
            if value.len() >= min_length.max(1) && !value.is_empty() {
                self.values.push(value.to_owned());
                let encoded = percent_encoded(value);
                self.values.push(encoded.replace("%20", "+"));
                self.values.push(lowercase_escapes(&encoded));
                self.values.push(encoded);
                self.values.push(value.replace('\'', r"'\''"));
                let json = Value::from(value).to_string();
                let json = json.strip_prefix('"').and_then(|json| json.strip_suffix('"'));
                self.values.extend(json.map(str::to_owned));
            }
        };
        add(value);
        if value.contains('\n') {
            // A key in several lines may be quoted in part. Its first and last line are the same in
            // all keys.
            value
                .lines()
                .filter(|line| line.len() >= 8 && !line.starts_with("-----"))
                .for_each(add);
        }
    }

    /// Returns the string without masked values.
    pub(crate) fn apply(&self, string: impl Into<String>) -> String {
        self.apply_from(string, 0)
    }

    /// Returns the string from a position on, without masked values. No part is left of one that the
    /// position is within.
    pub(crate) fn apply_from(&self, string: impl Into<String>, from: usize) -> String {
        let string = string.into();
        // Values may overlap: everything that belongs to one of them is removed.
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for value in &self.values {
            let found = string.match_indices(value.as_str());
            ranges.extend(found.map(|(start, found)| (start, start + found.len())));
        }
        ranges.retain(|(_, end)| *end > from);
        if ranges.is_empty() && from == 0 {
            return string;
        }
        ranges.sort_unstable();
        let (mut masked, mut end) = (String::with_capacity(string.len()), from);
        for (start, next) in ranges {
            if start >= end || (start < from && masked.is_empty()) {
                masked += string.get(end..start).unwrap_or_default();
                masked += REPLACEMENT;
            }
            end = end.max(next);
        }
        masked += string.get(end..).unwrap_or_default();
        masked
    }

    /// Removes masked values from all strings of a document, except for values that the API defines,
    /// such as `success`. Keys of parameters are masked, names of properties are not.
    pub(crate) fn json(&self, value: &mut Value) {
        if self.values.is_empty() {
            return;
        }
        match value {
            Value::String(string) => *string = self.apply(std::mem::take(string)),
            Value::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Value::Object(properties) => {
                for (name, value) in properties.iter_mut() {
                    if name == "parameters" {
                        self.entries(value);
                    } else if !DEFINED.contains(&name.as_str()) && !is_type_of_data(name, value) {
                        self.json(value);
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn entries(&self, value: &mut Value) {
        if let Value::Object(entries) = value {
            let masked = std::mem::take(entries).into_iter().map(|(name, mut value)| {
                self.json(&mut value);
                (self.apply(name), value)
            });
            *entries = masked.collect();
        }
    }
}

/// Shows no value.
impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mask({} values)", self.values.len())
    }
}

/// Returns whether a property is the type of an event, which the API defines.
fn is_type_of_data(name: &str, value: &Value) -> bool {
    name == "type" && value == "cipipeline_resource_request"
}

fn looks_like_a_credential(name: &str) -> bool {
    let mut name = name.to_uppercase();
    for other in OTHERS {
        name = name.replace(other, "");
    }
    CREDENTIALS.iter().any(|part| name.contains(part))
        || CREDENTIAL_ENDS.iter().any(|end| name.ends_with(end))
}

fn is_harmless(value: &str) -> bool {
    HARMLESS.iter().any(|harmless| value.eq_ignore_ascii_case(harmless))
}

/// Encodes a string as a part of a URL.
fn percent_encoded(string: &str) -> String {
    let mut encoded = String::with_capacity(string.len());
    for byte in string.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded += &format!("%{byte:02X}"),
        }
    }
    encoded
}

/// Returns a percent-encoded string with lowercase digits, as some programs write it.
fn lowercase_escapes(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let mut string = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        string += &format!("%{}{rest}", digits.to_lowercase());
    }
    string
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mask(variables: &[(&str, &str)], named: &[&str]) -> Mask {
        Mask::new(&variables.iter().copied().collect(), named)
    }

    #[test]
    fn values_of_credentials_are_masked_in_all_encodings() {
        let mask = mask(
            &[
                ("GITHUB_TOKEN", "gh/secret"),
                ("PLAIN", "visible"),
                ("CHOSEN", "x1"),
                ("NPM_TOKEN_LEVEL", "1"),
                ("AUTH_ENABLED", "true"),
                ("CACHE_KEY", "main"),
                ("CI_COMMIT_AUTHOR", "visible"),
                ("LD_LIBRARY_PATH", "visible"),
                ("DEPLOY_SECRET", "gh/secret-longer"),
                ("KEY_SECRET", "-----BEGIN KEY-----\nAAAABBBBCCCC\n-----END KEY-----"),
            ],
            &["CHOSEN"],
        );
        let masked = mask
            .apply("gh/secret-longer gh/secret gh%2Fsecret visible x1 1 true main AAAABBBBCCCC");
        assert_eq!(masked, "*** *** *** visible *** 1 true main ***");
        assert!(!format!("{mask:?}").contains("secret"));
    }

    #[test]
    fn values_that_overlap_are_masked_as_a_whole() {
        let mask = mask(&[("A_TOKEN", "abcdef"), ("B_TOKEN", "efghij"), ("C_TOKEN", "cdef")], &[]);
        assert_eq!(mask.apply("-abcdefghij-cdef-efgh"), "-***-***-efgh");
        assert_eq!(mask.apply("abcdefcdef"), "******");
        assert_eq!(mask.apply_from("-abcdefghij-", 3), "***-");
        assert_eq!(mask.apply_from("-abcdef-abcdef-", 7), "-***-");
        assert_eq!(mask.apply_from("-cdef-", 6), "");
    }

    #[test]
    fn values_are_masked_as_other_programs_write_them() {
        let mask = mask(&[("A_SECRET", "it's \"a/b\"\tc")], &[]);
        for written in [
            "'it'\\''s \"a/b\"\tc'".to_owned(),
            json!({"key": "it's \"a/b\"\tc"}).to_string(),
            "https://x.y/it%27s%20%22a%2fb%22%09c".to_owned(),
            "https://x.y/?it%27s+%22a%2Fb%22%09c".to_owned(),
        ] {
            let masked = mask.apply(written.as_str());
            assert!(masked.contains("***") && !masked.contains("a"), "{written}: {masked}");
        }
    }

    #[test]
    fn values_that_the_api_defines_stay() {
        let mask = mask(&[("A_TOKEN", "success"), ("B_TOKEN", "pipeline")], &[]);
        let mut event = json!({"level": "pipeline", "status": "success", "name": "success",
            "tags": ["a:pipeline"], "parameters": {"success": "pipeline"}});
        mask.json(&mut event);
        assert_eq!(
            event,
            json!({"level": "pipeline", "status": "success", "name": "***", "tags": ["a:***"],
                "parameters": {"***": "***"}})
        );
    }
}
