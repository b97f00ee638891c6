//! Builders of structs. Decoding collects the properties of a struct in its builder, too.

use syn::{Expr, ImplItem, Item};

use super::fields::{ADDITIONAL, additional_type, builder_name, validated};
use super::{types, validate};
use crate::emit::context::Context;
use crate::emit::docs::Docs;
use crate::emit::docs::model::PropertyDocs;
use crate::emit::rust::attribute;
use crate::emit::rust::expr::{self, call, method};
use crate::emit::rust::function::function;
use crate::emit::rust::item::{self, Access};
use crate::emit::rust::stmt::{self, tail};
use crate::emit::rust::ty::{self, impl_generic, option};
use crate::ir::{Additional, Constant, Field, Presence, Shape, Struct, TypeDef, TypeKind};

/// Returns the builder of a struct.
pub(super) fn builder(
    context: Context<'_>,
    def: &TypeDef,
    structure: &Struct,
    docs: &[PropertyDocs<'_>],
) -> [Item; 2] {
    let name = builder_name(def);
    let fields = structure.fields.iter().map(|field| {
        let inner = types::field_inner(context, field);
        let ty = match field.presence {
            Presence::Required | Presence::Optional => option(inner),
            Presence::RequiredNullable => option(option(inner)),
            Presence::ThreeState => ty::generic("rt::Nullable", [inner]),
        };
        item::field(Vec::new(), Access::Private, &field.name.0, ty)
    });
    let additional = additional_type(context, structure);
    let additional = item::field(Vec::new(), Access::Private, ADDITIONAL, additional);
    let mut attrs = Docs::lines([format!("A builder for [`{}`].", def.name.0)]).0;
    attrs.push(attribute::name_value("must_use", "a builder does nothing until it is built"));
    let setters = structure
        .fields
        .iter()
        .zip(docs)
        .filter(|(field, _)| field.constant.is_none())
        .map(|(field, docs)| setter(context, field, docs));
    let functions = setters.chain([build(context, def, structure)]).collect();
    [
        item::structure(attrs, &name, fields.chain([additional])),
        item::feature_implementation(context.api.builders_feature(), None, &name, functions),
    ]
}

/// Returns the properties that have a single possible value, which the builder presets.
fn constants<'a>(context: Context<'a>, structure: &'a Struct) -> Vec<(&'a str, Expr)> {
    let known = structure.fields.iter().filter_map(|field| {
        let value = match field.constant.as_ref()? {
            Constant::Boolean(value) => expr::name(&value.to_string()),
            Constant::String(value) => method(expr::string(value), "to_owned", []),
            Constant::Integer(value) => expr::integer(value)?,
            Constant::Enum(id) => {
                let TypeKind::Enum(kind) = &context.api.def(*id).kind else { return None };
                let Shape::Named(ty) = field.ty.shape else { return None };
                let (ty, value) = (&context.api.def(ty).name.0, &kind.values.first()?.name.0);
                expr::name(&format!("{ty}::{value}"))
            }
        };
        Some((field.name.0.as_str(), call("Some", [value])))
    });
    known.collect()
}

/// Returns the initial value of a builder.
pub(super) fn initial(context: Context<'_>, def: &TypeDef, structure: &Struct) -> Expr {
    let empty = expr::trait_call("rt::Record", "draft");
    match constants(context, structure) {
        constants if constants.is_empty() => empty,
        constants => expr::structure(&builder_name(def), constants, Some(empty)),
    }
}

/// Returns the function that creates an empty draft. A derived `Default` would cost the compiler
/// one type and one call per property.
pub(super) fn empty(def: &TypeDef, structure: &Struct) -> ImplItem {
    let fields = structure.fields.iter().map(|field| {
        let absent = match field.presence {
            Presence::ThreeState => "rt::Nullable::Absent",
            _ => "None",
        };
        (field.name.0.as_str(), expr::name(absent))
    });
    let additional = match structure.additional {
        Additional::Keep | Additional::Forbid => expr::name("rt::AdditionalProperties::NONE"),
        Additional::Typed(_) => call("rt::BTreeMap::new", []),
    };
    let all = fields.chain([(ADDITIONAL, additional)]);
    let value = expr::structure(&builder_name(def), all, None);
    function("draft").returns(ty::ty("Self::Draft")).body([tail(value)])
}

fn setter(context: Context<'_>, field: &Field, docs: &PropertyDocs<'_>) -> ImplItem {
    let (argument, value) = types::argument(context, &field.ty, "value");
    let value = if field.boxed { call("Box::new", [value]) } else { value };
    let inner = || types::field_inner(context, field);
    let converted = || method(expr::name("value"), "into", []);
    let (argument, value) = match field.presence {
        Presence::Required | Presence::Optional => (argument, call("Some", [value])),
        Presence::RequiredNullable => {
            (impl_generic("Into", option(inner())), call("Some", [converted()]))
        }
        Presence::ThreeState => {
            (impl_generic("Into", ty::generic("rt::Nullable", [inner()])), converted())
        }
    };
    let assignment = stmt::assign(expr::field("self", &field.name.0), value);
    function(&field.name.0)
        .public(docs.setter().0)
        .self_value(true)
        .argument("value", argument)
        .returns(ty::ty("Self"))
        .body([assignment, tail(expr::name("self"))])
}

fn build(context: Context<'_>, def: &TypeDef, structure: &Struct) -> ImplItem {
    let has_required = structure
        .fields
        .iter()
        .any(|field| matches!(field.presence, Presence::Required | Presence::RequiredNullable));
    let checks = "validator";
    let check = validate::call_for_builder(context, def, structure, checks);
    let errors = match (has_required, check.is_some() || structure.rules.is_some()) {
        (true, true) => {
            "Returns an error if a property is missing or invalid. It lists all of them."
        }
        (true, false) => {
            "Returns an error if a required property is missing. It lists all of them."
        }
        (false, true) => "Returns an error if a property is invalid. It lists all of them.",
        (false, false) => "Currently infallible; a later spec version may add required properties.",
    };
    let summary = format!("Builds the [`{}`].", def.name.0);
    let docs = Docs::lines([summary.as_str(), "", "# Errors", errors]);
    let new = call("rt::Validator::new", []);
    let (found, body) = match check {
        Some(check) => (expr::name(checks), vec![stmt::let_mut(checks, new), stmt::expr(check)]),
        None => (new, Vec::new()),
    };
    let built = match structure.rules {
        Some(_) => {
            let rules = expr::name(&format!("{}::RULES", def.name.0));
            call("rt::build_with_rules", [expr::name("self"), found, rules])
        }
        None => call("rt::build", [expr::name("self"), found]),
    };
    function("build")
        .public(docs.0)
        .inline()
        .self_value(false)
        .returns(validated(ty::ty(&def.name.0)))
        .body(body.into_iter().chain([tail(built)]))
}
