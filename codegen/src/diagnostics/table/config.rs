//! Diagnostics of the configuration, and of errors in the generator itself.

diagnostics! {
    /// The configuration file, or an option, is invalid.
    INVALID_CONFIG = "invalid-config", Error, "compare the configuration with docs/configuration.md" {
        invalid_config(error) "{error}";
        missing_overlay(path) "overlay `{path}` is listed in the configuration but was not loaded",
            "add it to the overlays of the input, or read the input with `files::load`";
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
