//! IR types as Rust types.

use quote::ToTokens;
use syn::{Expr, Type as Syntax};

use crate::emit::context::Context;
use crate::emit::rust::expr::{self, method};
use crate::emit::rust::pattern;
use crate::emit::rust::ty::{self, generic, impl_generic, impl_into_iterator, option};
use crate::ir::{Field, Presence, Shape, Tuple, Type, TypeId, TypeKind};

/// Returns the type of a present value that is not null.
pub(in crate::emit) fn ty(context: Context<'_>, ty: &Type) -> Syntax {
    written(context, ty, false)
}

/// Returns a type. If it is qualified, its names need no import.
fn written(context: Context<'_>, ty: &Type, is_qualified: bool) -> Syntax {
    let shown = shown(context, ty, is_qualified);
    if context.api.hides(ty) { generic("rt::Secret", [shown]) } else { shown }
}

/// Returns a type without what makes it secret.
fn shown(context: Context<'_>, ty: &Type, is_qualified: bool) -> Syntax {
    let inner = |item: &Type| optional(context, item, written(context, item, is_qualified));
    let name = match &ty.shape {
        Shape::String => "String",
        Shape::Timestamp => "rt::Timestamp",
        Shape::Date => "rt::Date",
        Shape::Boolean => "bool",
        Shape::Base64 => "rt::Base64",
        Shape::Base64Url => "rt::Base64Url",
        Shape::Integer(integer) => {
            let prefix = if integer.is_signed { "i" } else { "u" };
            &format!("{prefix}{}", integer.bits)
        }
        Shape::Number => "rt::Number",
        Shape::Blob => "rt::Blob",
        Shape::Json => "rt::Json",
        Shape::JsonObject => "rt::JsonObject",
        Shape::List(item) => return generic("Vec", [inner(item)]),
        Shape::Tuple(tuple) => return tuple_type(tuple, inner),
        Shape::Map(value) => return map(inner(value)),
        Shape::Named(id) if is_qualified => {
            return ty::ty(&format!("{}::models::{}", context.module, context.api.def(*id).name.0));
        }
        Shape::Named(id) => &context.api.def(*id).name.0,
    };
    ty::ty(name)
}

fn tuple_type(tuple: &Tuple, inner: impl Fn(&Type) -> Syntax) -> Syntax {
    let items = ty::tuple_of(tuple.items.iter().map(&inner));
    if tuple.is_exact() {
        return items;
    }
    let optional = tuple.optional.iter().map(|ty| option(inner(ty)));
    let rest = tuple.rest.as_ref().map(&inner);
    let rest = rest.unwrap_or_else(|| ty::ty("rt::NoElement"));
    generic("rt::Tuple", [items, ty::tuple_of(optional), rest])
}

/// Returns a map from strings to a type.
pub(super) fn map(value: Syntax) -> Syntax {
    generic("rt::BTreeMap", [ty::ty("String"), value])
}

/// Returns a type with all aliases expanded. Two types are equal if these strings are equal.
pub(in crate::emit) fn expanded(context: Context<'_>, source: &Type) -> String {
    let inner = |item: &Type| match context.api.is_nullable(item) && !is_json(context, item) {
        true => format!("Option<{}>", expanded(context, item)),
        false => expanded(context, item),
    };
    let (target, _) = context.api.resolve(source);
    let shown = match &target.shape {
        Shape::List(item) => format!("Vec<{}>", inner(item)),
        Shape::Map(value) => format!("Map<{}>", inner(value)),
        Shape::Tuple(tuple) => {
            let all = |types: &[Type]| types.iter().map(inner).collect::<Vec<_>>().join(",");
            let rest = tuple.rest.as_ref().map(inner);
            let rest = rest.unwrap_or_default();
            format!("({};{};{rest})", all(&tuple.items), all(&tuple.optional))
        }
        Shape::Named(id) if let Some(path) = user_path(context, *id) => path.to_owned(),
        _ => shown(context, target, false).to_token_stream().to_string(),
    };
    if context.api.is_hidden(source) { format!("Secret<{shown}>") } else { shown }
}

/// Returns the path of the type of the user that a type is an alias of.
fn user_path<'a>(context: Context<'a>, id: TypeId) -> Option<&'a str> {
    let replaced = context.api.def(id).replaced.as_ref()?;
    replaced.with.is_none().then_some(replaced.path.as_str())
}

/// Returns a type, in an `Option` if its schema allows `null`.
pub(in crate::emit) fn nullable(context: Context<'_>, source: &Type) -> Syntax {
    optional(context, source, ty(context, source))
}

fn optional(context: Context<'_>, source: &Type, inner: Syntax) -> Syntax {
    // Free-form JSON represents `null` itself.
    match context.api.is_nullable(source) && !is_json(context, source) {
        true => option(inner),
        false => inner,
    }
}

/// Whether a type is free-form JSON, which represents `null` itself.
pub(in crate::emit) fn is_json(context: Context<'_>, ty: &Type) -> bool {
    context.api.resolve(ty).0.shape == Shape::Json
}

/// Returns the type of a present field that is not null.
pub(super) fn field_inner(context: Context<'_>, field: &Field) -> Syntax {
    let inner = ty(context, &field.ty);
    if field.boxed { generic("Box", [inner]) } else { inner }
}

/// Returns the type of a field of a struct.
pub(super) fn field(context: Context<'_>, field: &Field) -> Syntax {
    let inner = field_inner(context, field);
    match field.presence {
        Presence::Required => inner,
        Presence::RequiredNullable | Presence::Optional => option(inner),
        Presence::ThreeState => generic("rt::Nullable", [inner]),
    }
}

/// Returns the type of the argument of a setter, and the value made of the argument `name`.
/// Strings accept `&str`, and lists any iterator of what one of their items accepts.
pub(in crate::emit) fn argument(context: Context<'_>, source: &Type, name: &str) -> (Syntax, Expr) {
    let (ty, conversion) = accepted(context, source, false);
    let value = expr::name(name);
    (ty, conversion.apply(value))
}

/// How the argument of a setter becomes a value.
enum Conversion {
    None,
    Into,
    /// Each item of an iterator.
    Items(Box<Conversion>),
    /// Each pair of an iterator.
    Entries,
}

impl Conversion {
    fn apply(&self, value: Expr) -> Expr {
        let iterator = |value| method(value, "into_iter", []);
        let mapped = |value, with| method(method(iterator(value), "map", [with]), "collect", []);
        match self {
            Self::None => value,
            Self::Into => method(value, "into", []),
            Self::Entries => mapped(value, expr::name("rt::string_entry")),
            Self::Items(item) => match &**item {
                // Functions of the runtime, since rustc resolves one path faster than methods.
                Self::None => expr::call("rt::list", [value]),
                Self::Into => expr::call("rt::list_into", [value]),
                item => {
                    let item = item.apply(expr::name("item"));
                    mapped(value, expr::closure(pattern::binding("item", false), item))
                }
            },
        }
    }
}

fn accepted(context: Context<'_>, source: &Type, is_qualified: bool) -> (Syntax, Conversion) {
    let own = || written(context, source, is_qualified);
    let string = || impl_generic("Into", ty::ty("String"));
    let (target, kind) = context.api.resolve(source);
    match (&target.shape, kind) {
        _ if context.api.is_hidden(source) => (impl_generic("Into", own()), Conversion::Into),
        // An alias of a string needs no import as a string.
        (Shape::String, _) if is_qualified => (string(), Conversion::Into),
        (Shape::String | Shape::Base64 | Shape::Base64Url | Shape::Number | Shape::Blob, _)
        | (_, Some(TypeKind::Enum(_) | TypeKind::Union(_))) => {
            (impl_generic("Into", own()), Conversion::Into)
        }
        // It is made of the type of the user that it contains.
        (Shape::Named(id), None)
            if context.api.def(*id).replaced.as_ref().is_some_and(|it| it.with.is_some()) =>
        {
            (impl_generic("Into", own()), Conversion::Into)
        }
        (Shape::Tuple(tuple), _) if !tuple.is_exact() => {
            (impl_generic("Into", own()), Conversion::Into)
        }
        (Shape::List(item), _) => {
            // The file of the argument imports an alias, but not its items.
            let is_qualified = is_qualified || source.shape != target.shape;
            let (item, conversion) = match context.api.is_nullable(item) {
                true => {
                    let inner = written(context, item, is_qualified);
                    (optional(context, item, inner), Conversion::None)
                }
                false => accepted(context, item, is_qualified),
            };
            (impl_into_iterator(item), Conversion::Items(Box::new(conversion)))
        }
        (Shape::Map(item), _) if is_string(context, item) => {
            (impl_into_iterator(ty::tuple([string(), string()])), Conversion::Entries)
        }
        _ => (own(), Conversion::None),
    }
}

/// Returns the type whose names the argument of a setter contains, if it contains any.
pub(in crate::emit) fn named_in_argument<'t>(
    context: Context<'t>,
    source: &'t Type,
) -> Option<&'t Type> {
    let (target, _) = context.api.resolve(source);
    match &target.shape {
        _ if context.api.is_hidden(source) => Some(source),
        Shape::List(_) if source.shape != target.shape => None,
        Shape::List(item) if context.api.is_nullable(item) => Some(item),
        Shape::List(item) => named_in_argument(context, item),
        Shape::Map(item) if is_string(context, item) => None,
        _ => Some(source),
    }
}

fn is_string(context: Context<'_>, ty: &Type) -> bool {
    context.api.resolve(ty).0.shape == Shape::String
        && !context.api.is_nullable(ty)
        && !context.api.is_hidden(ty)
}

/// Returns whether a type is an integer, or contains integers apart from those of other models.
pub(super) fn has_integers(context: Context<'_>, ty: &Type) -> bool {
    let (ty, _) = context.api.resolve(ty);
    match &ty.shape {
        Shape::Integer(_) => true,
        Shape::List(item) | Shape::Map(item) => has_integers(context, item),
        Shape::Tuple(tuple) => tuple.types().any(|ty| has_integers(context, ty)),
        _ => false,
    }
}
