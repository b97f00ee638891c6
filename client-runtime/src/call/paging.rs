//! Paginated results: a series of calls that return one list.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::future::{Future, poll_fn};
use std::hash::BuildHasher as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::call::future::Call;
use crate::outcome::error::{DecodeError, Error};
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

    /// Returns whether a page has no items. Only asked for pages with a position of the next one.
    fn is_empty(_: &Self::Page) -> bool {
        false
    }

    /// Returns the items of a page.
    fn items(page: Self::Page) -> Vec<Self::Item>;
}

/// The default of the maximum number of empty pages in a row.
const MAX_EMPTY_PAGES: usize = 100;

/// A stream of the pages of a paginated result, each fetched on demand.
///
/// The stream ends after the last page and after an error. It also ends if the API returns a position
/// that it returned before, which would repeat pages forever. More than 100 empty pages in a row
/// are an error; see [`max_empty_pages`](Self::max_empty_pages).
pub struct Pages<R: Paged> {
    request: Option<R>,
    pending: Option<Call<R::Page, R::ErrorBody>>,
    seen: Positions,
    /// The number of empty pages since the last one with items.
    empty: usize,
    max_empty: usize,
    failed: Option<Box<DecodeError>>,
}

/// The positions of earlier pages. Only hashes are kept, because an API may choose long ones. They
/// are keyed at random and have 128 bits, so that no two positions are taken for the same.
#[derive(Default)]
struct Positions {
    keys: [RandomState; 2],
    hashes: HashSet<[u64; 2]>,
}

impl Positions {
    /// Returns whether the position is new.
    fn add(&mut self, position: &str) -> bool {
        self.hashes.insert(self.keys.each_ref().map(|key| key.hash_one(position)))
    }
}

impl<R: Paged> Pages<R> {
    /// Creates a stream that starts at the page that the request selects.
    pub fn new(request: R) -> Self {
        Self {
            request: Some(request),
            pending: None,
            seen: Positions::default(),
            empty: 0,
            max_empty: MAX_EMPTY_PAGES,
            failed: None,
        }
    }

    /// Sets the maximum number of empty pages in a row, each with the position of a next one.
    /// Defaults to 100. One more is an error, so that a server cannot keep the stream busy forever.
    #[must_use]
    pub fn max_empty_pages(mut self, pages: usize) -> Self {
        self.max_empty = pages;
        self
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
        if let Some(error) = this.failed.take() {
            return Poll::Ready(Some(Err(Error::Decode(error))));
        }
        let Some(request) = &mut this.request else {
            return Poll::Ready(None);
        };
        let pending = this.pending.get_or_insert_with(|| request.clone().fetch());
        let result = ready!(Pin::new(pending).poll(context));
        this.pending = None;
        let next = result.as_ref().ok().and_then(|page| request.advance(page));
        if next.is_none_or(|position| !this.seen.add(&position)) {
            this.request = None;
        } else if let Ok(page) = &result {
            this.empty = if R::is_empty(page) { this.empty.saturating_add(1) } else { 0 };
            if this.empty > this.max_empty {
                this.request = None;
                this.failed = Some(Box::new(endless(page, this.max_empty)));
            }
        }
        Poll::Ready(Some(result))
    }
}

/// Returns the error of a listing whose empty pages do not end.
fn endless<T>(page: &Response<T>, max_empty: usize) -> DecodeError {
    let message = format!(
        "more than {max_empty} empty pages in a row, each with the position of a next one; the limit \
         is `max_empty_pages`"
    );
    DecodeError::about(page.meta.clone(), message)
}

impl<R: Paged> fmt::Debug for Pages<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("fetched", &self.seen.hashes.len()).finish_non_exhaustive()
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

    /// Sets the maximum number of empty pages in a row; see [`Pages::max_empty_pages`].
    #[must_use]
    pub fn max_empty_pages(mut self, pages: usize) -> Self {
        self.pages = self.pages.max_empty_pages(pages);
        self
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
