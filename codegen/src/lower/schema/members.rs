//! The properties of an object, collected from all schemas that describe it.

use crate::lower::context::combinations::{SchemaPart, Source};
use crate::lower::context::pending::Direction;
use crate::lower::context::state::Context;
use crate::lower::schema::constraints::rules::additional_of;
use crate::spec::CONDITIONAL;
use crate::text::child;
use openapiv3::{AdditionalProperties, AnySchema};
use serde_json::Value;
use std::collections::BTreeMap;

/// The properties of an object, collected from all schemas that describe it.
#[derive(Default)]
pub(crate) struct Members {
    pub(crate) properties: Vec<Property>,
    pub(crate) required: Vec<String>,
    pub(crate) additional: Option<(AdditionalProperties, String)>,
    /// The schemas that describe the object.
    pub(crate) sources: Vec<Source>,
    /// The index of each property, and whether each name is required.
    index: BTreeMap<String, (Option<usize>, bool)>,
}

pub(crate) struct Property {
    pub(crate) name: String,
    /// The schemas of the property.
    pub(crate) parts: Vec<SchemaPart>,
    /// Whether only conditional schemas declare it.
    pub(crate) is_conditional: bool,
}

impl Members {
    pub(crate) fn add(&mut self, context: &mut Context<'_>, schema: &AnySchema, source: Source) {
        let properties = child(&source.pointer, "properties");
        let conditional = context.document.get(&child(&source.pointer, CONDITIONAL));
        let conditional = conditional.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for (name, schema) in &schema.properties {
            let is_conditional = conditional.iter().any(|known| known == name);
            let part = SchemaPart::new(schema.clone().unbox(), child(&properties, name));
            let (known, _) = self.index.entry(name.clone()).or_default();
            match known.and_then(|i| self.properties.get_mut(i)) {
                Some(known) => {
                    known.is_conditional &= is_conditional;
                    known.add(part);
                }
                None => {
                    *known = Some(self.properties.len());
                    let parts = vec![part];
                    self.properties.push(Property { name: name.clone(), parts, is_conditional });
                }
            }
        }
        for name in &schema.required {
            let (_, is_required) = self.index.entry(name.clone()).or_default();
            if !std::mem::replace(is_required, true) {
                self.required.push(name.clone());
            }
        }
        let additional = schema.additional_properties.as_ref();
        if let Some(additional) = additional_of(context, additional, &source.pointer) {
            self.additional = Some(additional);
        }
        self.sources.push(source);
    }

    /// Returns whether a property is declared, and whether it is required.
    pub(crate) fn find(&self, name: &str) -> (bool, bool) {
        let (known, is_required) = self.index.get(name).copied().unwrap_or_default();
        (known.is_some(), is_required)
    }
}

impl Property {
    pub(crate) fn direction(&self) -> Option<Direction> {
        let data =
            || self.parts.iter().filter_map(|part| Some(&part.schema.as_item()?.schema_data));
        match (data().any(|data| data.read_only), data().any(|data| data.write_only)) {
            (true, false) => Some(Direction::Response),
            (false, true) => Some(Direction::Request),
            _ => None,
        }
    }

    /// Adds a schema, unless it repeats a known one.
    fn add(&mut self, part: SchemaPart) {
        if !self.parts.iter().any(|known| known.schema == part.schema) {
            self.parts.push(part);
        }
    }
}
