//! The statuses of responses that a server chooses: those of a range, and the default.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::{Name, Status, TypeName};

/// Returns the status of a response that has a single one.
pub(in crate::emit) fn only(status: Status) -> Option<Literal> {
    match status {
        Status::Code(code) => Some(Literal::u16_unsuffixed(code)),
        Status::Range(_) | Status::Default => None,
    }
}

/// Returns the type of the field for the status, if the response has several.
pub(in crate::emit) fn field(status: Status) -> Option<TokenStream> {
    only(status).is_none().then(|| quote!(rt::ResponseStatus))
}

/// Returns the function that creates a variant with a status, which it checks. `all` has the statuses
/// of all responses, `fields` the names and types of the other fields.
pub(in crate::emit) fn constructor(
    function: &Name,
    (variant, status): (&TypeName, Status),
    all: impl Iterator<Item = Status>,
    fields: &[(TokenStream, TokenStream)],
) -> TokenStream {
    let (first, last) = range(status);
    let mut others: Vec<Status> = all.filter(|other| is_within(*other, status)).collect();
    others.dedup();
    let others = others.into_iter().map(|other| {
        let (first, last) = range(other);
        let (first, last) = (Literal::u16_unsuffixed(first), Literal::u16_unsuffixed(last));
        quote!(#first..=#last)
    });
    let others: Vec<_> = others.collect();
    let rest = if others.is_empty() { "" } else { " or has a response of its own" };
    let summary = format!(" Creates a [`Self::{}`] with a status.", variant.0);
    let errors = format!(
        " Returns a rejection (500) if the status is not {first} to {last}{}{rest}.",
        if rest.is_empty() { "" } else { "," }
    );
    let (first, last) = (Literal::u16_unsuffixed(first), Literal::u16_unsuffixed(last));
    let arguments = fields.iter().map(|(name, ty)| quote!(#name: #ty));
    let names = fields.iter().map(|(name, _)| name);
    quote! {
        #[doc = #summary]
        ///
        /// # Errors
        #[doc = #errors]
        pub fn #function(status: u16, #(#arguments),*) -> Result<Self, rt::Rejection> {
            let status = rt::ResponseStatus::new(status, #first..=#last, &[#(#others),*])?;
            Ok(Self::#variant(status, #(#names),*))
        }
    }
}

/// Returns whether a response describes some statuses of a less specific one.
fn is_within(status: Status, outer: Status) -> bool {
    let ((first, _), (from, to)) = (range(status), range(outer));
    status < outer && (from..=to).contains(&first)
}

/// Returns the first and the last status. The default response is that of errors: successes have
/// their own.
fn range(status: Status) -> (u16, u16) {
    match status {
        Status::Code(code) => (code, code),
        Status::Range(hundreds) => (hundreds * 100, hundreds * 100 + 99),
        Status::Default => (300, 599),
    }
}
