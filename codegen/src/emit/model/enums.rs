//! Open enums of strings.

use quote::quote;
use syn::{ImplItem, Item};

use super::secret::redacted;
use super::user;
use crate::emit::docs::{self, Docs};
use crate::emit::rust::expr::{self, call, match_on};
use crate::emit::rust::function::function;
use crate::emit::rust::item::{self, Access, associated_const, variant};
use crate::emit::rust::name::path;
use crate::emit::rust::stmt::tail;
use crate::emit::rust::{attribute, pattern, ty};
use crate::ir::{Enum, EnumValue, TypeDef};

/// Returns the file of an enum.
pub(super) fn enumeration(def: &TypeDef, kind: &Enum) -> Vec<Item> {
    let other = format!("Self::{}", kind.other.0);
    let own = |value: &EnumValue| format!("Self::{}", value.name.0);
    let name = &def.name;
    let wires = kind.values.iter().map(|value| expr::string(&value.wire));
    let docs = Docs::lines(["All values that the spec defines, in its order."]);
    let constant = associated_const(
        (Access::Public, docs.0),
        "VALUES",
        ty::static_strings(),
        expr::slice(wires),
    );
    let mut attrs = Docs::lines(["Returns the value as it is sent."]).0;
    attrs.push(attribute::word("must_use"));
    let encoded = kind
        .values
        .iter()
        .map(|value| (pattern::variant(&own(value), None), expr::string(&value.wire)))
        .chain([(pattern::variant(&other, Some("value")), expr::name("value"))]);
    let as_str = function("as_str")
        .public(attrs)
        .inline()
        .self_ref()
        .returns(ty::str_ref())
        .body([tail(match_on(expr::name("self"), encoded))]);
    let unknown = call(&other, [call("unknown", [expr::name("value")])]);
    let decoded = kind
        .values
        .iter()
        .map(|value| (pattern::string(&value.wire), expr::name(&own(value))))
        .chain([(pattern::wildcard(), unknown)]);
    // Not inline: the compiler would keep the code of each enum for other crates.
    let of = function("of")
        .argument("value", ty::str_ref())
        .argument("unknown", ty::ty("rt::ToUnknown"))
        .returns(ty::ty("Self"))
        .body([tail(match_on(expr::name("value"), decoded))]);
    let mut constants = vec![constant];
    constants.extend(former_values(kind));
    constants.push(as_str);
    let open = kind.is_open.then(|| quote!(, open));
    let other = &kind.other;
    let mut items = vec![
        item::import_runtime("specwright_runtime"),
        definition(def, kind),
        item::implementation(None, &name.0, constants),
        item::implementation(Some(path("rt::StringEnum")), &name.0, vec![of]),
        item::macro_call("rt::string_enum", quote!(#name, #other #open)),
    ];
    items.extend(def.is_secret.then(|| redacted(def, None)));
    items
}

/// Returns a deprecated constant for each former name of a value.
pub(super) fn former_values(kind: &Enum) -> Vec<ImplItem> {
    let constants = kind.values.iter().flat_map(|value| {
        let name = &value.name.0;
        value.former.iter().map(move |former| {
            let mut attrs = Vec::from(attribute::former(&format!("Self::{name}")));
            let reason = quote!(non_upper_case_globals, reason = "it was a variant");
            attrs.push(attribute::list("allow", reason));
            let value = expr::name(&format!("Self::{name}"));
            associated_const((Access::Public, attrs), &former.0, ty::ty("Self"), value)
        })
    });
    constants.collect()
}

fn definition(def: &TypeDef, kind: &Enum) -> Item {
    let variants = kind
        .values
        .iter()
        .map(|value| variant(docs::model::enum_value(value).0, &value.name.0, None));
    let docs = Docs::lines(["A value that the spec does not define, preserved unchanged."]);
    let other = variant(docs.0, &kind.other.0, Some(ty::ty("rt::UnknownValue")));
    let mut attrs = docs::model::type_definition(def).0;
    let debug = (!def.is_secret).then(|| quote!(Debug,));
    attrs.push(attribute::list("derive", quote!(Clone, #debug PartialEq)));
    attrs.extend(user::decoration(def, &["Clone", "Debug", "PartialEq", "Eq", "Hash"]));
    attrs.push(attribute::non_exhaustive());
    item::enumeration(attrs, &def.name.0, variants.chain([other]))
}
