//! One request with events, and its response.

use specwright_runtime::Response;

use crate::Error;
use crate::models::{SendDataSingleOrArray, SendRequest};

/// The maximum number of events per request.
pub const MAX_BATCH: usize = 1000;

pub(super) fn request(data: SendDataSingleOrArray) -> SendRequest {
    SendRequest { data: Some(data), additional_properties: Default::default() }
}

/// Drops the body of a response. 202 means accepted, even if the body cannot be read.
pub(super) fn without_body<T>(result: Result<Response<T>, Error>) -> Result<Response<()>, Error> {
    match result {
        Err(Error::Decode(error)) if error.status == 202 => Ok(error.without_body()),
        other => other.map(|response| response.map(drop)),
    }
}
