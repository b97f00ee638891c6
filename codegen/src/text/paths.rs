//! The names of documents: paths with `/` between their parts, as their texts write them.

/// The document and the fragment that a reference names, seen from the document it stands in.
/// The document is empty where the reference stays within it.
pub(crate) fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// Whether a reference leads to an address, which nothing here fetches.
pub(crate) fn is_url(reference: &str) -> bool {
    let scheme = reference.split([':', '/', '#']).next().unwrap_or_default();
    reference[scheme.len()..].starts_with("://") || reference.starts_with("//")
}

/// The name of a document that one of another name refers to. Two spellings of a path are one
/// name: `a/../b.yaml` is `b.yaml`.
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

/// A path without `.` and, where that leads anywhere, without `..`.
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

/// The last part of a path, without its ending.
pub(crate) fn stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.split_once('.').map_or(file, |(stem, _)| stem)
}

/// References are written as URI references, in which a name may be encoded.
pub(crate) fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code {
            Some(code) if byte == b'%' => {
                decoded.push(code);
                at += 3;
            }
            _ => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_one_name_however_it_is_spelled() {
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
        }
        assert_eq!(stem("a/b.schema.json"), "b");
    }

    #[test]
    fn an_address_is_no_file() {
        for (reference, is) in [
            ("https://a.b/c.yaml#/d", true),
            ("//a.b/c.yaml", true),
            ("c.yaml#/a://b", false),
            ("/c.yaml", false),
            ("é://", true),
            ("", false),
        ] {
            assert_eq!(is_url(reference), is, "{reference}");
        }
    }
}
