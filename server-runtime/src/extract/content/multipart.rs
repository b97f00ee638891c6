//! The parts of a `multipart` body (RFC 2046). They borrow from the body, which is in memory.

use std::collections::BTreeMap;

use specwright_model::media_type::parameter;

use crate::reject::Problem;

/// The maximum number of parts.
const MAX_PARTS: usize = 10_000;
/// The maximum size of the headers of a part.
const MAX_HEAD: usize = 16 * 1024;

/// One part of a form.
#[derive(Debug)]
pub(super) struct SentPart<'b> {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) media_type: Option<String>,
    /// All other headers, by their names in lower case.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) content: &'b [u8],
}

/// Splits a body into its parts, which have names if it is a form.
pub(super) fn split<'b>(
    body: &'b [u8],
    boundary: &str,
    have_names: bool,
) -> Result<Vec<SentPart<'b>>, Problem> {
    let invalid = |what: &str| Problem::new("", format!("the body is not `multipart`: {what}"));
    if boundary.is_empty() || boundary.len() > 70 {
        return Err(invalid("its boundary does not have 1 to 70 characters"));
    }
    let delimiter = format!("\r\n--{boundary}");
    // The first boundary may be the first line.
    let mut rest = match body.strip_prefix(&delimiter.as_bytes()[2..]) {
        Some(rest) => rest,
        None => {
            split_at(body, delimiter.as_bytes()).ok_or_else(|| invalid("it has no boundary"))?.1
        }
    };
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let (line, part) = split_at(rest, b"\r\n").ok_or_else(|| invalid("it is truncated"))?;
        if !line.trim_ascii().is_empty() {
            return Err(invalid("unexpected characters after a boundary"));
        }
        let (part, after) =
            split_at(part, delimiter.as_bytes()).ok_or_else(|| invalid("it is truncated"))?;
        parts.push(parse_part(part, have_names).map_err(invalid)?);
        if parts.len() > MAX_PARTS {
            return Err(invalid("it has too many parts"));
        }
        rest = after;
    }
    Ok(parts)
}

/// Splits bytes at the first occurrence of a delimiter.
fn split_at<'b>(bytes: &'b [u8], delimiter: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let mut from = 0;
    loop {
        let rest = bytes.get(from..)?;
        let at = from + rest.iter().position(|byte| Some(byte) == delimiter.first())?;
        let (before, after) = bytes.split_at(at);
        if let Some(after) = after.strip_prefix(delimiter) {
            return Some((before, after));
        }
        from = at + 1;
    }
}

fn parse_part(part: &[u8], has_name: bool) -> Result<SentPart<'_>, &'static str> {
    // Without headers, the part starts with the empty line.
    let (head, content) = match part.strip_prefix(b"\r\n") {
        Some(content) => (&b""[..], content),
        None => split_at(part, b"\r\n\r\n").ok_or("the headers of a part do not end")?,
    };
    if head.len() > MAX_HEAD {
        return Err("the headers of a part are too long");
    }
    let head = std::str::from_utf8(head).map_err(|_| "the headers of a part are not UTF-8")?;
    let mut headers = BTreeMap::new();
    for line in head.split("\r\n").filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or("a header has no colon")?;
        headers.insert(name.trim().to_ascii_lowercase(), value.trim().to_owned());
    }
    let disposition = headers.remove("content-disposition");
    let of_disposition = |name| parameter(disposition.as_deref()?, name);
    Ok(SentPart {
        name: match of_disposition("name") {
            Some(name) => name.into_owned(),
            None if !has_name => String::new(),
            None => return Err("a part has no name"),
        },
        file_name: of_disposition("filename").map(Into::into),
        media_type: headers.remove("content-type"),
        headers,
        content,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(body: &str) -> Result<Vec<(String, String)>, String> {
        let body = body.replace('\n', "\r\n");
        let parts = split(body.as_bytes(), "B", true).map_err(|problem| problem.to_string())?;
        let string = |content: &[u8]| String::from_utf8_lossy(content).into_owned();
        Ok(parts.iter().map(|part| (part.name.clone(), string(part.content))).collect())
    }

    #[test]
    fn bodies_are_split_at_boundaries() {
        let disposition = "Content-Disposition: form-data; name=";
        let body = format!(
            "before\n--B  \n{disposition}a\n\nx\n--\ny\n--B\n{disposition}b\nX: 1\n\n\n--B--\nafter"
        );
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(parts(&body), Ok(vec![pair("a", "x\r\n--\r\ny"), pair("b", "")]));
        assert_eq!(parts("--B--"), Ok(Vec::new()));
        for (bad, expected) in [
            ("", "it has no boundary"),
            ("--C--", "it has no boundary"),
            ("--B", "it is truncated"),
            ("--Bx\n\n\n--B--", "unexpected characters after a boundary"),
            ("--B\nContent-Disposition: form-data; name=a\n\nx", "it is truncated"),
            (
                "--B\nContent-Disposition: form-data; name=a\n--B--",
                "the headers of a part do not end",
            ),
            ("--B\n\nx\n--B--", "a part has no name"),
            ("--B\nA\n\nx\n--B--", "a header has no colon"),
        ] {
            let expected = format!("the body is not `multipart`: {expected}");
            assert_eq!(parts(bad), Err(expected), "{bad}");
        }
    }
}
