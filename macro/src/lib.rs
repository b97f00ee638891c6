//! [`generate_api!`]: a typed client from an OpenAPI description, where the macro stands.

mod arguments;
mod expand;
mod modules;

use proc_macro::TokenStream;

/// Generates a client from an OpenAPI description into the module that the macro stands in: its
/// types in `models`, its operations in `operations`, and `Client`. The crate depends on
/// `specwright-runtime`. With its feature `pattern`, `validate()` checks the `pattern` of texts;
/// without, it leaves that check out.
///
/// The first argument is the description, a path seen from the directory of the crate. Others
/// follow as `name = "value"`, those in italics as often as needed:
///
/// | argument | meaning |
/// |---|---|
/// | `config` | the configuration, a file of TOML |
/// | *`overlay`* | an overlay, applied after those of the configuration |
/// | *`tag`*, *`operation`*, *`path`*, *`method`* | what is generated; see the tables of `select` |
/// | *`except_tag`*, *`except_operation`*, *`except_path`* | what is left out |
/// | `skip_unsupported` | without a value: leave out operations that cannot be generated |
/// | `deny_warnings` | without a value: whatever is warned of is an error |
///
/// ```
/// mod clock {
///     specwright_macro::generate_api!("fixtures/clock.yaml", tag = "time");
/// }
/// let client = clock::Client::builder().base_url("https://clock.example").build()?;
/// let request = client.get_time();
/// # Ok::<(), clock::Error>(())
/// ```
///
/// The crate is compiled anew when one of the files changes. What is wrong with the description
/// is an error of the compiler, with the file and the line:
///
/// ```compile_fail
/// specwright_macro::generate_api!("fixtures/refused.yaml");
/// ```
#[proc_macro]
pub fn generate_api(input: TokenStream) -> TokenStream {
    let expanded = syn::parse::<arguments::Arguments>(input).and_then(|arguments| {
        let expanded = expand::expand(&arguments)
            .map_err(|message| syn::Error::new(arguments.span, message))?;
        // A macro has no way to warn but this, which cargo shows.
        expanded.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
        syn::parse_str::<proc_macro2::TokenStream>(&expanded.code)
    });
    expanded.unwrap_or_else(|error| error.to_compile_error()).into()
}
