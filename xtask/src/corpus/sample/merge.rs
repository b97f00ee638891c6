//! Plain schemas: without references, combinations and alternatives, for one choice of variants.

use serde_json::{Map, Value, json};

use crate::corpus::mutate::Random;

/// The maximum depth of references and combinations.
const DEPTH: usize = 40;

/// A union and the member that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// `oneOf` or `anyOf`.
    pub(super) keyword: &'static str,
    pub(super) member: usize,
    pub(super) members: usize,
}

/// The schemas of a document, and the random choices between alternatives.
pub(super) struct Schemas<'a> {
    /// The document.
    pub(super) root: &'a Value,
    /// Whether this is OpenAPI 3.0, which ignores keywords next to a reference.
    pub(super) is_old: bool,
    pub(super) random: Random,
}

impl<'a> Schemas<'a> {
    /// Merges everything that a schema specifies. Returns none if nothing is allowed, or
    /// the schema has no end.
    ///
    /// The first choice of a member is reported, and made by `preferred` if there is one.
    pub(super) fn plain(
        &mut self,
        schema: &Value,
        preferred: &mut Option<usize>,
        chosen: &mut Option<Choice>,
        depth: usize,
    ) -> Option<Map<String, Value>> {
        let entries = match schema {
            Value::Object(entries) if depth < DEPTH => entries,
            Value::Bool(true) => return Some(Map::new()),
            _ => return None,
        };
        let mut all = Map::new();
        if let Some(reference) = entries.get("$ref").and_then(Value::as_str) {
            let target = self.target(reference)?;
            all = self.plain(target, preferred, chosen, depth + 1)?;
            if self.is_old {
                return Some(all);
            }
        }
        let own = entries
            .iter()
            .filter(|(key, _)| !["$ref", "allOf", "oneOf", "anyOf"].contains(&key.as_str()));
        merge(&mut all, own.map(|(key, value)| (key.clone(), value.clone())).collect());
        for member in entries.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            let member = self.plain(member, preferred, chosen, depth + 1)?;
            merge(&mut all, member);
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(members) = entries.get(keyword).and_then(Value::as_array) else { continue };
            if members.is_empty() {
                continue;
            }
            let member = match preferred.take() {
                Some(member) => member % members.len(),
                None => self.random.below(members.len()),
            };
            if chosen.is_none() {
                *chosen = Some(Choice { keyword, member, members: members.len() });
            }
            let of = members.get(member)?;
            let mut plain = self.plain(
                of,
                &mut None,
                &mut Some(Choice { keyword, member, members: 0 }),
                depth + 1,
            )?;
            if let Some(tag) = tag(entries, of) {
                merge(&mut plain, tag);
            }
            merge(&mut all, plain);
        }
        Some(all)
    }

    /// Returns the target of a reference inside the document.
    fn target(&self, reference: &str) -> Option<&'a Value> {
        let pointer = reference.strip_prefix('#')?;
        self.root.pointer(&pointer.replace("%7B", "{").replace("%7D", "}").replace("%20", " "))
    }
}

/// Returns what the discriminator of a union specifies for the properties of a member.
fn tag(union: &Map<String, Value>, member: &Value) -> Option<Map<String, Value>> {
    let discriminator = union.get("discriminator")?;
    let property = discriminator.get("propertyName")?.as_str()?;
    let reference = member.get("$ref")?.as_str()?;
    let name = reference.rsplit('/').next()?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mapped = mapping.and_then(|mapping| {
        mapping.iter().find(|(_, target)| *target == reference || *target == name)
    });
    let value = mapped.map_or(name, |(value, _)| value);
    let schema = json!({
        "properties": {property: {"x-discriminated": value}},
        "required": [property],
    });
    schema.as_object().cloned()
}

/// Adds what another schema specifies.
fn merge(all: &mut Map<String, Value>, other: Map<String, Value>) {
    for (key, value) in other {
        let Some(old) = all.get_mut(&key) else {
            all.insert(key, value);
            continue;
        };
        match (key.as_str(), old, value) {
            ("properties" | "patternProperties", Value::Object(old), Value::Object(new)) => {
                for (name, schema) in new {
                    match old.get_mut(&name) {
                        Some(known) if *known != schema => {
                            *known = json!({"allOf": [known.clone(), schema]});
                        }
                        Some(_) => {}
                        None => drop(old.insert(name, schema)),
                    }
                }
            }
            ("required", Value::Array(old), Value::Array(new)) => {
                for name in new {
                    if !old.contains(&name) {
                        old.push(name);
                    }
                }
            }
            ("enum", Value::Array(old), Value::Array(new)) => old.retain(|one| new.contains(one)),
            ("items" | "additionalProperties", old, new) if *old != new => match (&old, &new) {
                (Value::Bool(false), _) | (_, Value::Bool(true)) => {}
                (Value::Bool(true), _) | (_, Value::Bool(false)) => *old = new,
                _ => *old = json!({"allOf": [old.clone(), new]}),
            },
            ("type", old, new) => *old = common_types(old, &new),
            ("nullable" | "x-nullable", old, new) => {
                *old = Value::Bool(*old == true && new == true)
            }
            (
                "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties",
                old,
                new,
            ) => {
                if new.as_f64() > old.as_f64() {
                    *old = new;
                }
            }
            (
                "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties",
                old,
                new,
            ) => {
                if new.as_f64() < old.as_f64() {
                    *old = new;
                }
            }
            (_, old, new) => *old = new,
        }
    }
}

/// Returns the types that both allow.
fn common_types(a: &Value, b: &Value) -> Value {
    let list = |value: &Value| match value {
        Value::Array(names) => names.clone(),
        name => vec![name.clone()],
    };
    let (a, b) = (list(a), list(b));
    let has = |list: &[Value], name: &str| list.iter().any(|one| one == name);
    let mut common: Vec<Value> = a.iter().filter(|name| b.contains(name)).cloned().collect();
    let is_integer =
        has(&a, "integer") && has(&b, "number") || has(&a, "number") && has(&b, "integer");
    if is_integer && !has(&common, "integer") {
        common.push("integer".into());
    }
    Value::Array(common)
}
