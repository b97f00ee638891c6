//! Diagnostics of files, versions, structure, references and overlays.

diagnostics! {
    /// An input file is empty, or is neither YAML nor JSON. The position is where the parser stopped;
    /// the mistake is often one line above it.
    INVALID_YAML = "invalid-yaml", Error, "fix the syntax; input files must be YAML or JSON" {
        empty_document() "OpenAPI document is empty", "write the document, or name another file";
        empty_file() "file is empty", "write the file, or remove the references to it";
        invalid_syntax(error) "syntax error: {error}";
    }

    /// The document is not Swagger 2.0, and not OpenAPI 3.0, 3.1 or 3.2.
    UNSUPPORTED_VERSION = "unsupported-version", Error, "convert the document to OpenAPI 3.0, 3.1 or 3.2" {
        unsupported_openapi_version(version)
            "OpenAPI {version} is not supported; supported versions are 3.0, 3.1 and 3.2";
        unsupported_swagger_version(version)
            "Swagger {version} is not supported; supported versions are Swagger 2.0, and OpenAPI 3.0, 3.1 and 3.2";
        missing_openapi_version() "missing field `openapi`; this is not an OpenAPI document",
            "name another file, or add `openapi` with the version of OpenAPI";
    }

    /// A part of the document does not have the structure that the OpenAPI specification requires,
    /// and its intent is not clear.
    INVALID_STRUCTURE = "invalid-structure", Error, "compare this part with the OpenAPI specification" {
        invalid_structure(error) "{error}";
        server_without_url() "server has no `url`; expected a string";
        invalid_status(status)
            "invalid status `{status}`; expected a status code, a range such as `2XX`, or `default`";
        unknown_type(name) "unknown type `{name}`";
        invalid_method(name) "`{name}` is not an HTTP method";
    }

    /// A document of OpenAPI 3.2 has fields from which nothing is generated. The message counts each of them.
    NOT_GENERATED = "not-generated", Warning, "nothing needs to be done, unless you depend on one of them" {
        not_generated(fields) "nothing is generated from {fields}";
    }

    /// A small document means a large one, because references, overlays or media types repeat a part of
    /// it very often. The limit is 16 MiB, and 16 times the size of all files.
    TOO_LARGE = "too-large", Error, "refer to schemas instead of repeating other parts" {
        too_large(what) "content is too large after {what}";
    }

    /// The target of a `$ref` does not exist. Operations depend on it, so nothing is generated.
    /// `skip-unsupported` leaves out the affected operations instead.
    UNRESOLVED_REFERENCE = "unresolved-reference", Error, "fix the reference, or add its target" {
        unresolved_reference(reference, suggestion) "unresolved reference `{reference}`{suggestion}";
    }

    /// A `$ref` names a URL, or a file that does not exist or may not be read. URLs are never fetched.
    /// Paths are relative to the file that contains the reference. Files are read only from the folder
    /// of the OpenAPI document, and from folders that the option `allow-files` names.
    UNRESOLVED_EXTERNAL_REFERENCE = "unresolved-external-reference", Error,
        "save the target to a file, and refer to it by a path relative to this file" {
        reference_to_url(reference)
            "unresolved external reference `{reference}`; URLs are not fetched";
        reference_to_missing_file(reference)
            "unresolved external reference `{reference}`; the file was not found",
            "fix the path, which is relative to this file, or add the file";
        reference_to_forbidden_file(reference)
            "unresolved external reference `{reference}`; the file is not in the folder of the document",
            "move the file, or allow its folder with `--allow-files` or with `allow-files` in the configuration";
    }

    /// A chain of references leads back to its start, so it never reaches an object.
    CIRCULAR_REFERENCE = "circular-reference", Error,
        "make one of these references point to an object with content" {
        circular_reference(reference) "circular reference `{reference}`";
    }

    /// An overlay does not follow the OpenAPI Overlay Specification 1.0 or 1.1, or one of its actions
    /// cannot be applied to its target. If its structure is invalid, none of its actions is applied.
    INVALID_OVERLAY = "invalid-overlay", Error,
        "compare the overlay with the OpenAPI Overlay Specification" {
        unsupported_overlay_version()
            "unsupported overlay version; expected `overlay: 1.0.0` or `overlay: 1.1.0`";
        overlay_without_actions() "overlay has no `actions`; expected a list of at least one action";
        duplicate_action(number) "duplicate overlay action; it is equal to action {number}",
            "remove one of both actions";
        invalid_overlay_object(name) "{name} is not an object";
        missing_overlay_field(object, field) "{object} has no `{field}`";
        unknown_overlay_field(object, field) "unknown {object} field `{field}`",
            "fix its name, or start it with `x-`";
        mistyped_overlay_field(field, expected) "invalid `{field}`; expected {expected}";
        action_without_target() "overlay action has no `target`; expected a JSONPath";
        copy_before_1_1() "unknown action field `copy`; Overlay 1.1 introduced it",
            "set `overlay: 1.1.0`";
        copy_and_update() "overlay action has both `update` and `copy`; none of them would have an effect",
            "write two actions";
        ambiguous_copy(expression, count)
            "`copy` expression `{expression}` matches {count} values; expected exactly one";
        removed_root() "document root cannot be removed";
        merge_into_object(pointer) "`{pointer}` is an object; only an object can be merged into it";
        merge_into_scalar(pointer)
            "`{pointer}` is a scalar; an object or array cannot be merged into it";
        deep_update(limit) "values would be nested more than {limit} levels deep";
        mixed_targets()
            "overlay target matches values of several types; expected only objects, only arrays or only scalars",
            "write an action for each type";
        incompatible_update(pointer)
            "`{pointer}` has another type in the update; Overlay 1.1 excludes such a replacement",
            "remove the old value with an action before, or set `overlay: 1.0.0`";
        expensive_json_path(expression)
            "JSONPath `{expression}` is too expensive; it is not evaluated completely",
            "use fewer `..` and `$` in filters, shorter patterns, or fewer actions";
        nested_json_path(limit) "JSONPath is too deeply nested; the limit is {limit} levels";
        json_path_without_root(expression)
            "invalid JSONPath `{expression}` (RFC 9535); it must start with `$`";
        incomplete_json_path(expression)
            "invalid JSONPath `{expression}` (RFC 9535); unexpected end of the expression";
        invalid_json_path(expression, column, rest, error)
            "invalid JSONPath `{expression}` (RFC 9535); syntax error at column {column}: `{rest}` ({error})";
    }

    /// The `target` of an overlay action matches nothing. Usually the document was changed upstream,
    /// and the action is no longer needed.
    UNMATCHED_OVERLAY_TARGET = "unmatched-overlay-target", Error,
        "fix the JSONPath, or remove the action" {
        unmatched_overlay_target(expression) "overlay target `{expression}` matches nothing";
    }

    /// The `extends` field of an overlay names a different file than the document it is applied to.
    OVERLAY_MISMATCH = "overlay-mismatch", Warning,
        "fix `extends`, or apply the overlay to the document that it names" {
        overlay_mismatch(extends)
            "overlay extends `{extends}`; it is applied to a different document";
    }
}
