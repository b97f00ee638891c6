//! How a struct is decoded. rustc spends most of its time on functions with many branches, calls that
//! may unwind and values to drop, so these functions have few of them.

use quote::ToTokens;
use syn::{Expr, ImplItem, Item};

use crate::emit::context::Context;
use crate::emit::model::fields::{ADDITIONAL, builder_name};
use crate::emit::model::secret::redacted;
use crate::emit::model::types;
use crate::emit::rust::expr::{self, call, method, name, reference, string};
use crate::emit::rust::function::{Function, function};
use crate::emit::rust::item::{self, Access, associated_const, associated_type, implementation};
use crate::emit::rust::name::path;
use crate::emit::rust::stmt::{self, tail};
use crate::emit::rust::{pattern, ty};
use crate::ir::{Additional, Field, Presence, Struct, TypeDef};

/// Returns the items that decode a struct. One that has a default value is decoded into it, others
/// into their builder.
pub(super) fn items(context: Context<'_>, def: &TypeDef, structure: &Struct) -> Vec<Item> {
    let names = structure.fields.iter().map(|field| string(&field.wire));
    let names = associated_const(
        (Access::Private, Vec::new()),
        "FIELDS",
        ty::static_strings(),
        expr::slice(names),
    );
    if structure.has_default() {
        let record = vec![names, read(context, structure, "self", Function::self_mut)];
        return vec![
            implementation(Some(path("Default")), &def.name.0, vec![default(structure)]),
            implementation(Some(path("rt::DefaultRecord")), &def.name.0, record),
        ];
    }
    let draft = |function: Function| function.argument("draft", ty::mut_ref(ty::ty("Self::Draft")));
    let record = vec![
        associated_type("Draft", ty::ty(&builder_name(def))),
        names,
        empty(def, structure),
        read(context, structure, "draft", draft),
        finish(def, structure),
    ];
    vec![implementation(Some(path("rt::Record")), &def.name.0, record)]
}

/// Returns the call of the macro that implements `Deserialize`.
pub(super) fn deserialize(def: &TypeDef, structure: &Struct) -> Item {
    match (def.is_secret, structure.has_default()) {
        (true, true) => redacted(def, Some("rt::read_default_record")),
        (true, false) => redacted(def, Some("rt::read_record")),
        (false, true) => item::macro_call("rt::default_record", def.name.to_token_stream()),
        (false, false) => item::macro_call("rt::record", def.name.to_token_stream()),
    }
}

/// Returns the function that creates an empty value. A derived `Default` would cost the compiler
/// one type, one call and one drop per property.
fn default(structure: &Struct) -> ImplItem {
    function("default").returns(ty::ty("Self")).body([tail(without_properties("Self", structure))])
}

/// Returns the function that creates an empty draft.
fn empty(def: &TypeDef, structure: &Struct) -> ImplItem {
    let value = without_properties(&builder_name(def), structure);
    function("draft").returns(ty::ty("Self::Draft")).body([tail(value)])
}

fn without_properties(type_name: &str, structure: &Struct) -> Expr {
    let fields = structure.fields.iter().map(|field| {
        let absent = match field.presence {
            Presence::ThreeState => "rt::Nullable::Absent",
            _ => "None",
        };
        (field.name.0.as_str(), name(absent))
    });
    let additional = match structure.additional {
        Additional::Keep | Additional::Forbid => name("rt::AdditionalProperties::NONE"),
        Additional::Typed(_) => call("rt::BTreeMap::new", []),
    };
    expr::structure(type_name, fields.chain([(ADDITIONAL, additional)]), None)
}

/// Returns the function that decodes one property into a field of `base`.
fn read(
    context: Context<'_>,
    structure: &Struct,
    base: &str,
    argument: impl FnOnce(Function) -> Function,
) -> ImplItem {
    let slot = |property: &str| reference(expr::field(base, property), true);
    let keeps = matches!(structure.additional, Additional::Keep);
    let reads = structure.fields.iter().enumerate().map(|(i, field)| {
        let value = slot(&field.name.0);
        let is_conditional = field.is_conditional && keeps && field.presence == Presence::Optional;
        let read = match is_conditional {
            true => call(
                "rt::read_conditional",
                [name("map"), string(&field.wire), value, slot(ADDITIONAL)],
            ),
            false => call(read_function(context, field), [name("map"), value]),
        };
        (pattern::index(i), read)
    });
    let keep = match &structure.additional {
        Additional::Keep => "rt::keep",
        Additional::Typed(ty) if types::has_integers(context, ty) => "rt::keep_typed_integers",
        Additional::Typed(_) => "rt::keep_typed",
        Additional::Forbid => "rt::keep_forbidden",
    };
    let other = call(keep, [name("map"), slot(ADDITIONAL)]);
    let arms = reads.chain([(pattern::wildcard(), other)]);
    let read =
        function("read").lifetime("'de").generic("M", ty::lifetime_trait("rt::MapAccess", "'de"));
    argument(read)
        .argument("index", ty::ty("usize"))
        .argument("map", ty::mut_ref(ty::generic("rt::Entries", [ty::ty("M")])))
        .returns(ty::generic("Result", [ty::tuple([]), ty::ty("M::Error")]))
        .body([tail(expr::match_on(name("index"), arms))])
}

fn read_function(context: Context<'_>, field: &Field) -> &'static str {
    match field.presence {
        Presence::Required | Presence::RequiredNullable
            if types::has_integers(context, &field.ty) =>
        {
            "rt::read_integers_value"
        }
        _ if types::has_integers(context, &field.ty) => "rt::read_integers",
        Presence::ThreeState => "rt::read_nullable",
        // Read as absent, `null` would be reported as a missing property.
        Presence::Required | Presence::RequiredNullable => "rt::read_value",
        Presence::Optional if types::is_json(context, &field.ty) => "rt::read_value",
        Presence::Optional => "rt::read",
    }
}

/// Returns the function that converts a draft. It unwraps all required properties in one pattern,
/// since a `?` per property would dominate the compile time of the struct.
fn finish(def: &TypeDef, structure: &Struct) -> ImplItem {
    let all = structure.fields.iter().map(|field| (field.name.0.as_str(), is_required(field)));
    let all: Vec<(&str, bool)> = all.chain([(ADDITIONAL, false)]).collect();
    let draft = |field: &str| expr::field("draft", field);
    // If a required property is called `draft`, it shadows the argument, so the pattern binds all
    // properties.
    let is_shadowed = all.contains(&("draft", true));
    let is_bound = |is_required: bool| is_required || is_shadowed;
    let values = all.iter().map(|&(field, is_required)| {
        (field, if is_bound(is_required) { name(field) } else { draft(field) })
    });
    let value = tail(call("Ok", [expr::structure("Self", values, None)]));
    let bound = all.iter().filter(|(_, is_required)| is_bound(*is_required)).copied();
    let complete = pattern::structure(&builder_name(def), bound, !is_shadowed);
    let present = structure.fields.iter().filter(|field| is_required(field)).map(|field| {
        expr::tuple([string(&field.wire), method(draft(&field.name.0), "is_some", [])])
    });
    let missing = call("rt::Missing::of", [expr::slice(present)]);
    let otherwise = vec![stmt::return_value(call("Err", [missing]))];
    let check = stmt::let_else(complete, name("draft"), otherwise);
    let has_required = structure.fields.iter().any(is_required);
    function("finish")
        .inline()
        .argument("draft", ty::ty("Self::Draft"))
        .returns(ty::generic("Result", [ty::ty("Self"), ty::ty("rt::Missing")]))
        .body(has_required.then_some(check).into_iter().chain([value]))
}

/// Returns whether a struct cannot be created without a property.
pub(super) fn is_required(field: &Field) -> bool {
    matches!(field.presence, Presence::Required | Presence::RequiredNullable)
}
