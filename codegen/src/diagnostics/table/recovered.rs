//! Diagnostics of invalid input that is interpreted as what it most likely means.

diagnostics! {
    /// A part of the document violates the OpenAPI specification, but its intent is clear: a
    /// misspelled type, a duplicate key, or Swagger 2.0 syntax. The message states the interpretation
    /// that is used. `deny-warnings` turns these into errors.
    RECOVERED = "recovered", Warning, "fix the document, or confirm that this interpretation is intended" {
        // Files
        replaced_character()
            "invalid character; this and all similar characters are replaced by `\u{fffd}`";
        duplicate_key(key) "duplicate key `{key}`; the last value is used";
        merged_duplicate_key(key) "duplicate key `{key}`; both objects are merged";
        unquoted_string(value) "unquoted value in a schema of type `string`; using the string `{value}`";
        newer_overlay_version(version) "overlay version {version} is read as 1.1; new features of it are errors";

        // Any object
        converted_to_boolean(key, value) "`{key}` is not a boolean; treating it as `{value}`";
        converted_to_number(key) "`{key}` is a string; treating it as a number";
        converted_to_array(key) "`{key}` is not an array; treating it as an array of this one value";
        mistyped_field(key, expected) "`{key}` is not of type {expected}; it is ignored";

        // References
        followed_reference(what)
            "reference in place of {what}, which OpenAPI does not allow; this and all similar ones are followed";
        ignored_reference(reference, what)
            "unresolved reference `{reference}` in place of {what}; it is ignored",
            "fix the reference, or add its target";
        ignored_reference_to_url(reference, what)
            "reference `{reference}` in place of {what} is a URL, which is not fetched; it is ignored",
            "save the target to a file, and refer to it by a path relative to this file";
        invalid_reference() "`$ref` is empty or not a string; it is ignored";
        relocated_reference(reference, target)
            "unresolved reference `{reference}`; using `#{target}`";
        keyword_next_to_reference(keyword)
            "`{keyword}` is next to a `$ref`; it is ignored, as OpenAPI 3.0 specifies";

        // Parameters, headers, bodies
        swagger_parameter(location)
            "`in: {location}` is Swagger 2.0 syntax and is ignored; use `requestBody`";
        misspelled_location(given, location) "unknown location `{given}`; treating it as `{location}`";
        misspelled_style(given, style) "unknown style `{given}`; treating it as `{style}`";
        unsupported_style(style) "style `{style}` is not allowed here; it is ignored";
        schema_and_content() "parameter has both `schema` and `content`; `schema` is ignored";
        swagger_parameter_schema()
            "`type` without a `schema` is Swagger 2.0 syntax; treating it as the schema";
        parameter_without_schema() "parameter has no `schema`; assuming a string";
        swagger_body_schema()
            "`schema` without a media type is Swagger 2.0 syntax; assuming `application/json`";
        misspelled_media_type(given, media_type)
            "invalid media type `{given}`; treating it as `{media_type}`";
        media_type_assumed_json(given) "invalid media type `{given}`; assuming `application/json`";
        unknown_media_type(given) "invalid media type `{given}`; it is ignored";
        invalid_media_type_object() "media type object is invalid; generating an untyped value";

        // Responses
        missing_responses() "operation has no `responses`; the response is untyped";
        misspelled_status(given, status) "invalid status `{given}`; treating it as `{status}`";
        unknown_status(given) "invalid status `{given}`; the response is ignored";
        content_without_body() "responses with this status have no body; `content` is ignored";

        // Security schemes and servers
        misspelled_security_type(given, known)
            "unknown security scheme type `{given}`; treating it as `{known}`";
        missing_http_scheme() "security scheme has no `scheme`; assuming `bearer`";
        missing_server_url() "server has no `url`; assuming `/`";
        duplicate_server_name(name)
            "another server has the name `{name}`; this one is selected by its index only";

        // Schemas
        schema_is_type_name() "schema is a string; treating it as a type name";
        invalid_schema() "schema is not an object; generating an untyped value";
        misspelled_type(given, known) "unknown type `{given}`; treating it as `{known}`";
        misspelled_type_with_format(given, known, format)
            "unknown type `{given}`; treating it as `{known}` with format `{format}`";
        untyped_unknown_type(given) "unknown type `{given}`; generating an untyped value";
        items_is_array() "`items` is an array; treating its schemas as alternatives for each element";
        items_of_object() "schema of type `object` has `items`; they are ignored";
        empty_enum() "`enum` is empty; it is ignored";
        enum_of_elements()
            "`enum` of an array lists scalars; treating them as the values of its elements";
        enum_of_object() "`enum` of an object lists strings; treating the type as `string`";
        converted_enum_values(count, name)
            "`enum` has values that are not of type `{name}`; converted values: {count}";
        dropped_enum_values(values, name)
            "`enum` has values that cannot be converted to `{name}`; ignored values: {values}";
        properties_of_elements()
            "schema of type `array` has `properties`; treating them as properties of its elements";
        properties_of_scalar(name) "schema of type `{name}` has `properties`; they are ignored";
        swagger_discriminator()
            "`discriminator` is a string, as in Swagger 2.0; treating it as its `propertyName`";
        invalid_mapping() "`mapping` has values that are not strings; they are ignored";
        discriminator_without_property() "`discriminator` has no `propertyName`; it is ignored";
        additional_properties_string(value)
            "`additionalProperties` is a string; treating it as `{value}`";
        invalid_additional_properties()
            "`additionalProperties` is neither a boolean nor a schema; it is ignored";
        pattern_literal(pattern)
            "`pattern` has the delimiters or flags of a JavaScript literal; using `{pattern}`";
    }
}
