//! Signatures as strings, in which the names of models have no path.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{FnArg, GenericArgument, GenericParam, Generics, PathArguments, ReturnType, Type};

/// Returns a type.
pub(super) fn ty(ty: &Type) -> String {
    let mut out = String::new();
    write_type(ty, &mut out);
    out
}

/// Returns the arguments and the return type of a function, without the names of the arguments.
pub(super) fn function(signature: &syn::Signature) -> String {
    let mut out = generics(&signature.generics);
    if signature.asyncness.is_some() {
        out.insert_str(0, "async ");
    }
    out.push_str("fn(");
    for (i, argument) in signature.inputs.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        match argument {
            FnArg::Receiver(receiver) => out.push_str(&self_argument(receiver)),
            FnArg::Typed(typed) => write_type(&typed.ty, &mut out),
        }
    }
    out.push(')');
    if let ReturnType::Type(_, ty) = &signature.output {
        out.push_str(" -> ");
        write_type(ty, &mut out);
    }
    out
}

/// Returns the names of the arguments of a function.
pub(super) fn arguments(signature: &syn::Signature) -> Vec<String> {
    let names = signature.inputs.iter().filter_map(|argument| match argument {
        FnArg::Receiver(_) => None,
        FnArg::Typed(typed) => Some(typed.pat.to_token_stream().to_string()),
    });
    names.collect()
}

/// Returns `self`, `&self` or `&mut self`. Whether a value is mutable in the body does not matter.
fn self_argument(receiver: &syn::Receiver) -> String {
    let written = receiver.to_token_stream().to_string();
    match written.strip_prefix("mut ") {
        Some(value) => value.to_owned(),
        None => written.replace(' ', "").replace("&mut", "&mut "),
    }
}

/// Returns the parameters and bounds of an item, or nothing.
pub(super) fn generics(generics: &Generics) -> String {
    if generics.params.is_empty() && generics.where_clause.is_none() {
        return String::new();
    }
    let parameters = generics.params.iter().map(|parameter| match parameter {
        GenericParam::Type(of) => {
            let bounds = of.bounds.to_token_stream().to_string();
            let default = of.default.as_ref().map(|(_, default)| format!(" = {}", ty(default)));
            let colon = if bounds.is_empty() { "" } else { ": " };
            format!("{}{colon}{bounds}{}", of.ident, default.unwrap_or_default())
        }
        other => other.to_token_stream().to_string(),
    });
    let parameters: Vec<String> = parameters.collect();
    let bounds = generics.where_clause.to_token_stream().to_string();
    format!("<{}>{bounds}", parameters.join(", "))
}

/// Returns a path as it is written, without the path of a model.
pub(super) fn path(path: &syn::Path) -> String {
    let mut out = String::new();
    write_path(path, &mut out);
    out
}

fn write_type(ty: &Type, out: &mut String) {
    match ty {
        Type::Path(path) if path.qself.is_none() => write_path(&path.path, out),
        Type::Reference(reference) => {
            out.push('&');
            if let Some(lifetime) = &reference.lifetime {
                out.push_str(&lifetime.to_string());
                out.push(' ');
            }
            if reference.to_token_stream().to_string().starts_with("& mut") {
                out.push_str("mut ");
            }
            write_type(&reference.elem, out);
        }
        Type::Tuple(tuple) => {
            out.push('(');
            write_list(&tuple.elems, out);
            out.push(')');
        }
        Type::Slice(slice) => {
            out.push('[');
            write_type(&slice.elem, out);
            out.push(']');
        }
        Type::ImplTrait(implementation) => {
            out.push_str("impl ");
            for (i, bound) in implementation.bounds.iter().enumerate() {
                if i > 0 {
                    out.push_str(" + ");
                }
                match bound {
                    syn::TypeParamBound::Trait(bound) if bound.lifetimes.is_none() => {
                        write_path(&bound.path, out);
                    }
                    other => out.push_str(&other.to_token_stream().to_string()),
                }
            }
        }
        other => out.push_str(&other.to_token_stream().to_string()),
    }
}

fn write_list(types: &Punctuated<Type, syn::Token![,]>, out: &mut String) {
    for (i, ty) in types.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        write_type(ty, out);
    }
}

fn write_path(path: &syn::Path, out: &mut String) {
    let is_own = path.segments.first().is_some_and(|first| {
        first.ident == "crate" || first.ident == "super" || first.ident == "self"
    });
    // All models have different names, so the name is enough.
    let skipped = match is_own && path.segments.len() > 1 {
        true => path.segments.len() - 1,
        false => 0,
    };
    for (i, segment) in path.segments.iter().enumerate().skip(skipped) {
        if i > skipped {
            out.push_str("::");
        }
        out.push_str(&segment.ident.to_string());
        match &segment.arguments {
            PathArguments::None => {}
            PathArguments::AngleBracketed(arguments) => {
                out.push('<');
                for (i, argument) in arguments.args.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    match argument {
                        GenericArgument::Type(ty) => write_type(ty, out),
                        GenericArgument::AssocType(of) if of.generics.is_none() => {
                            out.push_str(&format!("{} = ", of.ident));
                            write_type(&of.ty, out);
                        }
                        other => out.push_str(&other.to_token_stream().to_string()),
                    }
                }
                out.push('>');
            }
            PathArguments::Parenthesized(arguments) => {
                out.push_str(&arguments.to_token_stream().to_string());
            }
        }
    }
}
