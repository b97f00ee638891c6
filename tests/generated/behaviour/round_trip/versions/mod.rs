//! What only some versions of the format have.
//!
//! | module | responsibility |
//! |---|---|
//! | `every_field` | a document with every field of OpenAPI 3.2 |
//! | `openapi_3_2` | requests of OpenAPI 3.2 |
//! | `sequences` | bodies of several values |
//! | `swagger` | requests of Swagger 2.0 |

mod every_field;
mod openapi_3_2;
mod sequences;
mod swagger;
