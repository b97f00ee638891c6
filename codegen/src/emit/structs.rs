//! Structs: the type, and how it is read and written.

use quote::{ToTokens, quote};
use syn::{Expr, ImplItem, Item, Type as Syntax};

use super::docs::{self, Docs};
use super::syntax::item::{
    self, Seen, associated_const, associated_type, attribute_list, function, implementation,
};
use super::syntax::{self, call, does, gives, method, name, reference, text};
use super::{Emit, builder, parse, types, validate};
use crate::ir::{Additional, Field, Presence, Shape, Struct, Type, TypeDef};

/// The field for properties that are not named.
pub(super) const ADDITIONAL: &str = "additional_properties";

/// The file of a struct.
pub(super) fn structure(
    emit: Emit<'_>,
    def: &TypeDef,
    structure: &Struct,
) -> syn::Result<Vec<Item>> {
    let named = structure.fields.iter().map(|field| &field.ty);
    let additional = match &structure.additional {
        Additional::Typed(ty) => Some(ty),
        _ => None,
    };
    let mut items = emit.uses(named.chain(additional), Some(def));
    items.push(definition(emit, def, structure));
    items.push(inherent(emit, def, structure));
    items.push(record(emit, def, structure));
    items.push(serialize(def, structure));
    let own_name = &def.name;
    items.push(item::macro_call("rt::record", own_name.to_token_stream()));
    if let Some(check) = validate::structure(emit, def, structure) {
        items.extend(parse(check)?);
    }
    items.extend(builder::builder(emit, def, structure));
    Ok(items)
}

fn definition(emit: Emit<'_>, def: &TypeDef, structure: &Struct) -> Item {
    let fields = structure.fields.iter().map(|field| {
        let docs = field_docs(emit, field);
        item::field(docs.0, Seen::Everyone, &field.name.0, types::field(emit, field))
    });
    let additional = additional_type(emit, structure).map(|ty| {
        let docs =
            Docs::lines(["Properties that the description does not name, kept as they came."]);
        item::field(docs.0, Seen::Everyone, ADDITIONAL, ty)
    });
    let default = structure.has_default().then(|| quote!(Default,));
    let mut attrs = docs::of_type(def).0;
    attrs.push(attribute_list("derive", quote!(Clone, Debug, #default PartialEq)));
    item::structure(attrs, &def.name.0, fields.chain(additional))
}

/// The doc comment of a field; of its type, where it is only a reference to one.
pub(super) fn field_docs(emit: Emit<'_>, field: &Field) -> Docs {
    let inherited = match field.ty.shape {
        Shape::Named(id) => emit.api.def(id).docs.as_deref(),
        _ => None,
    };
    docs::of_field(field, inherited)
}

/// The type of the field for properties that are not named.
pub(super) fn additional_type(emit: Emit<'_>, structure: &Struct) -> Option<Syntax> {
    match &structure.additional {
        Additional::Keep => Some(syntax::ty("rt::AdditionalProperties")),
        Additional::Typed(ty) => Some(typed_additional(emit, ty)),
        Additional::Ignore => None,
    }
}

pub(super) fn typed_additional(emit: Emit<'_>, ty: &Type) -> Syntax {
    types::map(types::nullable(emit, ty))
}

fn inherent(emit: Emit<'_>, def: &TypeDef, structure: &Struct) -> Item {
    let builder = builder::name(def);
    let docs = Docs::lines([format!(
        "A builder of [`{}`]. It reports everything that is missing or invalid at once.",
        def.name.0
    )]);
    let behind = emit.api.builders_feature().map(item::behind);
    let mut items = vec![
        function("builder")
            .seen_by(Seen::Everyone, behind.into_iter().chain(docs.0).collect())
            .returns(syntax::ty(&builder))
            .does([gives(builder::begun(emit, def, structure))]),
    ];
    if def.constrained {
        let docs = Docs::lines([
            "Checks the constraints of the description, here and within.",
            "",
            "# Errors",
            "Fails with every violation, each with its place.",
        ]);
        items.push(
            function("validate")
                .seen_by(Seen::Everyone, docs.0)
                .inline()
                .takes_self_reference()
                .returns(validated(syntax::tuple_type([])))
                .does([gives(call("rt::Checks::run", [name("self")]))]),
        );
    }
    implementation(None, &def.name.0, items)
}

/// What validating a value brings.
pub(super) fn validated(value: Syntax) -> Syntax {
    syntax::generic("Result", [value, syntax::ty("rt::ValidationError")])
}

fn record(emit: Emit<'_>, def: &TypeDef, structure: &Struct) -> Item {
    let names = structure.fields.iter().map(|field| text(&field.wire));
    let items = vec![
        associated_type("Draft", syntax::ty(&builder::name(def))),
        associated_const(
            (Seen::Nobody, Vec::new()),
            "FIELDS",
            syntax::static_texts(),
            syntax::list(names),
        ),
        builder::empty(def, structure),
        read(emit, structure),
        finish(def, structure),
    ];
    implementation(Some(syntax::path("rt::Record")), &def.name.0, items)
}

fn read(emit: Emit<'_>, structure: &Struct) -> ImplItem {
    let draft = |field: &str| reference(syntax::field("draft", field), true);
    let reads = structure.fields.iter().enumerate().map(|(i, field)| {
        let read = match field.presence {
            Presence::ThreeState => "rt::read_nullable",
            Presence::RequiredNullable => "rt::read_null",
            _ if types::is_json(emit, &field.ty) => "rt::read_null",
            Presence::Required | Presence::Optional => "rt::read",
        };
        (syntax::is_index(i), call(read, [name("map"), draft(&field.name.0)]))
    });
    let keep = |function| call(function, [name("map"), name("field"), draft(ADDITIONAL)]);
    let other = match &structure.additional {
        Additional::Keep => keep("rt::keep"),
        Additional::Typed(_) => keep("rt::keep_typed"),
        Additional::Ignore => call("rt::skip", [name("map")]),
    };
    let arms = reads.chain([(syntax::any_other(), other)]);
    let nothing = syntax::tuple_type([]);
    function("read")
        .over("'de")
        .generic("M", syntax::path_over("rt::MapAccess", "'de"))
        .takes("draft", syntax::mutably_borrowed(syntax::ty("Self::Draft")))
        .takes("field", syntax::ty("rt::Field"))
        .takes("map", syntax::mutably_borrowed(syntax::ty("M")))
        .returns(syntax::generic("Result", [nothing, syntax::ty("M::Error")]))
        .does([gives(syntax::match_on(syntax::field("field", "index"), arms))])
}

/// The draft is taken apart in one go: `?` for each property would take the compiler longer than
/// all else in it.
fn finish(def: &TypeDef, structure: &Struct) -> ImplItem {
    let additional = !matches!(structure.additional, Additional::Ignore);
    let additional = additional.then_some((ADDITIONAL, false));
    let fields = structure.fields.iter().map(|field| {
        let is_required = matches!(field.presence, Presence::Required | Presence::RequiredNullable);
        (field.name.0.as_str(), is_required)
    });
    let fields: Vec<(&str, bool)> = fields.chain(additional).collect();
    let draft = |field: &str| syntax::field("draft", field);
    let present: Vec<Expr> = structure
        .fields
        .iter()
        .zip(&fields)
        .filter(|(_, (_, is_required))| *is_required)
        .map(|(field, (name, _))| {
            syntax::tuple([text(&field.wire), method(draft(name), "is_some", [])])
        })
        .collect();
    let (argument, body) = if present.is_empty() {
        let values = fields.iter().map(|(name, _)| (*name, draft(name)));
        ("_missing", vec![gives(call("Some", [syntax::construct("Self", values, None)]))])
    } else {
        // Of what must be there each gets a name; a property called `draft` hides the rest.
        let is_hidden = fields.contains(&("draft", true));
        let named = fields.iter().filter(|(_, is_required)| *is_required || is_hidden).copied();
        let is_whole = syntax::has_fields(&builder::name(def), named, !is_hidden);
        let check = method(name("missing"), "check", [syntax::list(present)]);
        let otherwise = vec![does(check), syntax::returns(name("None"))];
        let values = fields.iter().map(|(field, is_required)| {
            (*field, if *is_required || is_hidden { name(field) } else { draft(field) })
        });
        let whole = gives(call("Some", [syntax::construct("Self", values, None)]));
        ("missing", vec![syntax::let_or_else(is_whole, name("draft"), otherwise), whole])
    };
    function("finish")
        .inline()
        .takes("draft", syntax::ty("Self::Draft"))
        .takes(argument, syntax::mutably_borrowed(syntax::ty("rt::Missing")))
        .returns(syntax::option(syntax::ty("Self")))
        .does(body)
}

fn serialize(def: &TypeDef, structure: &Struct) -> Item {
    let own = |field: &str| syntax::field("self", field);
    let writes = structure.fields.iter().map(|field| {
        let write = match field.presence {
            Presence::Required | Presence::RequiredNullable => "required",
            Presence::Optional => "optional",
            Presence::ThreeState => "nullable",
        };
        let value = reference(own(&field.name.0), false);
        does(method(name("out"), write, [text(&field.wire), value]))
    });
    let additional = match structure.additional {
        Additional::Ignore => None,
        _ => {
            let entries = method(own(ADDITIONAL), "iter", []);
            Some(does(method(name("out"), "additional", [entries])))
        }
    };
    let mut writes: Vec<_> = writes.chain(additional).collect();
    let begin = call("rt::Writer::begin", [name("serializer")]);
    if writes.is_empty() {
        writes.push(gives(method(begin, "end", [])));
    } else {
        writes.insert(0, syntax::let_mut("out", begin));
        writes.push(gives(method(name("out"), "end", [])));
    }
    let result = syntax::generic("Result", [syntax::ty("S::Ok"), syntax::ty("S::Error")]);
    let serialize = function("serialize")
        .generic("S", syntax::path("rt::Serializer"))
        .takes_self_reference()
        .takes("serializer", syntax::ty("S"))
        .returns(result)
        .does(writes);
    implementation(Some(syntax::path("rt::serde::Serialize")), &def.name.0, vec![serialize])
}
