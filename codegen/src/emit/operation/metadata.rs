//! Operations and credentials as static data.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::emit::rust::name::ident;
use crate::ir::{Api, Credential, Operation};

/// Returns the `static OPERATION`. `scheme` converts an index in
/// [`Api::security_schemes`](crate::ir::Api::security_schemes) to the value that the runtime
/// expects. `more` is further fields.
pub(in crate::emit) fn operation<S: ToTokens>(
    operation: &Operation,
    scheme: impl Fn(usize) -> Option<S>,
    more: Option<TokenStream>,
) -> TokenStream {
    let Operation { id, method, path, .. } = operation;
    let method = self::method(method);
    let security = operation.security.iter().map(|schemes| {
        let schemes = schemes.iter().filter_map(|index| scheme(*index));
        quote!(&[#(#schemes),*])
    });
    quote! {
        static OPERATION: rt::Operation = rt::Operation {
            id: #id,
            method: #method,
            path: #path,
            security: &[#(#security),*],
            #more
        };
    }
}

/// Returns an HTTP method.
fn method(name: &str) -> TokenStream {
    const KNOWN: [&str; 9] =
        ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY"];
    match KNOWN.contains(&name) {
        true => {
            let name = ident(name);
            quote!(rt::Method::#name)
        }
        false => quote!(rt::Method::new(#name)),
    }
}

/// Returns the kind of credential that a security scheme requires.
pub(in crate::emit) fn credential(credential: &Credential) -> TokenStream {
    let api_key = |location: TokenStream, name: &str| {
        let location = quote!(rt::CredentialLocation::#location);
        quote!(rt::Credential::ApiKey { location: #location, name: #name })
    };
    match credential {
        Credential::Header(name) => api_key(quote!(Header), name),
        Credential::Query(name) => api_key(quote!(Query), name),
        Credential::Cookie(name) => api_key(quote!(Cookie), name),
        Credential::Bearer => quote!(rt::Credential::Bearer),
        Credential::Basic => quote!(rt::Credential::Basic),
    }
}

/// Returns the attribute of a trait of all operations, whose names may break a clippy convention.
pub(in crate::emit) fn allow_any_name(api: &Api) -> Option<TokenStream> {
    let is_unconventional = |operation: &Operation| {
        ["from_", "into_", "to_"].iter().any(|prefix| operation.name.0.starts_with(prefix))
    };
    api.operations.iter().any(is_unconventional).then(
        || quote!(#[allow(clippy::wrong_self_convention, reason = "the spec has these names")]),
    )
}
