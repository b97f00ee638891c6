//! `multipart` taken apart (RFC 2046).

use std::collections::BTreeMap;

use super::parameter;
use crate::refusal::Problem;

/// More parts than any form has.
const MANY: usize = 10_000;
/// The length of the head of a part.
const HEAD: usize = 16 * 1024;

/// One part of a form.
#[derive(Debug)]
pub(super) struct Sent<'b> {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) media_type: Option<String>,
    /// All headers but those that are above, by their names in lower case.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) content: &'b [u8],
}

/// The parts of a body.
pub(super) fn parts<'b>(body: &'b [u8], boundary: &str) -> Result<Vec<Sent<'b>>, Problem> {
    let wrong = |what: &str| Problem::new("", format!("the body is no `multipart`: {what}"));
    if boundary.is_empty() || boundary.len() > 70 {
        return Err(wrong("its boundary has not between 1 and 70 characters"));
    }
    let delimiter = format!("\r\n--{boundary}");
    // The first boundary may be the first line.
    let mut rest = match body.strip_prefix(&delimiter.as_bytes()[2..]) {
        Some(rest) => rest,
        None => split(body, delimiter.as_bytes()).ok_or_else(|| wrong("it has no boundary"))?.1,
    };
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let (line, part) = split(rest, b"\r\n").ok_or_else(|| wrong("it is cut off"))?;
        if !line.trim_ascii().is_empty() {
            return Err(wrong("something stands behind a boundary"));
        }
        let (part, after) =
            split(part, delimiter.as_bytes()).ok_or_else(|| wrong("it is cut off"))?;
        parts.push(sent(part).map_err(wrong)?);
        if parts.len() > MANY {
            return Err(wrong("it has too many parts"));
        }
        rest = after;
    }
    Ok(parts)
}

/// What is before and behind the first of some bytes.
fn split<'b>(bytes: &'b [u8], by: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|byte| Some(byte) == by.first())?;
        let (before, after) = bytes.split_at(at);
        if let Some(after) = after.strip_prefix(by) {
            return Some((before, after));
        }
        from = at + 1;
    }
}

fn sent(part: &[u8]) -> Result<Sent<'_>, &'static str> {
    // Without headers, the blank line comes at once.
    let (head, content) = match part.strip_prefix(b"\r\n") {
        Some(content) => (&b""[..], content),
        None => split(part, b"\r\n\r\n").ok_or("the head of a part does not end")?,
    };
    if head.len() > HEAD {
        return Err("the head of a part is too long");
    }
    let head = std::str::from_utf8(head).map_err(|_| "the head of a part is not UTF-8")?;
    let mut headers = BTreeMap::new();
    for line in head.split("\r\n").filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or("a header has no colon")?;
        headers.insert(name.trim().to_ascii_lowercase(), value.trim().to_owned());
    }
    let disposition = headers.remove("content-disposition");
    let of_disposition = |name| parameter(disposition.as_deref()?, name);
    Ok(Sent {
        name: of_disposition("name").ok_or("a part has no name")?,
        file_name: of_disposition("filename"),
        media_type: headers.remove("content-type"),
        headers,
        content,
    })
}
