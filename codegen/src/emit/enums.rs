//! Open enums of strings.

use quote::{ToTokens, quote};
use syn::Item;

use super::docs::{self, Docs};
use super::syntax::item::{self, Seen, associated_const, attribute_list, function, variant};
use super::syntax::{self, call, gives, is_text, is_variant, match_on, method, name, text};
use crate::ir::{Enum, EnumValue, TypeDef};

/// The file of an enum.
pub(super) fn enumeration(def: &TypeDef, of: &Enum) -> Vec<Item> {
    let other = format!("Self::{}", of.other.0);
    let own = |value: &EnumValue| format!("Self::{}", value.name.0);
    let wires = of.values.iter().map(|value| text(&value.wire));
    let known = of.values.iter().map(|value| (is_text(&value.wire), name(&own(value))));
    let unknown = call(&other, [method(name("text"), "to_owned", [])]);
    let texts = of.values.iter().map(|value| (is_variant(&own(value), None), text(&value.wire)));
    let docs = Docs::lines(["Every value that the description names, in its order."]);
    let seen = (Seen::Everyone, docs.0);
    let values = associated_const(seen, "VALUES", syntax::static_texts(), syntax::list(wires));
    let mut attrs = Docs::lines(["The value as it is sent."]).0;
    attrs.push(item::mark("must_use"));
    let as_str = function("as_str")
        .seen_by(Seen::Everyone, attrs)
        .inline()
        .takes_self_reference()
        .returns(syntax::text_type())
        .does([gives(match_on(
            name("self"),
            texts.chain([(is_variant(&other, Some("text")), name("text"))]),
        ))]);
    let from = function("from")
        .inline()
        .takes("text", syntax::text_type())
        .returns(syntax::ty("Self"))
        .does([gives(match_on(name("text"), known.chain([(syntax::any_other(), unknown)])))]);
    let of_text = syntax::trait_over("From", syntax::text_type());
    let own_name = &def.name;
    vec![
        item::import_runtime("specwright_runtime"),
        definition(def, of),
        item::implementation(None, &own_name.0, vec![values, as_str]),
        item::implementation(Some(of_text), &own_name.0, vec![from]),
        item::macro_call("rt::text_enum", own_name.to_token_stream()),
    ]
}

fn definition(def: &TypeDef, of: &Enum) -> Item {
    let values = of.values.iter().map(|value| {
        let wire = format!("`{}`", value.wire.replace('`', "'").escape_default());
        variant(Docs::lines([wire]).0, &value.name.0, None)
    });
    let docs = Docs::lines(["A value that the description does not name, kept as it is."]);
    let other = variant(docs.0, &of.other.0, Some(syntax::ty("String")));
    let mut attrs = docs::of_type(def).0;
    attrs.push(attribute_list("derive", quote!(Clone, Debug, PartialEq)));
    item::enumeration(attrs, &def.name.0, values.chain([other]))
}
