//! Encoding of types that do not implement the traits of serde, or implement them in another form.
//! The configuration names these modules with `with`.

/// Strings, of types that implement [`Display`](std::fmt::Display) and
/// [`FromStr`](std::str::FromStr).
///
/// ```
/// use std::net::IpAddr;
///
/// use specwright_model::scalar::adapt::string;
///
/// let address: IpAddr = string::deserialize(&mut serde_json::Deserializer::from_str("\"::1\""))?;
/// assert!(address.is_loopback());
/// # Ok::<(), serde_json::Error>(())
/// ```
pub mod string {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Encodes a value as a string.
    ///
    /// # Errors
    /// Returns the error of the serializer.
    pub fn serialize<T: Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    /// Decodes a value from a string.
    ///
    /// # Errors
    /// Returns an error if there is not a string, or if it cannot be parsed.
    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Numbers with all their digits, of types that implement [`Display`](std::fmt::Display) and
/// [`FromStr`](std::str::FromStr), such as decimals.
pub mod number {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error as _;
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::scalar::Number;

    /// Encodes a value as a number.
    ///
    /// # Errors
    /// Returns an error if the value is not written as a number.
    pub fn serialize<T: Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let number: Number = value.to_string().parse().map_err(S::Error::custom)?;
        number.serialize(serializer)
    }

    /// Decodes a value from a number.
    ///
    /// # Errors
    /// Returns an error if there is not a number, or if it cannot be parsed.
    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        Number::deserialize(deserializer)?.to_string().parse().map_err(D::Error::custom)
    }
}

/// Checks that a type of the user has what generated code needs.
///
/// ```compile_fail,E0277
/// #[derive(Clone, Debug, PartialEq)]
/// struct WithoutSerde;
///
/// const _: () = specwright_model::scalar::adapt::check_user_type::<WithoutSerde>();
/// ```
pub const fn check_user_type<T>()
where
    T: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static,
    T: serde::Serialize + serde::de::DeserializeOwned,
{
}

#[cfg(test)]
mod tests {
    use super::{number, string};

    #[test]
    fn numbers_keep_their_digits() {
        for json in ["1.50", "-0.000000000000000000000000000001", "12345678901234567890123"] {
            let digits: String =
                number::deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap();
            assert_eq!(digits, json);
            let mut encoded = Vec::new();
            number::serialize(&digits, &mut serde_json::Serializer::new(&mut encoded)).unwrap();
            assert_eq!(encoded, json.as_bytes());
        }
        let from_string: Result<f64, _> =
            number::deserialize(&mut serde_json::Deserializer::from_str("\"1\""));
        assert!(from_string.is_err());
        let mut encoded = Vec::new();
        assert!(number::serialize(&"x", &mut serde_json::Serializer::new(&mut encoded)).is_err());
    }

    #[test]
    fn strings_that_do_not_fit_are_errors() {
        let parsed: Result<u8, _> =
            string::deserialize(&mut serde_json::Deserializer::from_str("\"300\""));
        assert!(parsed.is_err_and(|error| error.to_string().contains("too large")));
    }
}
