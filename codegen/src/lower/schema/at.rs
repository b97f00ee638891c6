//! The position of a schema.

/// The pointer of a schema, and the name that its type would get.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) pointer: &'a str,
    pub(crate) suggested: &'a str,
}
