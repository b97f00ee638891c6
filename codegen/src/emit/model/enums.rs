//! Open enums of strings.

use quote::quote;
use syn::Item;

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
    let open = kind.is_open.then(|| quote!(, open));
    let other = &kind.other;
    let mut items = vec![
        item::import_runtime("specwright_runtime"),
        definition(def, kind),
        item::implementation(None, &name.0, vec![constant, as_str]),
        item::implementation(Some(path("rt::StringEnum")), &name.0, vec![of]),
        item::macro_call("rt::string_enum", quote!(#name, #other #open)),
    ];
    items.extend(def.is_secret.then(|| redacted(def, None)));
    items
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
