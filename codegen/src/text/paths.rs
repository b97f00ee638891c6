//! Names of documents: paths with `/` as separator, as they are written in references.

use percent_encoding::percent_decode_str;

/// Splits a reference into document and fragment. The document is empty in a local reference.
pub(crate) fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// Returns whether a reference is a URL with a host. URLs are never fetched.
pub(crate) fn is_url(reference: &str) -> bool {
    let scheme = reference.split([':', '/', '#']).next().unwrap_or_default();
    reference[scheme.len()..].starts_with("://") || reference.starts_with("//")
}

/// Returns the name of a document that another one refers to. Equivalent paths give the same name:
/// `a/../b.yaml` is `b.yaml`.
pub(crate) fn join(from: &str, to: &str) -> String {
    let to = percent_decode(to).replace('\\', "/");
    let from = from.replace('\\', "/");
    let is_absolute = |path: &str| path.starts_with('/') || path.get(1..3) == Some(":/");
    let folder = from.rfind('/').map_or("", |at| &from[..at]);
    let path = match is_absolute(&to) {
        true => to,
        false if folder.is_empty() && !from.starts_with('/') => to,
        false => format!("{folder}/{to}"),
    };
    normal(&path)
}

/// Returns the reference from one document to another, so that [`join`] gives its name.
pub(crate) fn relative(from: &str, to: &str) -> String {
    let is_absolute = |path: &str| path.starts_with('/') || path.get(1..3) == Some(":/");
    if is_absolute(to) && !is_absolute(from) {
        return to.replace('%', "%25");
    }
    let folder = from.rfind('/').map_or("", |at| &from[..at]);
    let folder: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let parts: Vec<&str> = to.split('/').filter(|part| !part.is_empty()).collect();
    let common = folder.iter().zip(&parts).take_while(|(a, b)| a == b).count();
    let up = folder.iter().skip(common).map(|_| "..");
    let path: Vec<&str> = up.chain(parts.into_iter().skip(common)).collect();
    // A percent sign would start an encoded character.
    path.join("/").replace('%', "%25")
}

/// Returns a path without `.` and, where possible, without `..`.
pub(crate) fn normal(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    root.to_owned() + &parts.join("/")
}

/// Returns the file name of a path without its extensions.
pub(crate) fn stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.split_once('.').map_or(file, |(stem, _)| stem)
}

/// Decodes a part of a reference, which is a URI reference. A part that is not UTF-8 after decoding
/// is returned unchanged.
pub(crate) fn percent_decode(encoded: &str) -> String {
    percent_decode_str(encoded).decode_utf8().map_or_else(|_| encoded.to_owned(), Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equivalent_paths_give_the_same_name() {
        for (from, to, name) in [
            ("spec/openapi.yaml", "./schemas/pet.yaml", "spec/schemas/pet.yaml"),
            ("spec/schemas/pet.yaml", "../openapi.yaml", "spec/openapi.yaml"),
            ("spec/a.yaml", "b/../c.yaml", "spec/c.yaml"),
            ("a.yaml", "../b.yaml", "../b.yaml"),
            ("/x/a.yaml", "my%20file.json", "/x/my file.json"),
            ("/a.yaml", "b.yaml", "/b.yaml"),
            ("x/a.yaml", "/b.yaml", "/b.yaml"),
            ("c:\\x\\a.yaml", "b.yaml", "c:/x/b.yaml"),
        ] {
            assert_eq!(join(from, to), name, "{from} {to}");
            assert_eq!(join(from, &relative(&normal(from), name)), name, "{from} {to}");
        }
        assert_eq!(stem("a/b.schema.json"), "b");
    }

    #[test]
    fn urls_are_not_files() {
        for (reference, expected) in [
            ("https://a.b/c.yaml#/d", true),
            ("//a.b/c.yaml", true),
            ("c.yaml#/a://b", false),
            ("/c.yaml", false),
            ("é://", true),
            ("", false),
        ] {
            assert_eq!(is_url(reference), expected, "{reference}");
        }
    }

    #[test]
    fn invalid_encodings_are_kept() {
        for (encoded, decoded) in [
            ("a%20b", "a b"),
            ("100%", "100%"),
            ("%zz%2", "%zz%2"),
            ("%ff", "%ff"),
            ("%c3%a4", "ä"),
        ] {
            assert_eq!(percent_decode(encoded), decoded);
        }
    }
}
