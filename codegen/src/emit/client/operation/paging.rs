//! Pagination: how a request continues with the next page.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::emit::context::Context;
use crate::emit::model::types;
use crate::ir::{Content, NextPage, Operation, Output, Paging, Step};

/// Returns the methods that fetch all pages.
pub(super) fn methods() -> TokenStream {
    quote! {
        /// Returns a stream of the entries of all pages, which are fetched lazily.
        pub fn stream(self) -> rt::Items<Self> {
            rt::Items::new(self)
        }

        /// Returns a stream of all pages, which are fetched lazily.
        pub fn pages(self) -> rt::Pages<Self> {
            rt::Pages::new(self)
        }
    }
}

/// Returns the `Paged` implementation of a request.
pub(super) fn paging(context: Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let paging = operation.paging.as_ref()?;
    let Output::One { content: Content::Json(page), .. } = &operation.output else {
        return None;
    };
    let (name, page, item) =
        (&operation.request, types::ty(context, page), types::nullable(context, &paging.item));
    let advance = advance(context, paging);
    let is_empty = is_empty(paging, &page);
    let items = match paging.results.as_slice() {
        [Step { name, optional: true, .. }] => quote!(page.#name.unwrap_or_default()),
        [Step { name, optional: false, .. }] => quote!(page.#name),
        [] => quote!(page),
        steps => {
            let value = owned(steps);
            quote! {
                let results = || #value;
                results().unwrap_or_default()
            }
        }
    };
    Some(quote! {
        impl rt::Paged for #name {
            type Page = #page;
            type Item = #item;
            type ErrorBody = ErrorBody;

            #[inline]
            fn fetch(self) -> rt::Call<#page, ErrorBody> {
                self.send()
            }

            fn advance(&mut self, page: &#page) -> Option<String> {
                #advance
            }

            #is_empty

            fn items(page: #page) -> Vec<#item> {
                #items
            }
        }
    })
}

/// Returns the method that recognises an empty page, where one may have a cursor. All other lists end
/// at an empty page.
fn is_empty(paging: &Paging, page: &syn::Type) -> Option<TokenStream> {
    if paging.ends_empty || !matches!(paging.next, NextPage::Cursor { .. }) {
        return None;
    }
    let results = borrowed(&paging.results);
    let is_empty = match paging.results.iter().any(|step| step.optional) {
        true => quote! {
            let results = || Some(#results.is_empty());
            results().unwrap_or(true)
        },
        false => quote!(#results.is_empty()),
    };
    Some(quote! {
        fn is_empty(page: &#page) -> bool {
            #is_empty
        }
    })
}

fn advance(context: Context<'_>, paging: &Paging) -> TokenStream {
    match &paging.next {
        NextPage::Cursor { from, to } => {
            let cursor = borrowed(from);
            let end = paging.ends_empty.then(|| {
                let results = borrowed(&paging.results);
                quote! {
                    if #results.is_empty() {
                        return None;
                    }
                }
            });
            let (slot, optional) = slot(to);
            let (same, value) = match optional {
                true => (quote!(slot.as_ref() == Some(&cursor)), quote!(Some(cursor.clone()))),
                false => (quote!(*slot == cursor), quote!(cursor.clone())),
            };
            quote! {
                #end
                let cursor = #cursor.clone();
                let slot = &mut #slot;
                if cursor.is_empty() || #same {
                    return None;
                }
                *slot = #value;
                Some(cursor)
            }
        }
        NextPage::Offset { to, ty } => {
            let ty = types::ty(context, ty);
            let count = borrowed(&paging.results);
            let step = quote!(#ty::try_from(count).ok()?);
            let (slot, optional) = slot(to);
            let before = if optional { quote!(slot.unwrap_or_default()) } else { quote!((*slot)) };
            let after = if optional { quote!(Some(next)) } else { quote!(next) };
            quote! {
                let count = #count.len();
                if count == 0 {
                    return None;
                }
                let slot = &mut #slot;
                let next = #before.saturating_add(#step);
                *slot = #after;
                Some(next.to_string())
            }
        }
        NextPage::Page { to, first, .. } => {
            let count = borrowed(&paging.results);
            let first = Literal::i64_unsuffixed(*first);
            let (slot, optional) = slot(to);
            let before = if optional { quote!(slot.unwrap_or(#first)) } else { quote!((*slot)) };
            let after = if optional { quote!(Some(next)) } else { quote!(next) };
            quote! {
                if #count.is_empty() {
                    return None;
                }
                let slot = &mut #slot;
                let next = #before.saturating_add(1);
                *slot = #after;
                Some(next.to_string())
            }
        }
    }
}

/// Returns an expression for a value in a page, by reference. It returns `None` if a property on
/// the path is absent.
fn borrowed(steps: &[Step]) -> TokenStream {
    steps.iter().fold(quote!(page), |value, Step { name, optional, .. }| {
        if *optional { quote!(#value.#name.as_ref()?) } else { quote!(#value.#name) }
    })
}

/// Returns an expression for a value in a page, by value and as an `Option`.
fn owned(steps: &[Step]) -> TokenStream {
    let value = steps.iter().fold(quote!(page), |value, Step { name, optional, boxed }| {
        let value = if *optional { quote!(#value.#name?) } else { quote!(#value.#name) };
        if *boxed { quote!((*#value)) } else { value }
    });
    quote!(Some(#value))
}

/// Returns an expression for the property of the request that selects the page, and whether it is
/// an `Option`. Absent objects on the path are created.
pub(super) fn slot(steps: &[Step]) -> (TokenStream, bool) {
    let last = steps.len().saturating_sub(1);
    let slot =
        steps.iter().enumerate().fold(quote!(self), |slot, (i, Step { name, optional, .. })| {
            if *optional && i < last {
                quote!(#slot.#name.get_or_insert_default())
            } else {
                quote!(#slot.#name)
            }
        });
    (slot, steps.last().is_some_and(|step| step.optional))
}
