//! Every kind of diagnostic: its name, which never changes, and the general way to mend it.

/// A kind of diagnostic.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The name, to search for.
    pub id: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $id:literal $help:literal)*) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, help: $help };)*

        /// All of them.
        pub static ALL: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    /// The text is not YAML.
    BAD_YAML "bad-yaml" "the description must be YAML or JSON"
    /// Neither OpenAPI 3.0 nor 3.1.
    UNSUPPORTED_VERSION "unsupported-version" "convert the description to OpenAPI 3.0 or 3.1"
    /// A part of the description has not the form that OpenAPI gives it.
    BAD_SHAPE "bad-shape" "compare this part with the OpenAPI specification"
    /// A part of the description that was read as what it most likely means.
    MENDED "mended" "correct it in the description, or look whether this is what is meant"
    /// A reference leads nowhere.
    UNKNOWN_REF "unknown-ref" "correct the reference, or add what it names"
    /// A reference leads to an address, or to a file that is not there.
    EXTERNAL_REF "external-ref" "put what it names into a file, and refer to that by its path from this file"
    /// An overlay that cannot be applied.
    BAD_OVERLAY "bad-overlay" "compare the overlay with the OpenAPI Overlay Specification"
    /// A reference leads back to itself.
    CIRCULAR_REF "circular-ref" "let one of these references name a schema with content"
    /// Two operations have one id.
    DUPLICATE_OPERATION "duplicate-operation-id" "give each operation an id of its own, or a name in the `names` tables of the configuration"
    /// Two things get one name in Rust.
    NAME_COLLISION "name-collision" "give one of them another name in the `names` tables of the configuration"
    /// A name was changed to keep it apart.
    NAME_CHANGED "name-changed" "choose a better name in the `names` tables of the configuration"
    /// A union that nothing can satisfy.
    AMBIGUOUS_UNION "ambiguous-union" "remove one of the variants, or give them properties that differ"
    /// A union whose variants can only be tried.
    TRIED_UNION "tried-union" "a discriminator, or required properties that differ, would decide it"
    /// A discriminator that does not fit its union.
    BAD_DISCRIMINATOR "bad-discriminator" "let every value of the mapping name one of the variants"
    /// A body whose schema says more than its type in Rust.
    UNTYPED_BODY "untyped-body" "the body is taken as bytes, which the caller writes; JSON, forms and texts are written from types"
    /// What a description says of the parts of a form, and nobody heeds.
    UNUSED_ENCODING "unused-encoding" "remove it, or let it be about a property of the form and say how that is written"
    /// An answer with a schema that is not JSON.
    UNTYPED_ANSWER "untyped-answer" "it is handed over as it comes; only what is JSON is read into types"
    /// A parameter of which something is not generated.
    LOOSE_PARAMETER "loose-parameter" "the parameter is generated without this; leave it out of the description if nobody needs it"
    /// A path and its parameters do not agree.
    PATH_PARAMETER "path-parameter" "every name in braces needs one `in: path` parameter of that name, and the other way round"
    /// A path that does not begin as paths do, or that is no other than a path before it.
    ODD_PATH "odd-path" "paths begin with `/`, and differ by more than the names of their parameters"
    /// A server with variables of which not all is known.
    ODD_SERVER "odd-server" "give each name in the braces of a server's `url` a variable with a default"
    /// A security requirement names no scheme.
    UNKNOWN_SCHEME "unknown-scheme" "add the scheme to components/securitySchemes, or correct the name"
    /// A scheme of a kind that is not generated.
    UNSUPPORTED_SCHEME "unsupported-scheme" "apiKey, http basic, http bearer, oauth2 and openIdConnect are generated; what else an operation needs is for the caller to send"
    /// A schema whose keywords contradict each other or say nothing that Rust can hold.
    LOOSE_SCHEMA "loose-schema" "the value is kept as free-form JSON; a plainer schema would give it a type"
    /// A pattern that Rust's regular expressions do not have.
    UNCHECKED_PATTERN "unchecked-pattern" "the pattern is left out of `validate()`; look-around and back-references are not checked"
    /// A webhook whose body is in a form that is not read.
    LOOSE_WEBHOOK "loose-webhook" "only JSON bodies of webhooks are read; its name is there all the same"
    /// A paging hint that does not fit the operation.
    UNUSABLE_PAGING "unusable-paging" "docs/configuration.md has the keys of `x-pagination`; without a hint that fits, there is no stream of pages"
    /// A configuration that cannot be read.
    BAD_CONFIG "bad-config" "compare the configuration with docs/configuration.md"
    /// A selection or rename that fits nothing.
    MATCHES_NOTHING "matches-nothing" "correct or remove it; names are those of the description, and only what is selected counts"
    /// The generator has written something that is not Rust.
    INTERNAL "internal" "this is a bug of the generator: please report it with the description"
}
