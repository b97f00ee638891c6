//! Swagger 2.0 as OpenAPI 3.0. Each part of a document is moved to where OpenAPI 3.0 has it, and its
//! origin is recorded, so diagnostics show the pointers and positions of the document as written.
//!
//! | module | responsibility |
//! |---|---|
//! | `upgrade` | from the documents to their upgraded trees |
//! | `state` | what is known during the upgrade |
//! | `moves` | which part moved where, and pointers of components |
//! | `root` | the fields of the document itself: components and security schemes |
//! | `servers` | servers |
//! | `operations` | paths and operations |
//! | `bodies` | parameters in `body` and `formData` as request bodies |
//! | `parameters` | other parameters, and headers |
//! | `responses` | responses |
//! | `schemas` | schemas, and the discriminator values of subtypes |

mod bodies;
mod moves;
mod operations;
mod parameters;
mod responses;
mod root;
mod schemas;
mod servers;
mod state;
mod upgrade;

pub(in crate::spec) use moves::{as_upgraded, as_written};
pub(in crate::spec) use upgrade::{is_swagger_2, upgrade};

/// The extension of a parameter, a header or a property of a form with the character that separates
/// its values, if OpenAPI 3.0 has no style for it.
pub(crate) const DELIMITER: &str = "x-specwright-delimiter";

#[cfg(test)]
mod tests;
