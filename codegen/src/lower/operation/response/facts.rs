//! The type, format and position of a schema after following its references.

use std::collections::BTreeSet;

use crate::lower::context::state::Context;
use crate::select::local_pointer;
use crate::text::child;

/// The type, format and position of a schema.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct SchemaFacts {
    pub(crate) typ: Option<String>,
    pub(crate) format: Option<String>,
    /// The pointer of the schema; empty if it is missing or has no keywords.
    pub(crate) pointer: String,
}

impl SchemaFacts {
    pub(crate) fn is_string(&self) -> bool {
        self.typ.as_deref() == Some("string")
    }

    pub(crate) fn is_binary(&self) -> bool {
        self.is_string() && self.format.as_deref() == Some("binary")
    }

    /// Returns whether it is a number or a boolean.
    pub(crate) fn is_scalar(&self) -> bool {
        matches!(self.typ.as_deref(), Some("integer" | "number" | "boolean"))
    }

    /// Returns whether it is more than a string or bytes.
    pub(crate) fn is_structured(&self) -> bool {
        !self.pointer.is_empty() && !self.is_string()
    }
}

/// Returns the facts about a schema after following its references.
pub(crate) fn schema_facts(context: &Context<'_>, pointer: &str) -> SchemaFacts {
    let mut pointer = pointer.to_owned();
    // References can form a cycle, which is reported when the schema is lowered.
    for _ in 0..32 {
        let Some(schema) = context.document.get(&pointer) else { break };
        let string = |key: &str| schema.get(key)?.as_str();
        match string("$ref").and_then(local_pointer) {
            Some(target) => pointer = target,
            None if schema.as_object().is_none_or(serde_json::Map::is_empty) => break,
            None => {
                let typ = string("type").map(str::to_owned);
                return SchemaFacts { typ, format: string("format").map(str::to_owned), pointer };
            }
        }
    }
    SchemaFacts::default()
}

/// Returns whether a schema describes more than a string, bytes, or anything: a media range can only
/// mean JSON then.
pub(crate) fn is_structured(context: &Context<'_>, pointer: &str) -> bool {
    // References and combinations can form a cycle, or lead to one schema very often.
    let mut seen = BTreeSet::new();
    let mut open = vec![pointer.to_owned()];
    while let Some(pointer) = open.pop() {
        let facts = schema_facts(context, &pointer);
        let Some(schema) = context.document.get(&facts.pointer) else { continue };
        let structures = ["properties", "additionalProperties", "items"];
        if facts.pointer.is_empty() || facts.is_string() || !seen.insert(facts.pointer.clone()) {
            continue;
        }
        if facts.typ.is_some() || structures.iter().any(|key| schema.get(key).is_some()) {
            return true;
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            let all = child(&facts.pointer, key);
            let count = schema.get(key).and_then(|of| of.as_array()).map_or(0, Vec::len);
            open.extend((0..count).map(|i| child(&all, i)));
        }
    }
    false
}
