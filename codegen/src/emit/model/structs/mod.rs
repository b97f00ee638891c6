//! Structs, their builders, and how they are decoded and encoded.
//!
//! | module | responsibility |
//! |---|---|
//! | `builder` | builders of structs |
//! | `decode` | how structs are decoded |

mod builder;
mod decode;

use quote::quote;
use syn::Item;

use super::fields::{ADDITIONAL, additional_type, builder_name, property_docs, validated};
use super::{types, user, validate};
use crate::emit::context::Context;
use crate::emit::docs::model::PropertyDocs;
use crate::emit::docs::{self, Docs};
use crate::emit::rust::expr::{self, call, method, name, reference, string};
use crate::emit::rust::function::function;
use crate::emit::rust::item::{self, Access, implementation};
use crate::emit::rust::name::path;
use crate::emit::rust::stmt::{self, tail};
use crate::emit::rust::{attribute, ty};
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
    items.extend(decode::items(context, def, structure));
    items.push(serialize(def, structure));
    items.push(decode::deserialize(def, structure));
    if let Some(checks) = validate::structure(context, def, structure) {
        items.extend(syn::parse2::<syn::File>(checks)?.items);
    }
    items.extend(builder::builder(context, def, structure, &docs));
    Ok(items)
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
    let mut attrs = docs::model::type_definition(def).0;
    let debug = (!def.is_secret).then(|| quote!(Debug,));
    attrs.push(attribute::list("derive", quote!(Clone, #debug PartialEq)));
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
