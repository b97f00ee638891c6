//! Builders of structs. The builder of a struct that has a default value contains the struct. Others
//! have a field for each property, and the struct is decoded into its builder, too.

use syn::{Expr, ImplItem, Item, Type};

use super::decode::is_required;
use crate::emit::context::Context;
use crate::emit::docs::Docs;
use crate::emit::docs::model::PropertyDocs;
use crate::emit::model::fields::{ADDITIONAL, additional_type, builder_name, validated};
use crate::emit::model::{types, validate};
use crate::emit::rust::attribute;
use crate::emit::rust::expr::{self, call, method};
use crate::emit::rust::function::function;
use crate::emit::rust::item::{self, Access};
use crate::emit::rust::stmt::{self, tail};
use crate::emit::rust::ty::{self, impl_generic, option};
use crate::ir::{Constant, Field, Presence, Shape, Struct, TypeDef, TypeKind};

/// The field of a builder that contains the struct.
const VALUE: &str = "value";

/// Returns the builder of a struct.
pub(super) fn builder(
    context: Context<'_>,
    def: &TypeDef,
    structure: &Struct,
    docs: &[PropertyDocs<'_>],
) -> [Item; 2] {
    let name = builder_name(def);
    let private = |name: &str, ty| item::field(Vec::new(), Access::Private, name, ty);
    let fields: Vec<_> = match structure.has_default() {
        true => vec![private(VALUE, ty::ty(&def.name.0))],
        false => {
            let property = |field: &Field| private(&field.name.0, draft_type(context, field));
            let additional = private(ADDITIONAL, additional_type(context, structure));
            structure.fields.iter().map(property).chain([additional]).collect()
        }
    };
    let feature = context.api.builders_feature();
    let mut attrs = Docs::lines([format!("A builder for [`{}`].", def.name.0)]).0;
    // Other structs are decoded into their builders.
    attrs.extend(feature.filter(|_| structure.has_default()).map(attribute::cfg_feature));
    attrs.push(attribute::name_value("must_use", "a builder does nothing until it is built"));
    let setters =
        structure.fields.iter().zip(docs).filter(|(field, _)| field.constant.is_none()).flat_map(
            |(field, docs)| {
                let setter = setter(context, structure, field, docs);
                [setter].into_iter().chain(former_setters(context, field))
            },
        );
    let functions = setters.chain([build(context, def, structure)]).collect();
    [
        item::structure(attrs, &name, fields),
        item::feature_implementation(feature, None, &name, functions),
    ]
}

/// Returns the type of a property of a builder.
fn draft_type(context: Context<'_>, field: &Field) -> Type {
    let inner = types::field_inner(context, field);
    match field.presence {
        Presence::Required | Presence::Optional => option(inner),
        Presence::RequiredNullable => option(option(inner)),
        Presence::ThreeState => ty::generic("rt::Nullable", [inner]),
    }
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
    let name = builder_name(def);
    if structure.has_default() {
        return expr::structure(&name, [(VALUE, call("Self::default", []))], None);
    }
    let empty = expr::trait_call("rt::Record", "draft");
    match constants(context, structure) {
        constants if constants.is_empty() => empty,
        constants => expr::structure(&name, constants, Some(empty)),
    }
}

/// Returns the argument of a setter, and the value that it sets.
fn setter_argument(context: Context<'_>, field: &Field) -> (Type, Expr) {
    let (argument, value) = types::argument(context, &field.ty, "value");
    let value = if field.boxed { call("Box::new", [value]) } else { value };
    let inner = || types::field_inner(context, field);
    let converted = || method(expr::name("value"), "into", []);
    match field.presence {
        Presence::Required | Presence::Optional => (argument, call("Some", [value])),
        Presence::RequiredNullable => {
            (impl_generic("Into", option(inner())), call("Some", [converted()]))
        }
        Presence::ThreeState => {
            (impl_generic("Into", ty::generic("rt::Nullable", [inner()])), converted())
        }
    }
}

/// Returns the setters with former names.
fn former_setters(context: Context<'_>, field: &Field) -> impl Iterator<Item = ImplItem> {
    field.former.iter().map(move |former| {
        let name = &field.name.0;
        let attrs = Vec::from(attribute::former(&format!("Self::{name}")));
        let set = method(expr::name("self"), &field.name.0, [expr::name("value")]);
        function(&former.0)
            .public(attrs)
            .self_value(false)
            .argument("value", setter_argument(context, field).0)
            .returns(ty::ty("Self"))
            .body([tail(set)])
    })
}

fn setter(
    context: Context<'_>,
    structure: &Struct,
    field: &Field,
    docs: &PropertyDocs<'_>,
) -> ImplItem {
    let (argument, value) = setter_argument(context, field);
    let base = match structure.has_default() {
        true => expr::field("self", VALUE),
        false => expr::name("self"),
    };
    let assignment = stmt::assign(expr::member(base, &field.name.0), value);
    function(&field.name.0)
        .public(docs.setter().0)
        .self_value(true)
        .argument("value", argument)
        .returns(ty::ty("Self"))
        .body([assignment, tail(expr::name("self"))])
}

fn build(context: Context<'_>, def: &TypeDef, structure: &Struct) -> ImplItem {
    let has_required = structure.fields.iter().any(is_required);
    let checks = "validator";
    let check = match structure.has_default() {
        true => validate::call_for_value(def, expr::field("self", VALUE), checks),
        false => validate::call_for_builder(context, def, structure, checks),
    };
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
    let built = match (structure.has_default(), &structure.rules) {
        // The checks of a complete value include its rules.
        (true, _) => call("rt::build_value", [expr::field("self", VALUE), found]),
        (false, None) => call("rt::build", [expr::name("self"), found]),
        (false, Some(_)) => {
            let rules = expr::name(&format!("{}::RULES", def.name.0));
            call("rt::build_with_rules", [expr::name("self"), found, rules])
        }
    };
    function("build")
        .public(docs.0)
        .inline()
        .self_value(false)
        .returns(validated(ty::ty(&def.name.0)))
        .body(body.into_iter().chain([tail(built)]))
}
