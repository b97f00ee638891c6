//! The style sheet, the script and the icon, which are parts of the program.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use specwright_server::axum::extract::Path;
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::http::StatusCode;
use specwright_server::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};

/// The files by name, with their media type and content.
const FILES: [(&str, &str, &str); 8] = [
    ("style.css", "text/css; charset=utf-8", include_str!("../../../../assets/style.css")),
    ("main.js", JAVASCRIPT, include_str!("../../../../assets/main.js")),
    ("live.js", JAVASCRIPT, include_str!("../../../../assets/live.js")),
    ("patch.js", JAVASCRIPT, include_str!("../../../../assets/patch.js")),
    ("search.js", JAVASCRIPT, include_str!("../../../../assets/search.js")),
    ("times.js", JAVASCRIPT, include_str!("../../../../assets/times.js")),
    ("waterfall.js", JAVASCRIPT, include_str!("../../../../assets/waterfall.js")),
    ("icon.svg", "image/svg+xml", include_str!("../../../../assets/icon.svg")),
];
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Returns a file.
pub(in crate::http::pages) async fn asset(Path(name): Path<String>) -> Response {
    let Some((_, media_type, content)) = FILES.iter().find(|(other, ..)| *other == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (CONTENT_TYPE, (*media_type).to_owned()),
        (CACHE_CONTROL, "no-cache".to_owned()),
        (ETAG, tag(content)),
    ];
    (headers, *content).into_response()
}

/// Returns the version of a page or a file.
pub(super) fn tag(content: &str) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}
