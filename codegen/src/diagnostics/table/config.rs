//! Diagnostics of the configuration, and of errors in the generator itself.

diagnostics! {
    /// The configuration file, or an option, is invalid.
    INVALID_CONFIG = "invalid-config", Error, "compare the configuration with docs/configuration.md" {
        invalid_config(error) "{error}";
        missing_overlay(path) "overlay `{path}` is listed in the configuration but was not loaded",
            "add it to the overlays of the input, or read the input with `files::load`";
        invalid_rust_option(code, what) "`{code}` is not {what}";
        replaced_with_attributes(schema) "`{schema}` is replaced by a type, which has its own derives and attributes",
            "remove `derives` and `attributes`, or `type`";
        attributes_of_alias(schema) "`{schema}` is an alias, which has no derives or attributes",
            "remove the option, or replace the schema with `type`";
        with_without_type(schema) "`with` of `{schema}` has no effect without `type`",
            "add the path of the type that it encodes and decodes";
        invalid_name(name, item) "`{name}` is not a valid Rust name for `{item}`",
            "choose a name of letters, digits and `_`, in the case that Rust uses for such an item";
    }

    /// An option names something that does not exist in the document, or that is not selected.
    /// Options that match nothing are errors, so that stale options are found.
    UNMATCHED_OPTION = "unmatched-option", Error,
        "fix or remove the option; use names of the document that are selected" {
        unmatched_option(item, name, suggestion) "{item} `{name}` not found{suggestion}";
        empty_selection(count) "selection is empty; it matches none of {count} operations";
    }

    /// The generator produced code that is not valid Rust, or a file that cannot be written.
    INTERNAL_ERROR = "internal-error", Error,
        "report this bug of specwright, with the OpenAPI document" {
        invalid_rust(path, error) "generated file {path} is not valid Rust: {error}";
        invalid_file_name(path, problem) "generated file {path} {problem}";
    }
}
