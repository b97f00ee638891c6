//! Lists that are sent in parts, so that they take little memory whatever their length is.

use std::future::Future;

use futures_util::{StreamExt as _, stream};
use serde::Serialize;
use specwright_server::axum::body::{Body, Bytes};
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::http::header::CONTENT_TYPE;

/// A part of a list, and where the next one starts. `None` after the last part.
pub(super) type Part = (Vec<String>, Option<u64>);

/// Returns a response with `{"data": [...]}`. `part` returns the items from a position on.
pub(super) fn response<F>(start: u64, part: impl FnMut(u64) -> F + Send + 'static) -> Response
where
    F: Future<Output = Part> + Send + 'static,
{
    let state = (Some(start), true, part);
    let items = stream::unfold(state, async |(next, is_first, mut part)| {
        let (items, next) = part(next?).await;
        let separator = if is_first || items.is_empty() { "" } else { "," };
        let is_first = is_first && items.is_empty();
        let chunk = Bytes::from(format!("{separator}{}", items.join(",")));
        Some((chunk, (next, is_first, part)))
    });
    let before = stream::iter([Bytes::from_static(b"{\"data\":[")]);
    let after = stream::iter([Bytes::from_static(b"]}")]);
    let chunks = before.chain(items).chain(after).map(Ok::<_, std::convert::Infallible>);
    let body = Body::from_stream(chunks);
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}

/// Encodes an item.
pub(super) fn encode(item: &impl Serialize) -> String {
    // Serializing these values cannot fail.
    serde_json::to_string(item).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use specwright_server::axum::body::to_bytes;

    use super::{encode, response};

    #[tokio::test]
    async fn parts_become_one_list() {
        for (parts, expected) in [
            (vec![vec![]], r#"{"data":[]}"#),
            (vec![vec![1, 2], vec![], vec![3]], r#"{"data":[1,2,3]}"#),
            (vec![vec![], vec![1]], r#"{"data":[1]}"#),
        ] {
            let list = response(0, move |number| {
                let part = parts[number as usize].iter().map(encode).collect();
                let next = (number + 1 < parts.len() as u64).then_some(number + 1);
                std::future::ready((part, next))
            });
            let body = to_bytes(list.into_body(), usize::MAX).await.unwrap();
            assert_eq!(body, expected);
        }
    }
}
