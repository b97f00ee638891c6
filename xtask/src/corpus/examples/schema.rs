//! Whether a value contradicts its schema, decided without the generator: an interpretation of
//! the keywords of OpenAPI 3.0 and 3.1 that affect types.
//!
//! In doubt the value is valid: one matching variant of a `oneOf` is enough, even if several
//! match. Unknown keywords and formats, and references to other documents, allow everything.

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::difference::equal_numbers;
use super::{original, time};

/// The maximum depth, which ends the evaluation of schemas that only reference themselves.
const DEPTH: usize = 100;

/// Returns how a value contradicts the schema at a JSON pointer; none if it does not.
pub(super) fn contradiction(root: &Value, schema: &str, value: &Value) -> Option<String> {
    contradicts(root, original::schema(root, schema)?, value)
}

/// Returns how a value contradicts a schema of a document; none if it does not.
pub(in crate::corpus) fn contradicts(
    root: &Value,
    schema: &Value,
    value: &Value,
) -> Option<String> {
    let checker = Checker { root, is_old: is_old(root) };
    checker.check(schema, value, &mut String::new(), 0).err()
}

/// Returns whether a document is OpenAPI 3.0, or Swagger 2.0.
pub(in crate::corpus) fn is_old(root: &Value) -> bool {
    match root.get("openapi").and_then(Value::as_str) {
        Some(version) => version.starts_with("3.0"),
        None => root.get("swagger").is_some(),
    }
}

struct Checker<'a> {
    root: &'a Value,
    /// Whether this is OpenAPI 3.0 or Swagger 2.0, which ignores keywords next to a reference.
    is_old: bool,
}

type Verdict = Result<(), String>;

impl Checker<'_> {
    fn check(&self, schema: &Value, value: &Value, at: &mut String, depth: usize) -> Verdict {
        let Value::Object(schema) = schema else {
            return match schema {
                Value::Bool(false) => invalid(at, "nothing is allowed"),
                _ => Ok(()),
            };
        };
        if depth > DEPTH {
            return Ok(());
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            if let Some(target) = self.target(reference) {
                self.check(target, value, at, depth + 1)?;
            }
            if self.is_old {
                return Ok(());
            }
        }
        let is_true = |key: &str| schema.get(key) == Some(&Value::Bool(true));
        if value.is_null() && (is_true("nullable") || is_true("x-nullable")) {
            return Ok(());
        }
        self.values(schema, value, at)?;
        self.combined(schema, value, at, depth)?;
        match value {
            Value::String(value) => strings(schema, value, at),
            Value::Number(_) => numbers(schema, value.as_f64().unwrap_or_default(), value, at),
            Value::Array(items) => self.items(schema, items, at, depth),
            Value::Object(entries) => self.properties(schema, entries, at, depth),
            Value::Null | Value::Bool(_) => Ok(()),
        }
    }

    fn target(&self, reference: &str) -> Option<&Value> {
        let pointer = reference.strip_prefix('#')?;
        self.root.pointer(&pointer.replace("%7B", "{").replace("%7D", "}").replace("%20", " "))
    }

    fn values(&self, schema: &Map<String, Value>, value: &Value, at: &str) -> Verdict {
        let fits = match schema.get("type") {
            Some(Value::String(name)) => is_of_type(value, name),
            Some(Value::Array(names)) => {
                names.iter().filter_map(Value::as_str).any(|name| is_of_type(value, name))
            }
            _ => true,
        };
        if !fits {
            return invalid(at, &format!("the type is {}", schema["type"]));
        }
        let known = schema.get("enum").and_then(Value::as_array);
        if known.is_some_and(|known| !known.iter().any(|one| equal(one, value))) {
            return invalid(at, "it is not one of the values of `enum`");
        }
        match schema.get("const") {
            Some(only) if !equal(only, value) => invalid(at, &format!("`const` is {only}")),
            _ => Ok(()),
        }
    }

    fn combined(
        &self,
        schema: &Map<String, Value>,
        value: &Value,
        at: &mut String,
        depth: usize,
    ) -> Verdict {
        for member in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.check(member, value, at, depth + 1)?;
        }
        if let Some(target) = self.discriminated(schema, value) {
            self.check(target, value, at, depth + 1)?;
        }
        for key in ["anyOf", "oneOf"] {
            let Some(members) = schema.get(key).and_then(Value::as_array) else { continue };
            let verdicts: Vec<Verdict> =
                members.iter().map(|member| self.check(member, value, at, depth + 1)).collect();
            // Alternatives without types of their own are conditions, of which one holds.
            let valid = verdicts.iter().filter(|verdict| verdict.is_ok()).count();
            if key == "oneOf" && valid > 1 && members.iter().all(is_condition) {
                return invalid(at, "more than one of `oneOf` fits");
            }
            if !verdicts.is_empty() && verdicts.iter().all(Result::is_err) {
                let why: Vec<String> = verdicts.into_iter().filter_map(Result::err).collect();
                return invalid(at, &format!("none of `{key}` fits: {}", why.join("; ")));
            }
        }
        match schema.get("not") {
            Some(not) if self.check(not, value, at, depth + 1).is_ok() => {
                invalid(at, "it is what `not` excludes")
            }
            _ => Ok(()),
        }
    }

    /// Returns the schema that the discriminator of a union selects.
    fn discriminated(&self, schema: &Map<String, Value>, value: &Value) -> Option<&Value> {
        if !schema.contains_key("oneOf") && !schema.contains_key("anyOf") {
            return None;
        }
        let discriminator = schema.get("discriminator")?;
        let tag = value.get(discriminator.get("propertyName")?.as_str()?)?.as_str()?;
        let mapped = discriminator.get("mapping").and_then(|mapping| mapping.get(tag)?.as_str());
        let name = mapped.unwrap_or(tag);
        self.target(name).or_else(|| self.root.get("components")?.get("schemas")?.get(name))
    }

    fn items(
        &self,
        schema: &Map<String, Value>,
        items: &[Value],
        at: &mut String,
        depth: usize,
    ) -> Verdict {
        counted(schema, "minItems", "maxItems", items.len(), at)?;
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
            let twice = |i: usize| items[..i].iter().any(|other| equal(other, &items[i]));
            if (0..items.len()).any(twice) {
                return invalid(at, "it has a duplicate element");
            }
        }
        let (Some(of), None) = (schema.get("items"), schema.get("prefixItems")) else {
            return Ok(());
        };
        for (i, item) in items.iter().enumerate() {
            self.within(of, item, &i.to_string(), at, depth)?;
        }
        Ok(())
    }

    fn properties(
        &self,
        schema: &Map<String, Value>,
        entries: &Map<String, Value>,
        at: &mut String,
        depth: usize,
    ) -> Verdict {
        counted(schema, "minProperties", "maxProperties", entries.len(), at)?;
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            if name.as_str().is_some_and(|name| !entries.contains_key(name)) {
                return invalid(at, &format!("{name} is required"));
            }
        }
        let named = schema.get("properties").and_then(Value::as_object);
        let further = schema
            .get("additionalProperties")
            .filter(|_| !schema.contains_key("patternProperties"));
        for (key, value) in entries {
            match (named.and_then(|named| named.get(key)), further) {
                (Some(of), _) | (None, Some(of)) => self.within(of, value, key, at, depth)?,
                (None, None) => {}
            }
        }
        Ok(())
    }

    fn within(
        &self,
        schema: &Value,
        value: &Value,
        key: &str,
        at: &mut String,
        depth: usize,
    ) -> Verdict {
        let length = at.len();
        at.push('/');
        at.push_str(key);
        let verdict = self.check(schema, value, at, depth + 1);
        at.truncate(length);
        verdict
    }
}

/// Returns whether a schema only restricts which properties are present.
fn is_condition(schema: &Value) -> bool {
    let keywords = ["required", "not", "description", "title"];
    schema.as_object().is_some_and(|schema| {
        schema.contains_key("required") && schema.keys().all(|key| keywords.contains(&key.as_str()))
    })
}

fn invalid(at: &str, why: &str) -> Verdict {
    Err(if at.is_empty() { why.to_owned() } else { format!("{why} (at `{at}`)") })
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match value {
        Value::Null => name == "null",
        Value::Bool(_) => name == "boolean",
        Value::Number(number) => {
            let is_whole = || number.as_f64().is_none_or(|number| number.fract() == 0.0);
            name == "number" || (name == "integer" && is_whole())
        }
        Value::String(_) => name == "string",
        Value::Array(_) => name == "array",
        Value::Object(_) => name == "object",
    }
}

fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => equal_numbers(a, b),
        _ => a == b,
    }
}

fn counted(
    schema: &Map<String, Value>,
    least: &str,
    most: &str,
    count: usize,
    at: &str,
) -> Verdict {
    let limit = |key: &str| schema.get(key).and_then(Value::as_u64);
    if limit(least).is_some_and(|limit| (count as u64) < limit) {
        return invalid(at, &format!("`{least}` is {}", schema[least]));
    }
    if limit(most).is_some_and(|limit| count as u64 > limit) {
        return invalid(at, &format!("`{most}` is {}", schema[most]));
    }
    Ok(())
}

fn strings(schema: &Map<String, Value>, value: &str, at: &str) -> Verdict {
    counted(schema, "minLength", "maxLength", value.chars().count(), at)?;
    let pattern = schema.get("pattern").and_then(Value::as_str);
    if let Some(pattern) = pattern.and_then(|pattern| Regex::new(pattern).ok())
        && !pattern.is_match(value)
    {
        return invalid(at, &format!("`pattern` is {pattern}"));
    }
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let fits = match format {
        "date-time" => time::timestamp(value).is_some(),
        "date" => time::day(value).is_some(),
        "uuid" => is_uuid(value),
        "byte" | "base64" => is_base64(value),
        _ => true,
    };
    if fits { Ok(()) } else { invalid(at, &format!("`format` is {format}")) }
}

fn is_uuid(value: &str) -> bool {
    let lengths: Vec<usize> = value.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && value.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

fn is_base64(value: &str) -> bool {
    let content = value.trim_end_matches('=');
    value.len() - content.len() <= 2
        && content.chars().all(|c| c.is_ascii_alphanumeric() || "+/-_".contains(c))
}

fn numbers(schema: &Map<String, Value>, number: f64, value: &Value, at: &str) -> Verdict {
    let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
    // In 3.0 these are booleans that make the limits next to them exclusive; in 3.1 they are limits.
    let is_outside = |key: &str| schema.get(key) == Some(&Value::Bool(true));
    let out = [
        ("minimum", limit("minimum").is_some_and(|least| number < least)),
        ("maximum", limit("maximum").is_some_and(|most| number > most)),
        (
            "exclusiveMinimum",
            limit("exclusiveMinimum").is_some_and(|least| number <= least)
                || (is_outside("exclusiveMinimum") && limit("minimum") == Some(number)),
        ),
        (
            "exclusiveMaximum",
            limit("exclusiveMaximum").is_some_and(|most| number >= most)
                || (is_outside("exclusiveMaximum") && limit("maximum") == Some(number)),
        ),
    ];
    if let Some((key, _)) = out.iter().find(|(_, is_out)| *is_out) {
        return invalid(at, &format!("`{key}` is {}", schema[*key]));
    }
    let is_integer = schema.get("type").and_then(Value::as_str) == Some("integer");
    let fits = match schema.get("format").and_then(Value::as_str).filter(|_| is_integer) {
        Some("int32") => value.as_i64().is_none_or(|number| i32::try_from(number).is_ok()),
        Some("uint64") => number >= 0.0,
        Some("int64") => value.as_u64().is_none_or(|number| i64::try_from(number).is_ok()),
        _ => true,
    };
    if fits { Ok(()) } else { invalid(at, &format!("`format` is {}", schema["format"])) }
}

#[cfg(test)]
mod tests;
