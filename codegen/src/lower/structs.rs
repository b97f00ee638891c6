//! Objects with named properties, `allOf` included.

use std::collections::BTreeSet;

use openapiv3::{AdditionalProperties, AnySchema, ReferenceOr, Schema};

use super::Lower;
use super::naming::{Scope, snake_name};
use super::schema::{At, plain};
use crate::diagnostic::{Place, code};
use crate::ir::{Additional, Field, Name, Presence, Shape, Struct, Type, TypeKind};
use crate::resolve::resolve;
use crate::source::child;

/// Names of fields that generated code itself uses.
const RESERVED_FIELDS: &[&str] = &["additional_properties", "build", "checks", "default", "new"];

impl Lower<'_> {
    pub(super) fn structure(&mut self, schema: &AnySchema, at: At<'_>) -> Struct {
        let mut members = Members::default();
        members.add(schema, at.pointer);
        self.fields(members, at)
    }

    /// `allOf`: one struct with the properties of all members.
    pub(super) fn merged(&mut self, schema: &Schema, plain: &AnySchema, at: At<'_>) -> TypeKind {
        if plain.all_of.len() == 1 && plain.properties.is_empty() {
            let pointer = child(&child(at.pointer, "allOf"), 0);
            return TypeKind::Alias(self.type_of(&plain.all_of[0], At { pointer: &pointer, ..at }));
        }
        let mut members = Members::default();
        self.collect(&ReferenceOr::Item(schema.clone()), at.pointer, &mut members, &mut Vec::new());
        if members.is_loose || members.properties.is_empty() {
            let message = "members of this `allOf` are no objects with properties";
            self.diagnostics.warning(
                &code::LOOSE_SCHEMA,
                Place::pointer(child(at.pointer, "allOf")),
                message,
            );
            let shape = if members.is_loose { Shape::Json } else { Shape::JsonObject };
            return TypeKind::Alias(Type::plain(shape));
        }
        TypeKind::Struct(self.fields(members, at))
    }

    /// Adds a schema and the members of its `allOf`, each once. `path` is the way to it.
    fn collect(
        &mut self,
        schema: &ReferenceOr<Schema>,
        pointer: &str,
        members: &mut Members,
        path: &mut Vec<String>,
    ) {
        let Some((schema, pointer)) =
            resolve(self.document, schema.clone(), pointer, self.diagnostics)
        else {
            return;
        };
        if path.contains(&pointer) {
            let message = "this schema holds itself through `allOf`";
            self.diagnostics.error(&code::CIRCULAR_REF, Place::pointer(pointer), message);
            return;
        }
        if !members.seen.insert(pointer.clone()) {
            return;
        }
        let plain = plain(&schema.schema_kind);
        let is_object = plain.typ.as_deref().is_none_or(|typ| typ == "object");
        members.is_loose |= !is_object || !plain.one_of.is_empty() || !plain.any_of.is_empty();
        let all_of = child(&pointer, "allOf");
        path.push(pointer.clone());
        for (i, member) in plain.all_of.iter().enumerate() {
            self.collect(member, &child(&all_of, i), members, path);
        }
        path.pop();
        members.add(&plain, &pointer);
    }

    fn fields(&mut self, members: Members, at: At<'_>) -> Struct {
        let owner = self.owner_name(at);
        let mut scope = Scope::with(RESERVED_FIELDS);
        let mut fields = Vec::new();
        for property in &members.properties {
            let required = members.required.contains(&property.name);
            fields.push(self.field(property, required, &owner, &mut scope, at));
        }
        for name in members
            .required
            .iter()
            .filter(|name| !members.properties.iter().any(|p| p.name == **name))
        {
            let message = format!("`{name}` is required but not among the properties");
            self.diagnostics.warning(
                &code::BAD_SHAPE,
                Place::pointer(child(at.pointer, "required")),
                message,
            );
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
        let ty = self.type_of_boxed(
            &property.schema,
            At { pointer: &property.pointer, suggested: &suggested },
        );
        let data = property.schema.as_item().map(|schema| &schema.schema_data);
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
            docs: data.and_then(|data| data.description.clone()),
            deprecated: data.is_some_and(|data| data.deprecated),
            ty,
            presence,
            boxed: false,
            constant: None,
            default: data.and_then(|data| data.default.as_ref()).map(ToString::to_string),
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
struct Members {
    /// The places of the members so far.
    seen: BTreeSet<String>,
    properties: Vec<Property>,
    required: Vec<String>,
    additional: Option<(AdditionalProperties, String)>,
    /// A member is not an object, so that no struct can hold the value.
    is_loose: bool,
}

struct Property {
    name: String,
    schema: ReferenceOr<Box<Schema>>,
    pointer: String,
}

impl Members {
    fn add(&mut self, schema: &AnySchema, pointer: &str) {
        let properties = child(pointer, "properties");
        for (name, schema) in &schema.properties {
            let pointer = child(&properties, name);
            let property = Property { name: name.clone(), schema: schema.clone(), pointer };
            // A later member makes an earlier one's property more precise.
            match self.properties.iter_mut().find(|known| known.name == *name) {
                Some(known) => *known = property,
                None => self.properties.push(property),
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
