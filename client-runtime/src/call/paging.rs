//! Many calls that are one listing.

use std::collections::HashSet;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::call::future::Call;
use crate::outcome::error::Error;
use crate::outcome::response::Response;

/// A request whose answer is one page of several.
pub trait Paged: Clone + Send + Unpin + 'static {
    /// One page.
    type Page: Send + 'static;
    /// One entry of a page.
    type Item: Send + Unpin + 'static;
    /// The body of error answers.
    type ErrorBody: 'static;

    /// Asks for the page that the request stands at.
    fn fetch(self) -> Call<Self::Page, Self::ErrorBody>;

    /// Moves the request on to the page behind this one, and returns what marks that page
    /// (its cursor, offset or number); `None` behind the last.
    fn advance(&mut self, page: &Self::Page) -> Option<String>;

    /// The entries of a page.
    fn items(page: Self::Page) -> Vec<Self::Item>;
}

/// The pages of a listing, each fetched when it is asked for.
///
/// Ends behind the last page, behind an error, and where an API names a page that it has
/// named before, which would go on for ever.
pub struct Pages<R: Paged> {
    request: Option<R>,
    pending: Option<Call<R::Page, R::ErrorBody>>,
    seen: HashSet<String>,
}

impl<R: Paged> Pages<R> {
    /// Begins at the page that the request stands at.
    pub fn new(request: R) -> Self {
        Self { request: Some(request), pending: None, seen: HashSet::new() }
    }

    /// The next page; `None` behind the last.
    pub async fn next(&mut self) -> Option<Result<Response<R::Page>, Error<R::ErrorBody>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The next page; `Ok(None)` behind the last.
    ///
    /// # Errors
    /// Fails where the page could not be had; nothing comes after that.
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
        if next.is_none_or(|mark| !this.seen.insert(mark)) {
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

/// The entries of a listing, page after page.
pub struct Items<R: Paged> {
    pages: Pages<R>,
    buffer: std::vec::IntoIter<R::Item>,
}

impl<R: Paged> Items<R> {
    /// Begins at the page that the request stands at.
    pub fn new(request: R) -> Self {
        Self { pages: Pages::new(request), buffer: Vec::new().into_iter() }
    }

    /// The next entry; `None` behind the last.
    pub async fn next(&mut self) -> Option<Result<R::Item, Error<R::ErrorBody>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The next entry; `Ok(None)` behind the last.
    ///
    /// # Errors
    /// Fails where a page could not be had; nothing comes after that.
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
