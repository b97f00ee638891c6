//! Builders. The builder of a struct is also what decoding collects its properties in.

use syn::{Expr, ImplItem, Item};

use super::docs::Docs;
use super::structs::{ADDITIONAL, additional_type, field_docs, validated};
use super::syntax::item::{self, Seen, attribute, function, implementation_behind};
use super::syntax::{self, call, construct, does, gives, implementing, name as named, option};
use super::{Emit, types, validate};
use crate::ir::{Additional, Constant, Field, Presence, Shape, Struct, TypeDef, TypeKind};

/// The name of the builder of a struct.
pub(super) fn name(def: &TypeDef) -> String {
    format!("{}Builder", def.name.0)
}

/// The builder of a struct.
pub(super) fn builder(emit: Emit<'_>, def: &TypeDef, structure: &Struct) -> [Item; 2] {
    let name = name(def);
    let fields = structure.fields.iter().map(|field| {
        let inner = types::field_inner(emit, field);
        let ty = match field.presence {
            Presence::Required | Presence::Optional => option(inner),
            Presence::RequiredNullable => option(option(inner)),
            Presence::ThreeState => syntax::generic("rt::Nullable", [inner]),
        };
        item::field(Vec::new(), Seen::Nobody, &field.name.0, ty)
    });
    let additional = additional_type(emit, structure)
        .map(|ty| item::field(Vec::new(), Seen::Nobody, ADDITIONAL, ty));
    let mut attrs = Docs::lines([format!("Builds a [`{}`].", def.name.0)]).0;
    attrs.push(attribute("must_use", "a builder does nothing until it is built"));
    let setters = structure
        .fields
        .iter()
        .filter(|field| field.constant.is_none())
        .map(|field| setter(emit, field));
    let functions = setters.chain([build(emit, def, structure)]).collect();
    [
        item::structure(attrs, &name, fields.chain(additional)),
        implementation_behind(emit.api.builders_feature(), None, &name, functions),
    ]
}

/// The properties that can have only one value, with it: a builder knows them.
fn constants<'a>(emit: Emit<'a>, structure: &'a Struct) -> Vec<(&'a str, Expr)> {
    let known = structure.fields.iter().filter_map(|field| {
        let value = match field.constant? {
            Constant::Boolean(value) => value.to_string(),
            Constant::Enum(id) => {
                let TypeKind::Enum(of) = &emit.api.def(id).kind else { return None };
                let Shape::Named(ty) = field.ty.shape else { return None };
                format!("{}::{}", emit.api.def(ty).name.0, of.values.first()?.name.0)
            }
        };
        Some((field.name.0.as_str(), call("Some", [named(&value)])))
    });
    known.collect()
}

/// What a builder begins with.
pub(super) fn begun(emit: Emit<'_>, def: &TypeDef, structure: &Struct) -> Expr {
    let empty = syntax::own_call("rt::Record", "draft");
    match constants(emit, structure) {
        constants if constants.is_empty() => empty,
        constants => construct(&name(def), constants, Some(empty)),
    }
}

/// A draft of which nothing is known. It is written out, since a derived `Default` is a type and
/// a call for each property to the compiler.
pub(super) fn empty(def: &TypeDef, structure: &Struct) -> ImplItem {
    let fields = structure.fields.iter().map(|field| {
        let nothing = match field.presence {
            Presence::ThreeState => "rt::Nullable::Absent",
            _ => "None",
        };
        (field.name.0.as_str(), named(nothing))
    });
    let additional = match structure.additional {
        Additional::Keep => Some((ADDITIONAL, named("rt::AdditionalProperties::NONE"))),
        Additional::Typed(_) => Some((ADDITIONAL, call("rt::BTreeMap::new", []))),
        Additional::Ignore => None,
    };
    function("draft").returns(syntax::ty("Self::Draft")).does([gives(construct(
        &name(def),
        fields.chain(additional),
        None,
    ))])
}

fn setter(emit: Emit<'_>, field: &Field) -> ImplItem {
    let (argument, value) = types::argument(emit, &field.ty, "value");
    let value = if field.boxed { call("Box::new", [value]) } else { value };
    let inner = || types::field_inner(emit, field);
    let any = || syntax::method(named("value"), "into", []);
    let (argument, value) = match field.presence {
        Presence::Required | Presence::Optional => (argument, call("Some", [value])),
        Presence::RequiredNullable => {
            (implementing("Into", option(inner())), call("Some", [any()]))
        }
        Presence::ThreeState => {
            (implementing("Into", syntax::generic("rt::Nullable", [inner()])), any())
        }
    };
    function(&field.name.0)
        .seen_by(Seen::Everyone, field_docs(emit, field).0)
        .takes_self(true)
        .takes("value", argument)
        .returns(syntax::ty("Self"))
        .does([syntax::assign(syntax::field("self", &field.name.0), value), gives(named("self"))])
}

fn build(emit: Emit<'_>, def: &TypeDef, structure: &Struct) -> ImplItem {
    let required = structure
        .fields
        .iter()
        .any(|field| matches!(field.presence, Presence::Required | Presence::RequiredNullable));
    let fails = match (required, def.constrained) {
        (true, true) => "Fails with every property that is missing or invalid.",
        (true, false) => "Fails with every property that is missing.",
        (false, true) => "Fails with every property that is invalid.",
        (false, false) => "Never fails as the description is now; a property may become required.",
    };
    let finished = format!("The finished [`{}`].", def.name.0);
    let docs = Docs::lines([finished.as_str(), "", "# Errors", fails]);
    let checks = "checks";
    let new = call("rt::Checks::new", []);
    let (found, body) = match validate::call_for_builder(emit, def, structure, checks) {
        Some(check) => (named(checks), vec![syntax::let_mut(checks, new), does(check)]),
        None => (new, Vec::new()),
    };
    let built = call("rt::build", [named("self"), found]);
    function("build")
        .seen_by(Seen::Everyone, docs.0)
        .inline()
        .takes_self(false)
        .returns(validated(syntax::ty(&def.name.0)))
        .does(body.into_iter().chain([gives(built)]))
}
