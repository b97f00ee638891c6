//! Generated files as nested modules. Their code names the module that they are in, which a
//! macro cannot know: such paths become relative ones.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use specwright::FileSet;
use syn::Item;

/// The module that generated code is in, before it is known.
pub(crate) const ROOT: &str = "crate::__specwright";

/// The last part of [`ROOT`].
const MARK: &str = "__specwright";

/// All files, each as the module that it is.
///
/// # Errors
/// Fails where a file is not Rust or a module has no file, which are faults of the generator.
pub(crate) fn nested(files: &FileSet) -> syn::Result<TokenStream> {
    module(files, "", "mod.rs", 0)
}

/// The contents of a module, which is so far below the place of the macro.
fn module(files: &FileSet, folder: &str, path: &str, depth: usize) -> syn::Result<TokenStream> {
    let failed = |message: String| syn::Error::new(Span::call_site(), message);
    let text = files.get(path).ok_or_else(|| failed(format!("there is no file {path}")))?;
    let file = syn::parse_file(text)?;
    // Where the macro stands, nothing can be said of the module that it stands in.
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

/// Tokens with every path from the root as one from a module that is so far below it.
fn relative(tokens: TokenStream, depth: usize) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut changed = Vec::new();
    // Whether the last two tokens were `mod` and a name, so that a module begins.
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
                    [.., TokenTree::Ident(mark)] if mark == MARK => {
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

/// The path from a module to one that is so far above it.
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
