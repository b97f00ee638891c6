//! Values that a schema allows, drawn from the schema as it is written in the document.

use serde_json::{Map, Value, json};

use super::merge::{Choice, Schemas};
use super::strings::string;

/// From this depth on, only what is required is drawn.
const SPARSE: usize = 4;
/// The maximum depth of values.
const DEPTH: usize = 16;

/// Draws values of the schemas of a document.
pub(super) struct Sampler<'a> {
    pub(super) schemas: Schemas<'a>,
    pub(super) extent: Extent,
}

/// How much of a schema a value has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Required properties, no null, few elements.
    Least,
    /// All properties, unknown ones too where they are allowed, no null.
    Most,
    /// Any of them, and null.
    Some,
}

impl Sampler<'_> {
    /// Draws a value of a schema. In a union, the member with the index is preferred.
    pub(super) fn draw(
        &mut self,
        schema: &Value,
        member: usize,
        chosen: &mut Option<Choice>,
    ) -> Option<Value> {
        self.value(schema, &mut Some(member), chosen, 0)
    }

    fn value(
        &mut self,
        schema: &Value,
        member: &mut Option<usize>,
        chosen: &mut Option<Choice>,
        depth: usize,
    ) -> Option<Value> {
        if depth > DEPTH {
            return None;
        }
        let plain = self.schemas.plain(schema, member, chosen, 0)?;
        let is_root = depth == 0;
        let is_true = |key: &str| plain.get(key) == Some(&Value::Bool(true));
        let is_nullable = is_true("nullable") || is_true("x-nullable");
        if is_nullable && !is_root && self.is_null() {
            return Some(Value::Null);
        }
        if let Some(value) = plain.get("const") {
            return Some(value.clone());
        }
        if let Some(values) = plain.get("enum").and_then(Value::as_array) {
            let tag = plain.get("x-discriminated").filter(|tag| values.contains(tag));
            return tag.or_else(|| values.get(self.schemas.random.below(values.len()))).cloned();
        }
        if let Some(tag) = plain.get("x-discriminated") {
            return Some(tag.clone());
        }
        match self.type_of(&plain, is_root)?.as_str() {
            "null" => Some(Value::Null),
            "boolean" => Some(Value::Bool(self.schemas.random.below(2) == 0)),
            "integer" => self.integer(&plain),
            "number" => self.number(&plain),
            "string" => string(&plain, &mut self.schemas.random).map(Value::String),
            "array" => self.array(&plain, depth),
            "object" => self.object(&plain, depth),
            _ => Some(self.any()),
        }
    }

    fn is_null(&mut self) -> bool {
        self.extent == Extent::Some && self.schemas.random.below(3) == 0
    }

    /// Chooses one of the types, or the one that the keywords are about.
    fn type_of(&mut self, schema: &Map<String, Value>, is_root: bool) -> Option<String> {
        let has = |keys: &[&str]| keys.iter().any(|key| schema.contains_key(*key));
        match schema.get("type") {
            Some(Value::String(name)) => Some(name.clone()),
            Some(Value::Array(names)) => {
                let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
                let others: Vec<&str> =
                    names.iter().copied().filter(|name| *name != "null").collect();
                if names.len() > others.len() && (others.is_empty() || !is_root && self.is_null()) {
                    return Some("null".to_owned());
                }
                others.get(self.schemas.random.below(others.len())).map(|name| (*name).to_owned())
            }
            _ if has(&["properties", "required", "additionalProperties", "patternProperties"]) => {
                Some("object".to_owned())
            }
            _ if has(&["items", "minItems", "maxItems"]) => Some("array".to_owned()),
            _ if has(&["pattern", "minLength", "maxLength", "format"]) => Some("string".to_owned()),
            _ if has(&["minimum", "maximum", "multipleOf"]) => Some("number".to_owned()),
            _ => Some("any".to_owned()),
        }
    }

    fn integer(&mut self, schema: &Map<String, Value>) -> Option<Value> {
        let mut all: Vec<i128> = vec![0, 1, -1, 42, 1_700_000_000, 7];
        match schema.get("format").and_then(Value::as_str).unwrap_or("int64") {
            "int32" => all.extend([i128::from(i32::MAX), i128::from(i32::MIN)]),
            "uint32" => all.push(i128::from(u32::MAX)),
            "uint64" => all.push(i128::from(u64::MAX)),
            "int64" => all.extend([i128::from(i64::MAX), i128::from(i64::MIN)]),
            _ => {}
        }
        let unsigned = schema
            .get("format")
            .and_then(Value::as_str)
            .is_some_and(|format| format.starts_with("uint"));
        let limits = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
        #[expect(clippy::cast_possible_truncation, reason = "candidates are checked afterwards")]
        for limit in limits.iter().filter_map(|key| schema.get(*key)?.as_f64()) {
            all.extend([
                limit.ceil() as i128,
                limit.floor() as i128,
                limit as i128 + 1,
                limit as i128 - 1,
            ]);
        }
        #[expect(clippy::cast_precision_loss, reason = "so do the limits")]
        all.retain(|number| in_limits(schema, *number as f64) && !(unsigned && *number < 0));
        let number = *all.get(self.schemas.random.below(all.len()))?;
        i64::try_from(number)
            .map(Value::from)
            .or_else(|_| u64::try_from(number).map(Value::from))
            .ok()
    }

    fn number(&mut self, schema: &Map<String, Value>) -> Option<Value> {
        let mut all = vec![0.5, -1.25, 0.1, 1e-7, 123_456_789.125, 3.0, -2.0];
        for limit in ["minimum", "maximum"].iter().filter_map(|key| schema.get(*key)?.as_f64()) {
            all.extend([limit, limit + 0.5, limit - 0.5]);
        }
        all.retain(|number| in_limits(schema, *number));
        let number = *all.get(self.schemas.random.below(all.len()))?;
        // Whole numbers are written without a fraction half of the time.
        #[expect(clippy::cast_possible_truncation, reason = "the number is small and whole")]
        match number.fract() == 0.0 && number.abs() < 1e9 && self.schemas.random.below(2) == 0 {
            true => Some(Value::from(number as i64)),
            false => Some(Value::from(number)),
        }
    }

    fn array(&mut self, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let limit = |key: &str| {
            schema.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok())
        };
        let least = limit("minItems").unwrap_or(0);
        let wanted = match self.extent {
            _ if depth >= SPARSE => 0,
            Extent::Least => [0, 1][self.schemas.random.below(2)],
            Extent::Most => 2,
            Extent::Some => self.schemas.random.below(4),
        };
        let count = wanted.max(least).min(limit("maxItems").unwrap_or(usize::MAX));
        let first =
            schema.get("prefixItems").and_then(Value::as_array).cloned().unwrap_or_default();
        let item = schema.get("items").cloned().unwrap_or(Value::Bool(true));
        let mut items = Vec::new();
        let count = if first.is_empty() { count } else { count.max(first.len()) };
        for i in 0..count {
            let of = first.get(i).unwrap_or(&item);
            match self.value(of, &mut None, &mut None, depth + 1) {
                Some(value) => items.push(value),
                None if items.len() >= least => break,
                None => return None,
            }
        }
        Some(Value::Array(items))
    }

    fn object(&mut self, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let empty = Map::new();
        let named = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .map(|names| names.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let mut entries = Map::new();
        for (name, property) in named {
            let is_required = required.contains(&name.as_str());
            let is_wanted = match self.extent {
                _ if is_required => true,
                _ if depth >= SPARSE => false,
                Extent::Least => false,
                Extent::Most => true,
                Extent::Some => self.schemas.random.below(2) == 0,
            };
            if !is_wanted {
                continue;
            }
            match self.value(property, &mut None, &mut None, depth + 1) {
                Some(value) => drop(entries.insert(name.clone(), value)),
                None if is_required => return None,
                None => {}
            }
        }
        for name in required.iter().filter(|name| !named.contains_key(**name)) {
            let further = schema.get("additionalProperties").unwrap_or(&Value::Bool(true));
            entries
                .insert((*name).to_owned(), self.value(further, &mut None, &mut None, depth + 1)?);
        }
        self.further(schema, named, &mut entries, depth);
        Some(Value::Object(entries))
    }

    /// Adds properties that the schema does not name, where it allows them.
    fn further(
        &mut self,
        schema: &Map<String, Value>,
        named: &Map<String, Value>,
        entries: &mut Map<String, Value>,
        depth: usize,
    ) {
        if self.extent == Extent::Least
            || depth >= SPARSE
            || schema.contains_key("patternProperties")
            || schema.contains_key("propertyNames")
        {
            return;
        }
        let value = match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => None,
            Some(of @ Value::Object(_)) => self.value(of, &mut None, &mut None, depth + 1),
            _ if self.extent == Extent::Most || named.is_empty() => Some(self.any()),
            _ => None,
        };
        if let Some(value) = value {
            entries.insert("x-not declared".to_owned(), value);
        }
    }

    /// Draws any JSON.
    fn any(&mut self) -> Value {
        let all = [
            json!("any"),
            json!(12),
            json!(1.5),
            json!(true),
            json!([1, "a", null, {}]),
            json!({"any": {"thing": [0.25, false]}, "": ""}),
            json!({}),
        ];
        all[self.schemas.random.below(all.len())].clone()
    }
}

/// Returns whether a number is within the limits of a schema.
fn in_limits(schema: &Map<String, Value>, number: f64) -> bool {
    let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
    let is_exclusive = |key: &str| schema.get(key) == Some(&Value::Bool(true));
    limit("minimum")
        .is_none_or(|least| number > least || number == least && !is_exclusive("exclusiveMinimum"))
        && limit("maximum")
            .is_none_or(|most| number < most || number == most && !is_exclusive("exclusiveMaximum"))
        && limit("exclusiveMinimum").is_none_or(|least| number > least)
        && limit("exclusiveMaximum").is_none_or(|most| number < most)
        && limit("multipleOf").is_none_or(|factor| (number / factor).fract() == 0.0)
}
