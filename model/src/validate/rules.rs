//! Constraints that no type expresses, as JSON Schema without references. They are checked on the
//! JSON of a value, and only for the few schemas that have them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, RwLock};

use serde::Serialize;
use serde_json::{Map, Value};

use super::Validator;
use super::instance::Instance;
use crate::scalar::Number;

type Rules = Map<String, Value>;

static PARSED: LazyLock<RwLock<HashMap<&'static str, Arc<Value>>>> = LazyLock::new(RwLock::default);

impl Validator {
    /// Checks the JSON of a value against a JSON Schema without references, for constraints that
    /// its type does not express.
    pub fn rules<T: Serialize + ?Sized>(&mut self, value: &T, rules: &'static str) {
        // A value without JSON, such as a file, has no such constraints.
        if let Some(value) = Instance::of(value) {
            check(self, &parsed(rules), &value);
        }
    }
}

/// Returns rules, which are parsed once. Rules that cannot be parsed accept everything; the
/// generator emits none.
fn parsed(rules: &'static str) -> Arc<Value> {
    if let Ok(known) = PARSED.read()
        && let Some(rules) = known.get(rules)
    {
        return Arc::clone(rules);
    }
    let value = Arc::new(serde_json::from_str(rules).unwrap_or(Value::Bool(true)));
    if let Ok(mut known) = PARSED.write() {
        known.insert(rules, Arc::clone(&value));
    }
    value
}

/// Reports the violations of a value.
fn check(checks: &mut Validator, rules: &Value, value: &Instance) {
    match rules {
        Value::Bool(false) => checks.report("is not allowed"),
        Value::Object(rules) => {
            for (keyword, rule) in rules {
                general(checks, rules, keyword, rule, value);
                match value {
                    Instance::String(string) => of_string(checks, keyword, rule, string),
                    Instance::Number(number) => of_number(checks, keyword, rule, number),
                    Instance::Array(items) => of_array(checks, rules, keyword, rule, items),
                    Instance::Object(entries) => of_object(checks, rules, keyword, rule, entries),
                    Instance::Null | Instance::Bool(_) => {}
                }
            }
        }
        _ => {}
    }
}

fn fits(rules: &Value, value: &Instance) -> bool {
    let mut checks = Validator::new();
    check(&mut checks, rules, value);
    checks.finish().is_ok()
}

/// Checks keywords that apply to values of every type.
fn general(checks: &mut Validator, rules: &Rules, keyword: &str, rule: &Value, value: &Instance) {
    match keyword {
        "type" => {
            let names = rule.as_array().map_or(std::slice::from_ref(rule), Vec::as_slice);
            let is_one = names.iter().any(|name| is_type(value, name.as_str().unwrap_or_default()));
            checks.require(is_one, format_args!("must be of type {}", listed(names)));
        }
        "enum" => {
            let known = members(rule).iter().filter_map(Instance::of);
            let is_known = known.into_iter().any(|known| known == *value);
            checks.require(is_known, format_args!("must be one of {rule}"));
        }
        "allOf" => members(rule).iter().for_each(|rules| check(checks, rules, value)),
        "anyOf" | "oneOf" => {
            let matches = members(rule).iter().filter(|rules| fits(rules, value)).count();
            let (holds, amount) = match keyword {
                "anyOf" => (matches > 0, "at least one"),
                _ => (matches == 1, "exactly one"),
            };
            match members(rule).iter().map(required_only).collect::<Option<Vec<String>>>() {
                Some(sets) => checks.require(
                    holds,
                    format_args!("must have {amount} of these: {}", sets.join("; ")),
                ),
                None => checks.require(
                    holds,
                    format_args!("must match {amount} of {rule}, matches {matches}"),
                ),
            }
        }
        "not" => checks.require(!fits(rule, value), format_args!("must not match {rule}")),
        "if" => {
            let branch = if fits(rule, value) { "then" } else { "else" };
            rules.get(branch).into_iter().for_each(|rules| check(checks, rules, value));
        }
        _ => {}
    }
}

fn of_string(checks: &mut Validator, keyword: &str, rule: &Value, string: &str) {
    match (keyword, count(rule)) {
        ("minLength", Some(limit)) => checks.min_length(string, limit),
        ("maxLength", Some(limit)) => checks.max_length(string, limit),
        ("pattern", _) => checks.matches(string, rule.as_str().unwrap_or_default()),
        ("format", _) => checks.format(string, rule.as_str().unwrap_or_default()),
        _ => {}
    }
}

fn of_number(checks: &mut Validator, keyword: &str, rule: &Value, number: &Number) {
    let Some(Instance::Number(limit)) = Instance::of(rule) else { return };
    match keyword {
        "minimum" => checks.minimum(number, &limit),
        "maximum" => checks.maximum(number, &limit),
        "exclusiveMinimum" => checks.above(number, &limit),
        "exclusiveMaximum" => checks.below(number, &limit),
        "multipleOf" => checks.multiple_of(number, limit.as_f64()),
        _ => {}
    }
}

fn of_array(
    checks: &mut Validator,
    rules: &Rules,
    keyword: &str,
    rule: &Value,
    items: &[Instance],
) {
    match keyword {
        "minItems" => checks.min_count(items.len(), count(rule).unwrap_or(0)),
        "maxItems" => checks.max_count(items.len(), count(rule).unwrap_or(usize::MAX)),
        "uniqueItems" if *rule == Value::Bool(true) => {
            let is_repeated = |(i, item): (usize, &Instance)| items[..i].contains(item);
            checks.require(!items.iter().enumerate().any(is_repeated), "must have unique elements");
        }
        "prefixItems" => {
            for (i, (rules, item)) in members(rule).iter().zip(items).enumerate() {
                within(checks, &i.to_string(), rules, item);
            }
        }
        "items" => {
            let prefix = rules.get("prefixItems").map_or(0, |prefix| members(prefix).len());
            for (i, item) in items.iter().enumerate().skip(prefix) {
                within(checks, &i.to_string(), rule, item);
            }
        }
        "contains" => {
            let limit = |keyword| rules.get(keyword).and_then(count);
            let matches = items.iter().filter(|item| fits(rule, item)).count();
            let min = limit("minContains").unwrap_or(1);
            let max = limit("maxContains").unwrap_or(usize::MAX);
            checks.require(
                matches >= min,
                format_args!("must contain at least {min} elements that match {rule}"),
            );
            checks.require(
                matches <= max,
                format_args!("must contain at most {max} elements that match {rule}"),
            );
        }
        _ => {}
    }
}

fn of_object(
    checks: &mut Validator,
    rules: &Rules,
    keyword: &str,
    rule: &Value,
    entries: &BTreeMap<String, Instance>,
) {
    let require = |checks: &mut Validator, names: &Value| {
        for name in members(names).iter().filter_map(Value::as_str) {
            if !entries.contains_key(name) {
                checks.field(name, Some(&()), |checks, ()| checks.report("is required"));
            }
        }
    };
    let pairs = || rule.as_object().into_iter().flatten();
    match keyword {
        "minProperties" => checks.min_count(entries.len(), count(rule).unwrap_or(0)),
        "maxProperties" => checks.max_count(entries.len(), count(rule).unwrap_or(usize::MAX)),
        "required" => require(checks, rule),
        "dependentRequired" => pairs()
            .filter(|(name, _)| entries.contains_key(*name))
            .for_each(|(_, names)| require(checks, names)),
        "dependentSchemas" => {
            let value = Instance::Object(entries.clone());
            pairs()
                .filter(|(name, _)| entries.contains_key(*name))
                .for_each(|(_, rules)| check(checks, rules, &value));
        }
        "properties" => {
            for (name, rules) in pairs() {
                entries.get(name).into_iter().for_each(|value| within(checks, name, rules, value));
            }
        }
        "patternProperties" => {
            for (name, value) in entries {
                pairs()
                    .filter(|(pattern, _)| is_match(pattern, name))
                    .for_each(|(_, rules)| within(checks, name, rules, value));
            }
        }
        "additionalProperties" => {
            let declared = |key: &str| rules.get(key).and_then(Value::as_object);
            for (name, value) in entries {
                let is_declared = declared("properties").is_some_and(|all| all.contains_key(name))
                    || declared("patternProperties")
                        .is_some_and(|all| all.keys().any(|pattern| is_match(pattern, name)));
                if !is_declared {
                    within(checks, name, rule, value);
                }
            }
        }
        "propertyNames" => {
            for name in entries.keys() {
                if !fits(rule, &Instance::String(name.clone())) {
                    let name =
                        if checks.is_secret { String::new() } else { format!(", not `{name}`") };
                    checks.report(format_args!("must have property names that match {rule}{name}"));
                }
            }
        }
        _ => {}
    }
}

fn within(checks: &mut Validator, name: &str, rules: &Value, value: &Instance) {
    checks.field(name, Some(value), |checks, value| check(checks, rules, value));
}

fn is_match(pattern: &str, name: &str) -> bool {
    let mut checks = Validator::new();
    checks.matches(name, pattern);
    checks.finish().is_ok()
}

fn members(rule: &Value) -> &[Value] {
    rule.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn count(rule: &Value) -> Option<usize> {
    usize::try_from(rule.as_u64()?).ok()
}

/// Returns the names that rules require, if they have no other keyword.
fn required_only(rules: &Value) -> Option<String> {
    let rules = rules.as_object().filter(|rules| rules.len() == 1)?;
    Some(listed(members(rules.get("required")?)))
}

fn listed(names: &[Value]) -> String {
    let names: Vec<String> =
        names.iter().map(|name| format!("`{}`", name.as_str().unwrap_or_default())).collect();
    names.join(", ")
}

fn is_type(value: &Instance, name: &str) -> bool {
    match value {
        Instance::Null => name == "null",
        Instance::Bool(_) => name == "boolean",
        Instance::Number(number) => name == "number" || (name == "integer" && number.is_integer()),
        Instance::String(_) => name == "string",
        Instance::Array(_) => name == "array",
        Instance::Object(_) => name == "object",
    }
}
