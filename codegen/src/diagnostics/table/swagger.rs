//! Diagnostics of documents of Swagger 2.0.

diagnostics! {
    /// A document of Swagger 2.0 has a part that is invalid, or that OpenAPI 3.0, to which it is upgraded,
    /// cannot express. The message states what is generated instead.
    NOT_UPGRADED = "not-upgraded", Warning, "check this part of the generated API" {
        nested_collection(name)
            "`{name}` is a list of lists; `collectionFormat` of the inner lists is ignored, and they are written as JSON";
        unsupported_scheme(scheme) "scheme `{scheme}` is not HTTP; it is ignored";
        example_of_other_media_type(media_type)
            "example has the media type `{media_type}`, which the operation does not produce; treating it as another media type of the response",
            "add the media type to `produces`, or fix that of the example";
        unknown_collection_format(format)
            "`collectionFormat: {format}` is not allowed here; treating it as `csv`",
            "use `csv`, `ssv`, `tsv` or `pipes`; `multi` is for queries and forms";
        form_without_media_type(media_type)
            "operation has parameters in `formData`, but `consumes` has no form for them; assuming `{media_type}`",
            "add the media type to `consumes`";
    }

    /// An operation of Swagger 2.0 has several parameters that are its body: two in `body`, or one in
    /// `body` and others in `formData`.
    CONFLICTING_BODY = "conflicting-body", Error, "keep one parameter in `body`, or only those in `formData`" {
        conflicting_body(first, second)
            "parameters `{first}` and `{second}` are both the body of this operation";
    }
}
