//! Trees as YAML.

use serde_json::Value;

/// Returns a tree as YAML, with keys in their order. Strings that could be read as something else are
/// quoted.
///
/// # Errors
/// Returns an error if the value cannot be represented in YAML.
pub(crate) fn to_yaml(value: &Value) -> Result<String, String> {
    serde_yaml::to_string(value).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::to_yaml;

    #[test]
    fn trees_are_read_as_they_were_written() {
        for json in [
            r#"{"b":"yes","a":["no","1.10","0x1f","~","null","2024-01-01","1_000","12:30:45"]}"#,
            r##"{"200":{"x":"a\nb\n"},"x":" a\n b","y":"a\n\n","z":"\n","#":"# a: b","merge":"<<"}"##,
            r#"{"numbers":[1,-1,1.5,1e300,18446744073709551615],"empty":[{},[],"",null,true]}"#,
            r#"{"odd":"\u0085\u2028\ufeff\u0007\t","tab\t":"'\"\\","key: ":"- a"}"#,
        ] {
            let value: serde_json::Value = serde_json::from_str(json).unwrap();
            let yaml = to_yaml(&value).unwrap();
            let read = parse(&yaml).map(|parsed| parsed.value.to_string());
            assert_eq!(read.map_err(|error| error.message), Ok(value.to_string()), "{yaml}");
        }
    }
}
