//! Paginated results: a series of calls that return one list.

use std::collections::HashSet;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::call::future::Call;
use crate::outcome::error::Error;
use crate::outcome::response::Response;

/// A request for one page of a paginated result.
pub trait Paged: Clone + Send + Unpin + 'static {
    /// A page.
    type Page: Send + 'static;
    /// An item of a page.
    type Item: Send + Unpin + 'static;
    /// The body of error responses.
    type ErrorBody: 'static;

    /// Requests the page that the parameters of the request select.
    fn fetch(self) -> Call<Self::Page, Self::ErrorBody>;

    /// Advances the request to the page after this one. Returns the position of that page (its
    /// cursor, offset or number), or `None` after the last page.
    fn advance(&mut self, page: &Self::Page) -> Option<String>;

    /// Returns the items of a page.
    fn items(page: Self::Page) -> Vec<Self::Item>;
}

/// A stream of the pages of a paginated result, each fetched on demand.
///
/// The stream ends after the last page and after an error. It also ends if the API returns a position
/// that it returned before, which would repeat pages forever.
pub struct Pages<R: Paged> {
    request: Option<R>,
    pending: Option<Call<R::Page, R::ErrorBody>>,
    seen: HashSet<String>,
}

impl<R: Paged> Pages<R> {
    /// Creates a stream that starts at the page that the request selects.
    pub fn new(request: R) -> Self {
        Self { request: Some(request), pending: None, seen: HashSet::new() }
    }

    /// Returns the next page, or `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Response<R::Page>, Error<R::ErrorBody>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the next page, or `Ok(None)` after the last.
    ///
    /// # Errors
    /// Returns an error if the page cannot be fetched. The stream ends after an error.
    pub async fn try_next(&mut self) -> Result<Option<Response<R::Page>>, Error<R::ErrorBody>> {
        self.next().await.transpose()
    }
}

impl<R: Paged> Stream for Pages<R> {
    type Item = Result<Response<R::Page>, Error<R::ErrorBody>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let Some(request) = &mut this.request else {
            return Poll::Ready(None);
        };
        let pending = this.pending.get_or_insert_with(|| request.clone().fetch());
        let result = ready!(Pin::new(pending).poll(context));
        this.pending = None;
        let next = result.as_ref().ok().and_then(|page| request.advance(page));
        if next.is_none_or(|position| !this.seen.insert(position)) {
            this.request = None;
        }
        Poll::Ready(Some(result))
    }
}

impl<R: Paged> fmt::Debug for Pages<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("fetched", &self.seen.len()).finish_non_exhaustive()
    }
}

/// A stream of the items of a paginated result. Pages are fetched on demand.
///
/// The stream ends in the same cases as [`Pages`].
pub struct Items<R: Paged> {
    pages: Pages<R>,
    buffer: std::vec::IntoIter<R::Item>,
}

impl<R: Paged> Items<R> {
    /// Creates a stream that starts at the first item of the page that the request selects.
    pub fn new(request: R) -> Self {
        Self { pages: Pages::new(request), buffer: Vec::new().into_iter() }
    }

    /// Returns the next item, or `None` after the last.
    pub async fn next(&mut self) -> Option<Result<R::Item, Error<R::ErrorBody>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the next item, or `Ok(None)` after the last.
    ///
    /// # Errors
    /// Returns an error if a page cannot be fetched. The stream ends after an error.
    pub async fn try_next(&mut self) -> Result<Option<R::Item>, Error<R::ErrorBody>> {
        self.next().await.transpose()
    }
}

impl<R: Paged> Stream for Items<R> {
    type Item = Result<R::Item, Error<R::ErrorBody>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.buffer.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut this.pages).poll_next(context)) {
                Some(Ok(page)) => this.buffer = R::items(page.into_body()).into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<R: Paged> fmt::Debug for Items<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("buffered", &self.buffer.len())
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}
