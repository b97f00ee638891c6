//! [`generate_api!`]: generates a typed client from an OpenAPI document, in a macro.
//!
//! Run `cargo add specwright-macro` and `cargo add specwright-runtime --features pattern`, then:
//!
//! ```
//! mod clock {
//!     specwright_macro::generate_api!("fixtures/clock.yaml");
//! }
//! ```
//!
//! | module | responsibility |
//! |---|---|
//! | `arguments` | parses the arguments |
//! | `expand` | generates the code |
//! | `modules` | turns files into nested modules |

mod arguments;
mod expand;
mod modules;

use proc_macro::TokenStream;

/// Generates a client from an OpenAPI document into the current module: `Client`, and the modules
/// `models` and `operations`. The crate must depend on `specwright-runtime`. With the feature
/// `pattern` of that crate, `validate()` checks the `pattern` of strings.
///
/// The first argument is the path of the document, relative to the directory of the crate. Others
/// follow as `name = "value"`; those in italics can be repeated:
///
/// | argument | meaning |
/// |---|---|
/// | `config` | the configuration file (TOML) |
/// | *`overlay`* | an overlay, applied after those of the configuration |
/// | *`allow_files`* | a folder whose files the document may refer to, in addition to its own |
/// | *`tag`*, *`operation`*, *`path`*, *`method`* | keeps only these operations, as `select` in the configuration does |
/// | *`except_tag`*, *`except_operation`*, *`except_path`* | excludes operations |
/// | `skip_unsupported` | no value: skips operations that cannot be generated |
/// | `deny_warnings` | no value: treats warnings as errors |
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
/// The crate is recompiled when one of the files changes. Problems in the document are reported as
/// compile errors, with file and line:
///
/// ```compile_fail
/// specwright_macro::generate_api!("fixtures/invalid.yaml");
/// ```
#[proc_macro]
pub fn generate_api(input: TokenStream) -> TokenStream {
    let expanded = syn::parse::<arguments::Arguments>(input).and_then(|arguments| {
        let expanded = expand::expand(&arguments)
            .map_err(|message| syn::Error::new(arguments.span, message))?;
        // A stable macro cannot emit compiler warnings; Cargo shows its standard error.
        expanded.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
        syn::parse_str::<proc_macro2::TokenStream>(&expanded.code)
    });
    expanded.unwrap_or_else(|error| error.to_compile_error()).into()
}
