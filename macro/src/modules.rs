//! Generated files as nested modules. A macro does not know the path of its module, so absolute
//! paths in the code become relative.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use specwright::FileSet;
use syn::Item;

/// The module path in generated code until it is replaced.
pub(crate) const ROOT: &str = "crate::__specwright";

/// The last part of [`ROOT`].
const PLACEHOLDER: &str = "__specwright";

/// Returns all files as nested modules.
///
/// # Errors
/// Returns an error if a file is not valid Rust or is missing, which is a bug in the generator.
pub(crate) fn nested(files: &FileSet) -> syn::Result<TokenStream> {
    module(files, "", "mod.rs", 0)
}

/// Returns the contents of a module at a depth below the macro call.
fn module(files: &FileSet, folder: &str, path: &str, depth: usize) -> syn::Result<TokenStream> {
    let failed = |message: String| syn::Error::new(Span::call_site(), message);
    let source = files.get(path).ok_or_else(|| failed(format!("missing file {path}")))?;
    let file = syn::parse_file(source)?;
    // A macro cannot add inner attributes to the module that it is called in.
    let inner = file.attrs.into_iter().filter(|_| depth > 0);
    let mut tokens = quote!(#(#inner)*);
    for item in file.items {
        let item = match item {
            Item::Mod(item) if item.content.is_none() => item,
            item => {
                tokens.extend(relative(item.into_token_stream(), depth));
                continue;
            }
        };
        let name = item.ident.to_string();
        let name = name.trim_start_matches("r#");
        let below = format!("{folder}{name}/");
        let flat = format!("{folder}{name}.rs");
        let path = match files.get(&flat) {
            Some(_) => flat,
            None => format!("{below}mod.rs"),
        };
        let content = module(files, &below, &path, depth + 1)?;
        let (attrs, vis, ident) = (&item.attrs, &item.vis, &item.ident);
        tokens.extend(quote!(#(#attrs)* #vis mod #ident { #content }));
    }
    Ok(tokens)
}

/// Makes all paths from the root relative to a module at a depth below it.
fn relative(tokens: TokenStream, depth: usize) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut changed = Vec::new();
    // Counts the tokens `mod`, a name and a group, which start a module.
    let mut begins = 0_u8;
    while let Some(token) = tokens.next() {
        begins = match (&token, begins) {
            (TokenTree::Ident(ident), 0) if ident == "mod" => 1,
            (TokenTree::Ident(_), 1) => 2,
            (TokenTree::Group(_), 2) => 3,
            _ => 0,
        };
        match token {
            TokenTree::Group(group) => {
                let depth = if begins == 3 { depth + 1 } else { depth };
                begins = 0;
                let mut inner = Group::new(group.delimiter(), relative(group.stream(), depth));
                inner.set_span(group.span());
                changed.push(TokenTree::Group(inner));
            }
            TokenTree::Ident(ident) if ident == "crate" => {
                let rest: Vec<TokenTree> = tokens.clone().take(3).collect();
                match rest.as_slice() {
                    [.., TokenTree::Ident(ident)] if ident == PLACEHOLDER => {
                        tokens.by_ref().take(3).for_each(drop);
                        changed.extend(upwards(depth));
                    }
                    _ => changed.push(ident.into()),
                }
            }
            other => changed.push(other),
        }
    }
    changed.into_iter().collect()
}

/// Returns the relative path to the module that many levels above.
fn upwards(depth: usize) -> TokenStream {
    let word = |word| Ident::new(word, Span::call_site());
    match depth {
        0 => word("self").into_token_stream(),
        depth => {
            let words = std::iter::repeat_n(word("super"), depth);
            quote!(#(#words)::*)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_from_the_root_become_relative_to_the_module() {
        let code = quote! {
            use crate::__specwright::models::A;
            fn f() { crate::__specwright::g(crate::other); }
            mod inner { use crate::__specwright::Error; mod deeper { type T = crate::__specwright::T; } }
        };
        let expected = quote! {
            use super::super::models::A;
            fn f() { super::super::g(crate::other); }
            mod inner { use super::super::super::Error; mod deeper { type T = super::super::super::super::T; } }
        };
        assert_eq!(relative(code, 2).to_string(), expected.to_string());
        let root = relative(
            quote!(
                pub use crate::__specwright::a;
            ),
            0,
        )
        .to_string();
        assert_eq!(
            root,
            quote!(
                pub use self::a;
            )
            .to_string()
        );
    }
}
