//! Objects with named properties.

use openapiv3::{AdditionalProperties, AnySchema, Schema};
use serde_json::Value;

use super::Lower;
use super::all_of::Part;
use super::form::plain;
use super::pending::{Direction, OneWayField};
use super::schema::At;
use crate::diagnostics::{Location, messages};
use crate::ir::{Additional, Constant, Field, Name, Presence, Shape, Struct, Type, TypeId};
use crate::names::{Scope, snake_name};
use crate::text::child;

/// Names of fields that generated code itself uses.
const RESERVED_FIELDS: &[&str] = &["additional_properties", "build", "checks", "default", "new"];

impl Lower<'_> {
    pub(super) fn structure(&mut self, id: TypeId, schema: &AnySchema, at: At<'_>) -> Struct {
        let mut members = Members::default();
        members.add(schema, at.pointer);
        self.fields(id, members, at)
    }

    /// The struct of objects whose properties are known.
    pub(super) fn fields(&mut self, id: TypeId, members: Members, at: At<'_>) -> Struct {
        let owner = self.owner_name(at);
        let mut scope = Scope::with(RESERVED_FIELDS);
        let mut fields = Vec::new();
        for property in &members.properties {
            let required = members.required.contains(&property.name);
            if let Some(direction) = property.direction() {
                let field = fields.len();
                self.pending.directions.push(OneWayField { ty: id, field, direction });
            }
            fields.push(self.field(property, required, &owner, &mut scope, at));
        }
        for name in members
            .required
            .iter()
            .filter(|name| !members.properties.iter().any(|p| p.name == **name))
        {
            let location = Location::pointer(child(at.pointer, "required"));
            self.diagnostics.report(location, messages::undeclared_property(name));
        }
        let additional = match members.additional {
            Some((AdditionalProperties::Any(false), _)) => Additional::Ignore,
            Some((AdditionalProperties::Schema(schema), pointer)) => {
                let suggested = format!("{} additional property", at.suggested);
                match self.type_of(&schema, At { pointer: &pointer, suggested: &suggested }) {
                    Type { shape: Shape::Json, .. } => Additional::Keep,
                    ty => Additional::Typed(ty),
                }
            }
            _ => Additional::Keep,
        };
        Struct { fields, additional }
    }

    fn field(
        &mut self,
        property: &Property,
        required: bool,
        owner: &str,
        scope: &mut Scope,
        at: At<'_>,
    ) -> Field {
        let key = format!("{owner}.{}", property.name);
        let derived = snake_name(&property.name);
        let name = self.names.properties.name(&key, scope, &derived.0, self.diagnostics);
        let suggested = format!("{} {}", at.suggested, property.name);
        let ty = match property.parts.as_slice() {
            [only] => {
                self.type_of(&only.schema, At { pointer: &only.pointer, suggested: &suggested })
            }
            parts => {
                let pointer = child(&child(at.pointer, "properties"), &property.name);
                self.type_of_property(
                    parts.to_vec(),
                    At { pointer: &pointer, suggested: &suggested },
                )
            }
        };
        // What a later schema says of a property goes before what an earlier one does.
        let items = || property.parts.iter().rev().filter_map(|part| part.schema.as_item());
        let constant = items().find_map(boolean);
        let mut data = items().map(|schema| &schema.schema_data);
        let docs = data.clone().find_map(|data| data.description.clone());
        let default = data.clone().find_map(|data| data.default.as_ref()).map(ToString::to_string);
        let three_state = self.config.three_state.iter().find(|option| *option.get_ref() == key);
        let presence = match three_state {
            Some(option) if !required => {
                self.three_state.push(option.get_ref());
                Presence::ThreeState
            }
            _ if required => Presence::Required,
            _ => Presence::Optional,
        };
        Field {
            name: Name(name),
            wire: property.name.clone(),
            docs,
            deprecated: data.any(|data| data.deprecated),
            ty,
            presence,
            boxed: false,
            constant: constant.filter(|_| required),
            default,
        }
    }

    /// The name under which the configuration knows the struct at a place.
    fn owner_name(&self, at: At<'_>) -> String {
        let component =
            at.pointer.strip_prefix("/components/schemas/").filter(|rest| !rest.contains('/'));
        component.unwrap_or(at.suggested).to_owned()
    }
}

/// What the members of an object bring together.
#[derive(Default)]
pub(super) struct Members {
    properties: Vec<Property>,
    required: Vec<String>,
    additional: Option<(AdditionalProperties, String)>,
}

struct Property {
    name: String,
    /// What the members say of it, each with its place.
    parts: Vec<Part>,
}

impl Members {
    pub(super) fn add(&mut self, schema: &AnySchema, pointer: &str) {
        let properties = child(pointer, "properties");
        for (name, schema) in &schema.properties {
            let part = Part::new(schema.clone().unbox(), child(&properties, name));
            match self.properties.iter_mut().find(|known| known.name == *name) {
                Some(known) => known.add(part),
                None => self.properties.push(Property { name: name.clone(), parts: vec![part] }),
            }
        }
        for name in &schema.required {
            if !self.required.contains(name) {
                self.required.push(name.clone());
            }
        }
        if let Some(additional) = &schema.additional_properties {
            self.additional = Some((additional.clone(), child(pointer, "additionalProperties")));
        }
    }
}

impl Property {
    fn direction(&self) -> Option<Direction> {
        let data =
            || self.parts.iter().filter_map(|part| Some(&part.schema.as_item()?.schema_data));
        match (data().any(|data| data.read_only), data().any(|data| data.write_only)) {
            (true, false) => Some(Direction::Response),
            (false, true) => Some(Direction::Request),
            _ => None,
        }
    }

    /// Members often repeat what others say.
    fn add(&mut self, part: Part) {
        if !self.parts.iter().any(|known| known.schema == part.schema) {
            self.parts.push(part);
        }
    }
}

/// The only value of a schema of booleans.
fn boolean(schema: &Schema) -> Option<Constant> {
    match &plain(&schema.schema_kind).enumeration.as_slice() {
        [Value::Bool(value)] if !schema.schema_data.nullable => Some(Constant::Boolean(*value)),
        _ => None,
    }
}
