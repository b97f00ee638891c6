//! What the generated error types of operations have in common.

/// Implements the conversions into the error type of an operation, and `Error`.
///
/// The type has a variant for rejections, whose name is the second argument, and a method `status`.
#[doc(hidden)]
#[macro_export]
macro_rules! operation_error {
    ($name:ident, $rejection:ident) => {
        impl From<$crate::Rejection> for $name {
            fn from(rejection: $crate::Rejection) -> Self {
                Self::$rejection(rejection)
            }
        }

        /// A response that cannot be built is an internal error (500).
        impl From<$crate::ValidationError> for $name {
            fn from(error: $crate::ValidationError) -> Self {
                Self::$rejection(error.into())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    Self::$rejection(rejection) => std::fmt::Display::fmt(rejection, f),
                    other => write!(f, "status {}", other.status()),
                }
            }
        }

        impl std::error::Error for $name {}
    };
}
