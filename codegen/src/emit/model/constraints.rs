//! Checks of the constraints of one value.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::emit::rust::name::ident;
use crate::ir::{Bound, Constraints, Integer, Pattern, Shape};

/// Returns the checks of `value`, a reference to a value of a shape.
pub(super) fn rules(rules: &Constraints, shape: &Shape) -> TokenStream {
    let values = &rules.values;
    let allowed = |value: TokenStream| {
        (!values.is_empty()).then(|| quote!(validator.one_of(#value, &[#(#values),*]);))
    };
    match shape {
        Shape::String => {
            let format =
                rules.format.map(|name| call("format", quote!(value), Literal::string(name)));
            let of_string = of_string(rules, &quote!(value));
            let allowed = allowed(quote!(value));
            quote!(#format #of_string #allowed)
        }
        Shape::Base64 | Shape::Base64Url => {
            let format = rules.format.map(|_| quote!(rt::Validate::check(value, validator);));
            let of_string = of_string(rules, &quote!(value));
            quote!(#format #of_string)
        }
        Shape::Timestamp | Shape::Date => {
            let format = rules.format.map(|_| quote!(rt::Validate::check(value, validator);));
            let of_string = of_string(rules, &quote!(&value.to_string()));
            quote!(#format #of_string)
        }
        Shape::Integer(_) => {
            let min = rules.minimum.map(|bound| integer_bound(bound, shape, true));
            let max = rules.maximum.map(|bound| integer_bound(bound, shape, false));
            let multiple = rules.multiple_of.map(|n| {
                let value = quote!(&rt::Number::from(*value));
                call("multiple_of", value, Literal::f64_unsuffixed(n))
            });
            let allowed = allowed(quote!(&value.to_string()));
            quote!(#min #max #multiple #allowed)
        }
        Shape::Number => {
            let float = rules.format.map(|_| quote!(validator.float(value);));
            let min = rules.minimum.map(|limit| number_bound(limit, true));
            let max = rules.maximum.map(|limit| number_bound(limit, false));
            let multiple = rules
                .multiple_of
                .map(|n| call("multiple_of", quote!(value), Literal::f64_unsuffixed(n)));
            quote!(#float #min #max #multiple)
        }
        Shape::List(_) | Shape::Map(_) => {
            let counts = counts(rules, &quote!(value.len()));
            let unique = (rules.unique && matches!(shape, Shape::List(_)))
                .then(|| quote!(validator.unique(value);));
            quote!(#counts #unique)
        }
        Shape::JsonObject => counts(rules, &quote!(value.iter().count())),
        _ => TokenStream::new(),
    }
}

/// Returns the checks of a string's length and pattern.
fn of_string(rules: &Constraints, value: &TokenStream) -> TokenStream {
    let limit = |method: &str, limit: Option<usize>| {
        limit.map(|n| call(method, value.clone(), Literal::usize_unsuffixed(n)))
    };
    let min = limit("min_length", rules.min_length);
    let max = limit("max_length", rules.max_length);
    let pattern = rules.pattern.as_ref().map(|Pattern { source, regex }| {
        if source == regex {
            quote!(validator.pattern(#value, #source);)
        } else {
            quote!(validator.translated_pattern(#value, #source, #regex);)
        }
    });
    quote!(#min #max #pattern)
}

fn counts(rules: &Constraints, count: &TokenStream) -> TokenStream {
    let min =
        rules.min_count.map(|n| call("min_count", count.clone(), Literal::usize_unsuffixed(n)));
    let max =
        rules.max_count.map(|n| call("max_count", count.clone(), Literal::usize_unsuffixed(n)));
    quote!(#min #max)
}

fn call(method: &str, value: TokenStream, limit: Literal) -> TokenStream {
    let method = ident(method);
    quote!(validator.#method(#value, #limit);)
}

/// Returns the check of a number's bound. Numbers are compared as they were written.
fn number_bound(bound: Bound, lower: bool) -> TokenStream {
    let is_integer = bound.value.fract() == 0.0 && bound.value.abs() < 2_f64.powi(53);
    let limit = match is_integer {
        true => Literal::i64_suffixed(bound.value as i64),
        false => Literal::f64_unsuffixed(bound.value),
    };
    let method = ident(bound_method(bound, lower));
    quote!(validator.#method(value, &rt::Number::from(#limit));)
}

/// Returns the check of an integer's bound. Lowering has made the bound an integer.
fn integer_bound(bound: Bound, shape: &Shape, lower: bool) -> TokenStream {
    let limit = match shape {
        Shape::Integer(Integer::U64) => Literal::u64_unsuffixed(bound.value as u64),
        _ => Literal::i64_unsuffixed(bound.value as i64),
    };
    call(bound_method(bound, lower), quote!(*value), limit)
}

fn bound_method(bound: Bound, lower: bool) -> &'static str {
    match (lower, bound.exclusive) {
        (true, true) => "above",
        (true, false) => "minimum",
        (false, true) => "below",
        (false, false) => "maximum",
    }
}
