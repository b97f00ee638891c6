//! Open enums of strings.

use quote::{ToTokens, quote};
use syn::Item;

use super::docs::{self, Docs};
use super::syntax::item::{self, associated_const, attribute_list, function, variant};
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
    let of_trait = vec![
        associated_const("VALUES", syntax::static_texts(), syntax::list(wires)),
        function("from_text")
            .inline()
            .takes("text", syntax::text_type())
            .returns(syntax::ty("Self"))
            .does([gives(match_on(name("text"), known.chain([(syntax::any_other(), unknown)])))]),
        function("text").inline().takes_self_reference().returns(syntax::text_type()).does([
            gives(match_on(
                name("self"),
                texts.chain([(is_variant(&other, Some("text")), name("text"))]),
            )),
        ]),
    ];
    let own_name = &def.name;
    vec![
        item::import_runtime("specwright_runtime"),
        definition(def, of),
        item::implementation(Some("rt::TextEnum"), &own_name.0, of_trait),
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
    attrs.push(attribute_list("derive", quote!(Clone, Debug, PartialEq, Eq, Hash)));
    item::enumeration(attrs, &def.name.0, values.chain([other]))
}
