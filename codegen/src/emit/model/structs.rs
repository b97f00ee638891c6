//! Structs, and how they are decoded and encoded.

use quote::{ToTokens, quote};
use syn::{Expr, ImplItem, Item};

use super::fields::{ADDITIONAL, additional_type, builder_name, property_docs, validated};
use super::{builder, types, user, validate};
use crate::emit::context::Context;
use crate::emit::docs::model::PropertyDocs;
use crate::emit::docs::{self, Docs};
use crate::emit::rust::expr::{self, call, method, name, reference, string};
use crate::emit::rust::function::function;
use crate::emit::rust::item::{self, Access, associated_const, associated_type, implementation};
use crate::emit::rust::name::path;
use crate::emit::rust::stmt::{self, tail};
use crate::emit::rust::{attribute, pattern, ty};
use crate::ir::{Additional, Presence, Struct, TypeDef};

/// Returns the file of a struct.
///
/// # Errors
/// Returns an error if the emitted checks are not valid Rust, which is a bug in an emitter.
pub(super) fn structure(
    context: Context<'_>,
    def: &TypeDef,
    structure: &Struct,
) -> syn::Result<Vec<Item>> {
    let types = structure.fields.iter().map(|field| &field.ty);
    let additional = match &structure.additional {
        Additional::Typed(ty) => Some(ty),
        _ => None,
    };
    let mut items = context.uses(types.chain(additional), Some(def));
    let docs: Vec<_> = structure.fields.iter().map(|field| property_docs(context, field)).collect();
    items.push(definition(context, def, structure, &docs));
    items.push(inherent(context, def, structure));
    items.push(record(context, def, structure));
    items.push(serialize(def, structure));
    items.push(match def.is_secret {
        true => redacted(def, Some("rt::read_record")),
        false => item::macro_call("rt::record", def.name.to_token_stream()),
    });
    if let Some(checks) = validate::structure(context, def, structure) {
        items.extend(syn::parse2::<syn::File>(checks)?.items);
    }
    items.extend(builder::builder(context, def, structure, &docs));
    Ok(items)
}

/// Returns the implementation of `Debug` for a type that is secret as a whole, and how it is decoded
/// if its macro does not define that.
pub(super) fn redacted(def: &TypeDef, read: Option<&str>) -> Item {
    let (name, read) = (&def.name, read.map(path).into_iter());
    item::macro_call("rt::redacted", quote!(#name #(, #read)*))
}

fn definition(
    context: Context<'_>,
    def: &TypeDef,
    structure: &Struct,
    docs: &[PropertyDocs<'_>],
) -> Item {
    let fields = structure.fields.iter().zip(docs).map(|(field, docs)| {
        item::field(docs.field().0, Access::Public, &field.name.0, types::field(context, field))
    });
    let additional_docs = match structure.additional {
        Additional::Forbid => Docs::lines([
            "Properties that the spec does not allow, preserved unchanged. `validate` reports them.",
        ]),
        _ => Docs::lines(["Properties that the spec does not define, preserved unchanged."]),
    };
    let additional = additional_type(context, structure);
    let additional = item::field(additional_docs.0, Access::Public, ADDITIONAL, additional);
    let default = structure.has_default().then(|| quote!(Default,));
    let mut attrs = docs::model::type_definition(def).0;
    let debug = (!def.is_secret).then(|| quote!(Debug,));
    attrs.push(attribute::list("derive", quote!(Clone, #debug #default PartialEq)));
    let default = structure.has_default().then_some("Default");
    let has: Vec<&str> = ["Clone", "Debug", "PartialEq"].into_iter().chain(default).collect();
    attrs.extend(user::decoration(def, &has));
    attrs.push(attribute::non_exhaustive());
    item::structure(attrs, &def.name.0, fields.chain([additional]))
}

fn inherent(context: Context<'_>, def: &TypeDef, structure: &Struct) -> Item {
    let docs = Docs::lines([format!("Returns a builder for [`{}`].", def.name.0)]);
    let cfg = context.api.builders_feature().map(attribute::cfg_feature);
    let mut items = vec![
        function("builder")
            .public(cfg.into_iter().chain(docs.0).collect())
            .returns(ty::ty(&builder_name(def)))
            .body([tail(builder::initial(context, def, structure))]),
    ];
    if def.constrained {
        let docs = Docs::lines([
            "Checks the constraints of the spec, including those of nested values.",
            "",
            "# Errors",
            "Returns an error if a constraint is violated. It lists all violations with their",
            "locations.",
        ]);
        items.push(
            function("validate")
                .public(docs.0)
                .inline()
                .self_ref()
                .returns(validated(ty::tuple([])))
                .body([tail(call("rt::Validator::run", [name("self")]))]),
        );
    }
    implementation(None, &def.name.0, items)
}

fn record(context: Context<'_>, def: &TypeDef, structure: &Struct) -> Item {
    let names = structure.fields.iter().map(|field| string(&field.wire));
    let items = vec![
        associated_type("Draft", ty::ty(&builder_name(def))),
        associated_const(
            (Access::Private, Vec::new()),
            "FIELDS",
            ty::static_strings(),
            expr::slice(names),
        ),
        builder::empty(def, structure),
        read(context, structure),
        finish(def, structure),
    ];
    implementation(Some(path("rt::Record")), &def.name.0, items)
}

/// Returns the function that decodes one property into a draft.
fn read(context: Context<'_>, structure: &Struct) -> ImplItem {
    let draft = |field: &str| reference(expr::field("draft", field), true);
    let keeps = matches!(structure.additional, Additional::Keep);
    let reads = structure.fields.iter().enumerate().map(|(i, field)| {
        if field.is_conditional && keeps && field.presence == Presence::Optional {
            let arguments =
                [name("map"), string(&field.wire), draft(&field.name.0), draft(ADDITIONAL)];
            return (pattern::index(i), call("rt::read_conditional", arguments));
        }
        let read = match field.presence {
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
        };
        (pattern::index(i), call(read, [name("map"), draft(&field.name.0)]))
    });
    let keep = |function| call(function, [name("map"), name("field"), draft(ADDITIONAL)]);
    let other = match &structure.additional {
        Additional::Keep => keep("rt::keep"),
        Additional::Typed(ty) if types::has_integers(context, ty) => {
            keep("rt::keep_typed_integers")
        }
        Additional::Typed(_) => keep("rt::keep_typed"),
        Additional::Forbid => keep("rt::keep_forbidden"),
    };
    let arms = reads.chain([(pattern::wildcard(), other)]);
    let unit = ty::tuple([]);
    function("read")
        .lifetime("'de")
        .generic("M", ty::lifetime_trait("rt::MapAccess", "'de"))
        .argument("draft", ty::mut_ref(ty::ty("Self::Draft")))
        .argument("field", ty::ty("rt::Field"))
        .argument("map", ty::mut_ref(ty::ty("M")))
        .returns(ty::generic("Result", [unit, ty::ty("M::Error")]))
        .body([tail(expr::match_on(expr::field("field", "index"), arms))])
}

/// Returns the function that converts a draft. It checks all required properties in one pattern,
/// since a `?` per property would dominate the compile time of the struct.
fn finish(def: &TypeDef, structure: &Struct) -> ImplItem {
    let fields = structure.fields.iter().map(|field| {
        let is_required = matches!(field.presence, Presence::Required | Presence::RequiredNullable);
        (field.name.0.as_str(), is_required)
    });
    let fields: Vec<(&str, bool)> = fields.chain([(ADDITIONAL, false)]).collect();
    let draft = |field: &str| expr::field("draft", field);
    let present: Vec<Expr> = structure
        .fields
        .iter()
        .zip(&fields)
        .filter(|(_, (_, is_required))| *is_required)
        .map(|(field, (name, _))| {
            expr::tuple([string(&field.wire), method(draft(name), "is_some", [])])
        })
        .collect();
    let (argument, body) = if present.is_empty() {
        let values = fields.iter().map(|(name, _)| (*name, draft(name)));
        ("_missing", vec![tail(call("Some", [expr::structure("Self", values, None)]))])
    } else {
        // The pattern binds the required properties. If one of them is called `draft`, it shadows
        // the argument, so the pattern binds all properties.
        let is_shadowed = fields.contains(&("draft", true));
        let bound = fields.iter().filter(|(_, is_required)| *is_required || is_shadowed).copied();
        let complete = pattern::structure(&builder_name(def), bound, !is_shadowed);
        let check = method(name("missing"), "check", [expr::slice(present)]);
        let otherwise = vec![stmt::expr(check), stmt::return_value(name("None"))];
        let values = fields.iter().map(|(field, is_required)| {
            (*field, if *is_required || is_shadowed { name(field) } else { draft(field) })
        });
        let value = tail(call("Some", [expr::structure("Self", values, None)]));
        ("missing", vec![stmt::let_else(complete, name("draft"), otherwise), value])
    };
    function("finish")
        .inline()
        .argument("draft", ty::ty("Self::Draft"))
        .argument(argument, ty::mut_ref(ty::ty("rt::Missing")))
        .returns(ty::option(ty::ty("Self")))
        .body(body)
}

fn serialize(def: &TypeDef, structure: &Struct) -> Item {
    let own = |field: &str| expr::field("self", field);
    let writes = structure.fields.iter().map(|field| {
        let write = match field.presence {
            Presence::Required | Presence::RequiredNullable => "required",
            Presence::Optional => "optional",
            Presence::ThreeState => "nullable",
        };
        let value = reference(own(&field.name.0), false);
        stmt::expr(method(name("out"), write, [string(&field.wire), value]))
    });
    let entries = method(own(ADDITIONAL), "iter", []);
    let additional = stmt::expr(method(name("out"), "additional", [entries]));
    let begin = stmt::let_mut("out", call("rt::Writer::begin", [name("serializer")]));
    let end = tail(method(name("out"), "end", []));
    let writes: Vec<_> = [begin].into_iter().chain(writes).chain([additional, end]).collect();
    let serialize = function("serialize")
        .generic("S", path("rt::Serializer"))
        .self_ref()
        .argument("serializer", ty::ty("S"))
        .returns(ty::generic("Result", [ty::ty("S::Ok"), ty::ty("S::Error")]))
        .body(writes);
    implementation(Some(path("rt::serde::Serialize")), &def.name.0, vec![serialize])
}
