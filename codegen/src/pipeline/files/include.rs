//! The file that a crate includes, with the output of a build script.

use std::path::Path;

use syn::parse_quote;

use crate::output::FileSet;

/// Returns the root of the generated module as a file that can be included anywhere. `folder`
/// contains the other files, and is in the folder of the file.
///
/// Attributes of the module itself are left out, because a file that is included has none.
///
/// # Errors
/// Returns an error if the root is not valid Rust, which is a bug in the generator.
pub(super) fn included(files: &FileSet, folder: &str) -> Result<String, String> {
    let root = files.get("mod.rs").unwrap_or_default();
    let mut file =
        syn::parse_file(root).map_err(|error| format!("error: invalid generated code: {error}"))?;
    file.attrs.clear();
    for item in &mut file.items {
        let syn::Item::Mod(module) = item else { continue };
        let name = module.ident.to_string();
        let name = name.trim_start_matches("r#");
        let path = match files.get(&format!("{name}.rs")) {
            Some(_) => format!("{folder}/{name}.rs"),
            None => format!("{folder}/{name}/mod.rs"),
        };
        module.attrs.push(parse_quote!(#[path = #path]));
    }
    let header = root.lines().next().unwrap_or_default();
    Ok(format!("{header}\n\n{}", prettyplease::unparse(&file)))
}

/// Returns the name of the file for a document: that of the document, without its extension.
pub(super) fn name_of(document: &Path, is_server: bool) -> String {
    let stem = document.file_stem().unwrap_or_default().to_string_lossy();
    format!("{stem}{}", if is_server { "_server" } else { "" })
}

/// Checks that a name can be that of a file and of a folder in `OUT_DIR`.
///
/// # Errors
/// Returns a message if it cannot.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    let mut components = Path::new(name).components();
    let is_one = matches!(components.next(), Some(std::path::Component::Normal(_)))
        && components.next().is_none()
        && !name.contains(['/', '\\']);
    match is_one {
        true => Ok(()),
        false => Err(format!("error: invalid file name `{name}`; it must not contain a folder")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_the_document() {
        for (document, expected) in [
            ("petstore.yaml", "petstore"),
            ("spec/pet-store.v2.json", "pet-store.v2"),
            ("openapi", "openapi"),
        ] {
            assert_eq!(name_of(Path::new(document), false), expected);
        }
        assert_eq!(name_of(Path::new("petstore.yaml"), true), "petstore_server");
    }

    #[test]
    fn names_stay_in_the_folder() {
        assert_eq!(check_name("pet-store.v2"), Ok(()));
        for name in ["", ".", "..", "a/b", "/a", "a/", "../a", "a\\b"] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
