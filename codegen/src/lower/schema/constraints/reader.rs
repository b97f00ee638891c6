//! Schemas as rules, which have no references and no keywords of OpenAPI 3.0.

use std::collections::BTreeSet;

use crate::select::local_pointer;
use crate::spec::Document;
use crate::text::pattern::translate;
use serde_json::{Map, Value, json};

/// Keywords of rules that `AnySchema` does not have.
pub(super) const MORE_KEYWORDS: [&str; 9] = [
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "if",
    "not",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "unevaluatedProperties",
];

/// Keywords of values of any type.
pub(super) const GENERAL: [&str; 3] = ["if", "not", "enum"];
pub(super) const STRINGS: [&str; 3] = ["maxLength", "minLength", "pattern"];
pub(super) const NUMBERS: [&str; 3] = ["maximum", "minimum", "multipleOf"];
pub(super) const LISTS: [&str; 6] =
    ["contains", "items", "maxItems", "minItems", "prefixItems", "uniqueItems"];
pub(super) const OBJECTS: [&str; 9] = [
    "additionalProperties",
    "dependentRequired",
    "dependentSchemas",
    "maxProperties",
    "minProperties",
    "patternProperties",
    "propertyNames",
    "required",
    "unevaluatedProperties",
];

/// Keywords that rules leave out.
const UNCHECKED: [&str; 2] = ["unevaluatedItems", "unevaluatedProperties"];

/// The formats of strings that rules check.
const FORMATS: [&str; 10] = [
    "date",
    "date-time",
    "duration",
    "ipv4",
    "ipv6",
    "time",
    "uri",
    "uri-reference",
    "url",
    "uuid",
];

/// The maximum number of nodes of a rule: a larger one would be most of the generated code.
const MAX_NODES: usize = 200;

/// Why a keyword does not become a rule.
pub(super) enum Reason {
    Pattern(String, String),
    /// It is recursive, too large, or cannot be left out in part.
    Unsupported,
}

/// Reads schemas as rules: references are replaced by their targets, and keywords of OpenAPI 3.0 by
/// those of JSON Schema.
pub(super) struct Reader<'d> {
    document: &'d Document,
    nodes: usize,
    /// Whether a constraint must not be left out, because a schema that accepts more would reject
    /// valid values.
    is_exact: bool,
    /// The references that are being replaced.
    open: BTreeSet<String>,
}

impl<'d> Reader<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self { document, nodes: 0, is_exact: false, open: BTreeSet::new() }
    }

    /// Returns the rules of a keyword, and of those that only have a meaning next to it.
    pub(super) fn keyword(
        &mut self,
        schema: &Map<String, Value>,
        keyword: &str,
    ) -> Result<Map<String, Value>, Reason> {
        let Some(value) = schema.get(keyword) else { return Ok(Map::new()) };
        let was_exact = self.is_exact;
        self.is_exact |= matches!(keyword, "if" | "not" | "oneOf" | "contains");
        let mut rules = Map::new();
        let flag = |key: &str| schema.get(key) == Some(&Value::Bool(true));
        let mut add = |key: &str, value: Value| drop(rules.insert(key.to_owned(), value));
        match keyword {
            "minimum" if flag("exclusiveMinimum") => add("exclusiveMinimum", value.clone()),
            "maximum" if flag("exclusiveMaximum") => add("exclusiveMaximum", value.clone()),
            "pattern" => add(keyword, regex(value.as_str().unwrap_or_default())?.into()),
            "if" => {
                for key in ["if", "then", "else"] {
                    if let Some(value) = schema.get(key) {
                        add(key, self.schema(value)?);
                    }
                }
            }
            "contains" => {
                add(keyword, self.schema(value)?);
                for key in ["minContains", "maxContains"] {
                    schema.get(key).into_iter().for_each(|limit| add(key, limit.clone()));
                }
            }
            "items" => {
                if let Some(Value::Array(prefix)) = schema.get("prefixItems") {
                    add("prefixItems", self.list(prefix)?);
                }
                add(keyword, self.schema(value)?);
            }
            "prefixItems" => {
                add(keyword, self.list(value.as_array().unwrap_or(&Vec::new()))?);
                if let Some(items) = schema.get("items") {
                    add("items", self.schema(items)?);
                }
            }
            "not" | "propertyNames" => add(keyword, self.schema(value)?),
            "allOf" | "anyOf" | "oneOf" => {
                let members = self.list(value.as_array().unwrap_or(&Vec::new()))?;
                let is_any = |rules: &&Value| **rules == json!({});
                // Alternatives that only differ in annotations are not meant to exclude each other.
                let is_vague = members.as_array().into_iter().flatten().filter(is_any).count() > 1;
                add(if is_vague { "anyOf" } else { keyword }, members);
            }
            "properties" | "dependentSchemas" => add(keyword, self.map(value, false)?),
            "patternProperties" | "additionalProperties" => {
                if let Some(patterns) = schema.get("patternProperties") {
                    add("patternProperties", self.map(patterns, true)?);
                }
                match schema.get("additionalProperties") {
                    None | Some(Value::Bool(true)) => {}
                    Some(values) => {
                        if let Some(Value::Object(properties)) = schema.get("properties") {
                            let names = properties.keys();
                            let names: Map<String, Value> =
                                names.map(|name| (name.clone(), Value::Bool(true))).collect();
                            add("properties", Value::Object(names));
                        }
                        add("additionalProperties", self.schema(values)?);
                    }
                }
            }
            _ => add(keyword, value.clone()),
        }
        self.is_exact = was_exact;
        Ok(rules)
    }

    fn list(&mut self, schemas: &[Value]) -> Result<Value, Reason> {
        schemas.iter().map(|schema| self.schema(schema)).collect::<Result<_, _>>().map(Value::Array)
    }

    fn map(&mut self, schemas: &Value, is_patterns: bool) -> Result<Value, Reason> {
        let mut rules = Map::new();
        for (name, schema) in schemas.as_object().into_iter().flatten() {
            let name = if is_patterns { regex(name)? } else { name.clone() };
            rules.insert(name, self.schema(schema)?);
        }
        Ok(Value::Object(rules))
    }

    fn schema(&mut self, schema: &Value) -> Result<Value, Reason> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Reason::Unsupported);
        }
        let Some(entries) = schema.as_object() else { return Ok(schema.clone()) };
        let format = entries.get("format").and_then(Value::as_str);
        let has_format = format.is_some_and(|format| FORMATS.contains(&format));
        let is_left_out = |key: &&str| entries.contains_key(*key);
        if self.is_exact && (UNCHECKED.iter().any(is_left_out) || (format.is_some() && !has_format))
        {
            return Err(Reason::Unsupported);
        }
        if let Some(reference) = entries.get("$ref").and_then(Value::as_str) {
            let target = local_pointer(reference).filter(|target| !self.open.contains(target));
            let target = target.ok_or(Reason::Unsupported)?;
            let schema = self.document.get(&target).ok_or(Reason::Unsupported)?;
            if !self.document.copy(&target) {
                return Err(Reason::Unsupported);
            }
            self.open.insert(target.clone());
            let rules = self.schema(schema)?;
            self.open.remove(&target);
            return Ok(rules);
        }
        let mut rules = Map::new();
        for keyword in entries.keys() {
            let is_rule = matches!(
                keyword.as_str(),
                "type" | "allOf" | "anyOf" | "oneOf" | "properties" | "additionalProperties"
            ) || (has_format && keyword == "format")
                || GENERAL.contains(&keyword.as_str())
                || MORE_KEYWORDS.contains(&keyword.as_str())
                || [&STRINGS[..], &NUMBERS, &LISTS, &OBJECTS]
                    .iter()
                    .any(|keywords| keywords.contains(&keyword.as_str()));
            if is_rule {
                rules.extend(self.keyword(entries, keyword)?);
            }
        }
        rules.shift_remove("unevaluatedProperties");
        if rules == Map::from_iter([("not".to_owned(), json!({}))]) {
            return Ok(Value::Bool(false));
        }
        if rules.contains_key("enum") {
            rules.shift_remove("type");
        }
        if entries.get("nullable") == Some(&Value::Bool(true)) {
            return Ok(with_null(rules));
        }
        Ok(Value::Object(rules))
    }
}

/// Returns rules that also accept `null`.
fn with_null(mut rules: Map<String, Value>) -> Value {
    if ["allOf", "anyOf", "oneOf", "not", "if"].iter().any(|key| rules.contains_key(*key)) {
        return json!({ "anyOf": [{ "type": "null" }, rules] });
    }
    match rules.get_mut("enum") {
        Some(Value::Array(values)) if !values.contains(&Value::Null) => values.push(Value::Null),
        _ => {}
    }
    if let Some(name) = rules.get_mut("type") {
        *name = json!([name, "null"]);
    }
    Value::Object(rules)
}

fn regex(pattern: &str) -> Result<String, Reason> {
    translate(pattern).map_err(|error| Reason::Pattern(pattern.to_owned(), error))
}
