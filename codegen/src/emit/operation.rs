//! Operations: the request, how it is put together, and what its answers become.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

use super::{Emit, docs, ident, paging, request, syntax, types};
use crate::ir::{Operation, Output, Parameter, Status, SuccessAnswer, Type, TypeName};

/// The types that the file of an operation has.
pub(super) fn type_names(operation: &Operation) -> Vec<&TypeName> {
    match &operation.output {
        Output::PerStatus { name, .. } => vec![&operation.request, name],
        _ => vec![&operation.request],
    }
}

/// The types of what a request cannot do without.
pub(super) fn required_types<'a>(emit: Emit<'_>, operation: &'a Operation) -> Vec<&'a Type> {
    let body = operation.body.iter().filter(|body| body.required).map(|body| &body.ty);
    let parameters = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
        .map(|parameter| &parameter.ty);
    // What a caller may give as anything that becomes a text has no name of its own.
    parameters.chain(body).filter(|ty| !types::is_plain_text_argument(emit, ty)).collect()
}

/// The file of an operation.
pub(super) fn operation(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let module = syntax::path(emit.module);
    let uses = emit.uses(named_types(operation), None);
    let uses_body = (!operation.errors.is_empty()).then(|| quote!(ErrorBody));
    let description = description(operation);
    let request = request_type(emit, operation);
    let setters = operation
        .parameters
        .iter()
        .filter(|parameter| !parameter.required)
        .map(|parameter| setter(emit, parameter));
    let body_setter = body_setter(emit, operation);
    let new = new(emit, operation);
    let send = send(emit, operation);
    let assemble = request::assemble(emit, operation);
    let output = output(emit, operation);
    let pages = paging::paging(emit, operation);
    let stream = operation.paging.as_ref().map(|_| paging::methods());
    let name = &operation.request;
    quote! {
        use #module::{Client, Error, #uses_body};
        #(#uses)*

        #description
        #request

        impl #name {
            #new
            #(#setters)*
            #body_setter

            /// How long this request may take, instead of the client's own limit.
            pub fn timeout(mut self, value: rt::Duration) -> Self {
                self.timeout = Some(value);
                self
            }

            #send
            #stream
            #assemble
        }

        #output
        #pages
    }
}

/// The method of the client that begins a request.
pub(super) fn client_method(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let comment = docs::of_operation(operation, &operation.name.0);
    let (name, request) = (&operation.name, &operation.request);
    let arguments = required(emit, operation);
    let (names, types): (Vec<_>, Vec<_>) = arguments.iter().map(|(name, ty, _)| (name, ty)).unzip();
    let expect = many_arguments(names.len());
    quote! {
        #comment
        #expect
        pub fn #name(&self, #(#names: #types),*) -> #request {
            #request::new(self.clone(), #(#names),*)
        }
    }
}

/// Beside the client, six arguments are as many as clippy takes without a word.
fn many_arguments(count: usize) -> Option<TokenStream> {
    (count > 6).then(|| {
        quote!(#[expect(clippy::too_many_arguments, reason = "one for each that must be given")])
    })
}

/// What a request cannot do without: the name, the type of the argument and the value from
/// the argument.
fn required<'o>(emit: Emit<'_>, operation: &'o Operation) -> Vec<(Ident, syn::Type, syn::Expr)> {
    let parameters = operation.parameters.iter().filter(|parameter| parameter.required);
    let parameters = parameters.map(|parameter| (parameter.name.0.as_str(), &parameter.ty));
    let body = operation.body.iter().filter(|body| body.required).map(|body| ("body", &body.ty));
    let argument = |(name, ty): (&'o str, &Type)| {
        let (ty, value) = types::argument(emit, ty, name);
        (ident(name), ty, value)
    };
    parameters.chain(body).map(argument).collect()
}

fn quote_name(parameter: &Parameter) -> TokenStream {
    let name = &parameter.name;
    quote!(#name)
}

fn named_types(operation: &Operation) -> Vec<&Type> {
    let mut named: Vec<&Type> =
        operation.parameters.iter().map(|parameter| &parameter.ty).collect();
    named.extend(operation.body.as_ref().map(|body| &body.ty));
    match &operation.output {
        Output::Empty => {}
        Output::One(ty) => named.push(ty),
        Output::PerStatus { answers, .. } => {
            named.extend(answers.iter().filter_map(|answer| answer.ty.as_ref()))
        }
    }
    named.extend(operation.paging.as_ref().map(|paging| &paging.item));
    named
}

/// The operation as data.
fn description(operation: &Operation) -> TokenStream {
    let repeatable = operation.repeatable;
    let more = quote!(repeatable: #repeatable,);
    as_data(operation, |key| Some(Literal::usize_unsuffixed(key)), Some(more))
}

/// The operation as data. Each side names the keys that it needs in its own way, given their
/// places in [`Api::schemes`](crate::ir::Api::schemes), and may have more to say.
pub(super) fn as_data<K: ToTokens>(
    operation: &Operation,
    key: impl Fn(usize) -> Option<K>,
    more: Option<TokenStream>,
) -> TokenStream {
    let Operation { id, method, path, .. } = operation;
    let method = super::ident(method);
    let security = operation.security.iter().map(|keys| {
        let keys = keys.iter().filter_map(|place| key(*place));
        quote!(&[#(#keys),*])
    });
    quote! {
        static OPERATION: rt::Operation = rt::Operation {
            id: #id,
            method: rt::Method::#method,
            path: #path,
            security: &[#(#security),*],
            #more
        };
    }
}

fn request_type(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let comment = docs::of_operation(operation, &operation.request.0);
    let name = &operation.request;
    let optional = |ty: syn::Type, required: bool| if required { ty } else { syntax::option(ty) };
    let parameters = operation.parameters.iter().map(|parameter| {
        let (name, ty) =
            (&parameter.name, optional(types::ty(emit, &parameter.ty), parameter.required));
        quote!(pub(crate) #name: #ty,)
    });
    let body = operation.body.as_ref().map(|body| {
        let ty = optional(types::ty(emit, &body.ty), body.required);
        quote!(pub(crate) body: #ty,)
    });
    quote! {
        #comment
        #[derive(Clone, Debug)]
        #[must_use = "a request does nothing until it is sent"]
        pub struct #name {
            client: Client,
            #(#parameters)*
            #body
            timeout: Option<rt::Duration>,
        }
    }
}

fn new(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let required = required(emit, operation);
    let (names, types): (Vec<_>, Vec<_>) = required.iter().map(|(name, ty, _)| (name, ty)).unzip();
    let given = required.iter().map(|(name, _, value)| match value {
        syn::Expr::Path(_) => quote!(#name,),
        _ => quote!(#name: #value,),
    });
    let parameters =
        operation.parameters.iter().filter(|parameter| !parameter.required).map(quote_name);
    let body = operation.body.iter().filter(|body| !body.required).map(|_| quote!(body));
    let absent = parameters.chain(body);
    let expect = many_arguments(names.len());
    quote! {
        #expect
        pub(crate) fn new(client: Client, #(#names: #types),*) -> Self {
            Self { client, #(#given)* #(#absent: None,)* timeout: None }
        }
    }
}

fn setter(emit: Emit<'_>, parameter: &Parameter) -> TokenStream {
    let name = &parameter.name;
    let comment = docs::of_parameter(parameter);
    let (argument, value) = types::argument(emit, &parameter.ty, "value");
    quote! {
        #comment
        pub fn #name(mut self, value: #argument) -> Self {
            self.#name = Some(#value);
            self
        }
    }
}

fn body_setter(emit: Emit<'_>, operation: &Operation) -> Option<TokenStream> {
    let body = operation.body.as_ref().filter(|body| !body.required)?;
    let comment = docs::comment([docs::text_or(body.docs.as_deref(), "The body of the request.")]);
    let (argument, value) = types::argument(emit, &body.ty, "value");
    Some(quote! {
        #comment
        pub fn body(mut self, value: #argument) -> Self {
            self.body = Some(#value);
            self
        }
    })
}

fn send(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let (output, successes) = match &operation.output {
        Output::Empty => (syntax::tuple_type([]), quote!(200..=299 => Ok(answer.empty()),)),
        Output::One(ty) => (types::nullable(emit, ty), quote!(200..=299 => Ok(answer.json()?),)),
        Output::PerStatus { name, answers } => {
            let arms = answers.iter().map(|answer| success(emit, name, answer));
            (syntax::ty(&name.0), quote!(#(#arms)*))
        }
    };
    let mut errors = operation.errors.clone();
    // The more precise a status, the earlier its arm.
    errors.sort_by_key(|(status, body)| (specificity(*status), *body, *status));
    let mut arms = Vec::new();
    for group in errors.chunk_by(|a, b| specificity(a.0) == specificity(b.0) && a.1 == b.1) {
        let patterns = group.iter().map(|(status, _)| pattern(*status));
        let name = &emit.api.error_bodies[group[0].1].name;
        arms.push(quote!(#(#patterns)|* => Err(answer.error(ErrorBody::#name)),));
    }
    let ends = operation.errors.iter().any(|(status, _)| *status == Status::Default);
    let rest = (!ends).then(|| quote!(_ => Err(answer.unexpected()),));
    quote! {
        /// Sends the request.
        ///
        /// # Errors
        /// Fails where the request is not valid, does not get through, or is refused.
        pub async fn send(self) -> Result<rt::Response<#output>, Error> {
            let request = self.request()?;
            self.execute(request).await
        }

        pub(crate) async fn execute(
            &self,
            request: rt::Request,
        ) -> Result<rt::Response<#output>, Error> {
            let answer = self.client.transport().execute(request).await?;
            match answer.status() {
                #successes
                #(#arms)*
                #rest
            }
        }
    }
}

fn success(emit: Emit<'_>, output: &TypeName, answer: &SuccessAnswer) -> TokenStream {
    let (pattern, name) = (pattern(answer.status), &answer.name);
    match &answer.ty {
        Some(ty) => {
            let ty = types::nullable(emit, ty);
            quote!(#pattern => Ok(answer.json::<#ty>()?.map(#output::#name)),)
        }
        None => quote!(#pattern => Ok(answer.empty().map(|()| #output::#name)),),
    }
}

fn specificity(status: Status) -> u8 {
    match status {
        Status::Code(_) => 0,
        Status::Range(_) => 1,
        Status::Default => 2,
    }
}

fn pattern(status: Status) -> TokenStream {
    let number = Literal::u16_unsuffixed;
    match status {
        Status::Code(code) => number(code).into_token_stream(),
        Status::Range(hundreds) => {
            // A range would overlap with the statuses that are more precise.
            let hundreds = number(hundreds);
            quote!(status if status / 100 == #hundreds)
        }
        Status::Default => quote!(_),
    }
}

/// The enum of several kinds of success.
pub(super) fn output(emit: Emit<'_>, operation: &Operation) -> Option<TokenStream> {
    let Output::PerStatus { name, answers } = &operation.output else {
        return None;
    };
    let comment = format!(" What [`{}`] can bring.", operation.request.0);
    let variants = answers.iter().map(|answer| {
        let comment = docs::comment([docs::text_or(answer.docs.as_deref(), "A success.")]);
        let name = &answer.name;
        match &answer.ty {
            Some(ty) => {
                let ty = types::nullable(emit, ty);
                quote!(#comment #name(#ty),)
            }
            None => quote!(#comment #name,),
        }
    });
    Some(quote! {
        #[doc = #comment]
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name {
            #(#variants)*
        }
    })
}
