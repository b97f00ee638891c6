//! Generated files as nested modules.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use specwright::FileSet;
use syn::Item;

/// Returns all files as nested modules.
///
/// # Errors
/// Returns an error if a file is not valid Rust or is missing, which is a bug in the generator.
pub(crate) fn nested(files: &FileSet) -> syn::Result<TokenStream> {
    module(files, "", "mod.rs")
}

/// Returns the contents of a module.
fn module(files: &FileSet, folder: &str, path: &str) -> syn::Result<TokenStream> {
    let failed = |message: String| syn::Error::new(Span::call_site(), message);
    let source = files.get(path).ok_or_else(|| failed(format!("missing file {path}")))?;
    let file = syn::parse_file(source)?;
    // A macro cannot add inner attributes to the module that it is called in.
    let inner = file.attrs.into_iter().filter(|_| !folder.is_empty());
    let mut tokens = quote!(#(#inner)*);
    for item in file.items {
        let item = match item {
            Item::Mod(item) if item.content.is_none() => item,
            item => {
                item.to_tokens(&mut tokens);
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
        let content = module(files, &below, &path)?;
        let (attrs, vis, ident) = (&item.attrs, &item.vis, &item.ident);
        tokens.extend(quote!(#(#attrs)* #vis mod #ident { #content }));
    }
    Ok(tokens)
}
