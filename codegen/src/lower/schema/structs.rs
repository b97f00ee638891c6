//! Objects with named properties.

use crate::diagnostics::{Location, messages};
use crate::ir::{Additional, Constant, Field, Name, Presence, Shape, Struct, Type, TypeId};
use crate::lower::context::combinations::Source;
use crate::lower::context::pending::DirectedField;
use crate::lower::context::state::Context;
use crate::lower::schema::at::At;
use crate::lower::schema::classify::any_schema;
use crate::lower::schema::constraints::rules::struct_rules;
use crate::lower::schema::members::{Members, Property};
use crate::lower::schema::type_of::{type_of, type_of_property};
use crate::names::{Scope, snake_name};
use crate::text::child;
use openapiv3::{AdditionalProperties, AnySchema, Schema};
use serde_json::Value;

/// Field names that generated code uses itself.
const RESERVED_FIELDS: &[&str] = &["additional_properties", "build", "checks", "default", "new"];

pub(crate) fn struct_of(
    context: &mut Context<'_>,
    id: TypeId,
    schema: &AnySchema,
    at: At<'_>,
) -> Struct {
    let mut members = Members::default();
    members.add(context, schema, Source::new(at.pointer));
    struct_of_members(context, id, members, at)
}

/// Returns the struct for a set of properties.
pub(crate) fn struct_of_members(
    context: &mut Context<'_>,
    id: TypeId,
    members: Members,
    at: At<'_>,
) -> Struct {
    let owner = owner_name(at);
    let mut scope = Scope::with(RESERVED_FIELDS);
    let mut fields = Vec::new();
    for property in &members.properties {
        let (_, required) = members.find(&property.name);
        if let Some(direction) = property.direction() {
            let field = fields.len();
            context.pending.directions.push(DirectedField { ty: id, field, direction });
        }
        fields.push(field_of(context, property, required, &owner, &mut scope, at));
    }
    let is_undeclared = |name: &&String| !members.find(name).0;
    let undeclared: Vec<String> = members.required.iter().filter(is_undeclared).cloned().collect();
    let additional = match members.additional {
        Some((AdditionalProperties::Any(false), _)) => Additional::Forbid,
        Some((AdditionalProperties::Schema(schema), pointer)) => {
            let suggested = format!("{} additional property", at.suggested);
            match type_of(context, &schema, At { pointer: &pointer, suggested: &suggested }) {
                Type { shape: Shape::Json, constraints, .. } if constraints.is_empty() => {
                    Additional::Keep
                }
                ty => Additional::Typed(ty),
            }
        }
        _ => Additional::Keep,
    };
    for name in &undeclared {
        let location = Location::pointer(child(at.pointer, "required"));
        context.diagnostics.report(location, messages::undeclared_property(name));
        fields.push(undeclared_field(context, name, &additional, &owner, &mut scope));
    }
    for field in &mut fields {
        let former = &mut context.options.former_properties;
        let names = former.take(Some(&owner), &field.wire, &mut scope, context.diagnostics);
        field.former = names.into_iter().map(Name).collect();
    }
    let properties: Vec<&str> = fields.iter().map(|field| field.wire.as_str()).collect();
    let rules = struct_rules(context, &members.sources, &properties, &undeclared);
    Struct { fields, additional, rules }
}

/// Returns the field of a property that is required but not declared. It may be absent while it is
/// decoded: such a property is usually a mistake in the document.
fn undeclared_field(
    context: &mut Context<'_>,
    property: &str,
    additional: &Additional,
    owner: &str,
    scope: &mut Scope,
) -> Field {
    let key = format!("{owner}.{property}");
    let derived = snake_name(property);
    let name = context.options.properties.name(&key, scope, &derived.0, context.diagnostics);
    let ty = match additional {
        Additional::Typed(ty) => ty.clone(),
        Additional::Keep | Additional::Forbid => Type::plain(Shape::Json),
    };
    Field {
        name: Name(name),
        former: Vec::new(),
        wire: property.to_owned(),
        docs: None,
        deprecated: false,
        ty,
        presence: Presence::Optional,
        is_conditional: false,
        boxed: false,
        constant: None,
        default: None,
    }
}

fn field_of(
    context: &mut Context<'_>,
    property: &Property,
    required: bool,
    owner: &str,
    scope: &mut Scope,
    at: At<'_>,
) -> Field {
    let key = format!("{owner}.{}", property.name);
    let derived = snake_name(&property.name);
    let name = context.options.properties.name(&key, scope, &derived.0, context.diagnostics);
    let suggested = format!("{} {}", at.suggested, property.name);
    let mut ty = match property.parts.as_slice() {
        [only] => {
            type_of(context, &only.schema, At { pointer: &only.pointer, suggested: &suggested })
        }
        parts => {
            let pointer = child(&child(at.pointer, "properties"), &property.name);
            type_of_property(
                context,
                parts.to_vec(),
                At { pointer: &pointer, suggested: &suggested },
            )
        }
    };
    // Later schemas override earlier ones.
    let items = || property.parts.iter().rev().filter_map(|part| part.schema.as_item());
    let constant = items().find_map(boolean);
    if constant.is_some() {
        ty.is_secret = false;
    }
    let mut data = items().map(|schema| &schema.schema_data);
    let docs = data.clone().find_map(|data| data.description.clone());
    let default = data.clone().find_map(|data| data.default.as_ref()).map(ToString::to_string);
    let three_state = context.config.three_state.iter().find(|option| *option.get_ref() == key);
    let presence = match three_state {
        Some(option) if !required => {
            context.options.three_state.push(option.get_ref());
            Presence::ThreeState
        }
        _ if required => Presence::Required,
        _ => Presence::Optional,
    };
    Field {
        name: Name(name),
        former: Vec::new(),
        wire: property.name.clone(),
        docs,
        deprecated: data.any(|data| data.deprecated),
        ty,
        presence,
        is_conditional: property.is_conditional,
        boxed: false,
        constant: constant.filter(|_| required),
        default,
    }
}

/// Returns the name of a struct in the configuration.
fn owner_name(at: At<'_>) -> String {
    let component =
        at.pointer.strip_prefix("/components/schemas/").filter(|rest| !rest.contains('/'));
    component.unwrap_or(at.suggested).to_owned()
}

/// Returns the only value of a boolean schema.
fn boolean(schema: &Schema) -> Option<Constant> {
    match &any_schema(&schema.schema_kind).enumeration.as_slice() {
        [Value::Bool(value)] if !schema.schema_data.nullable => Some(Constant::Boolean(*value)),
        _ => None,
    }
}
