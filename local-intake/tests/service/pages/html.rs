//! Reading pages as a person sees them.

use reqwest::RequestBuilder;

use crate::support::{Response, Server, execute};

/// Returns a page that must exist.
pub(super) async fn page(server: &Server, path: &str, parameters: &[(&str, &str)]) -> String {
    let response = get(server, path, parameters).await;
    assert_eq!(response.status, 200, "{path}: {}", response.body);
    assert_eq!(response.header("content-type"), Some("text/html; charset=utf-8"));
    response.body
}

/// Requests a page without credentials.
pub(super) async fn get(server: &Server, path: &str, parameters: &[(&str, &str)]) -> Response {
    let query: String =
        form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    execute(visit(server, &format!("{path}?{query}"))).await
}

/// Returns the request of a browser for a page.
pub(super) fn visit(server: &Server, path: &str) -> RequestBuilder {
    server.bare(reqwest::Method::GET, path).header("accept", "text/html,*/*;q=0.8")
}

/// Returns the cells of the rows of the first table.
pub(super) fn rows(html: &str) -> Vec<Vec<String>> {
    let Some((_, body)) = html.split_once("<tbody>") else { return Vec::new() };
    let body = body.split("</tbody>").next().unwrap();
    body.split("<tr>")
        .skip(1)
        .map(|row| {
            let row = row.replace("<th", "<td");
            row.split("<td").skip(1).map(|cell| shown(&format!("<td{cell}"))).collect()
        })
        .collect()
}

/// Returns what is shown of HTML: without tags, with single spaces, and without escapes.
pub(super) fn shown(html: &str) -> String {
    let mut shown = String::new();
    for part in html.split('<') {
        shown.push_str(part.split_once('>').map_or(part, |(_, shown)| shown));
    }
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    shown
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
}

/// Returns the address of the first link whose HTML contains a string.
pub(super) fn link<'h>(html: &'h str, contained: &str) -> Option<&'h str> {
    let links = html.split("<a ").skip(1).map(|link| link.split("</a>").next().unwrap());
    let link = links.into_iter().find(|link| link.contains(contained))?;
    link.split_once("href=\"")?.1.split('"').next()
}

/// Replaces the escapes of an address.
pub(super) fn unescaped(address: &str) -> String {
    address.replace("&#38;", "&").replace("&amp;", "&")
}
