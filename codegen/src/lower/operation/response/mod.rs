//! Responses.
//!
//! | module | responsibility |
//! |---|---|
//! | `choices` | the responses that a server chooses among |
//! | `content` | the content of responses by media type |
//! | `facts` | type and format of a schema after following its references |
//! | `headers` | the headers of responses |
//! | `item` | the type of each value of a stream |
//! | `responses` | success and error responses |

pub(crate) mod choices;
pub(crate) mod content;
pub(crate) mod facts;
pub(crate) mod headers;
pub(crate) mod item;
pub(crate) mod responses;
