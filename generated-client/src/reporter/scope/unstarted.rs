//! What only a started scope can do. On a builder it does not compile, with advice.

use super::builder::ScopeBuilder;
use super::level::Level;

/// Implemented by nothing.
#[diagnostic::on_unimplemented(
    message = "this scope has not been started",
    label = "call `.start()` first",
    note = "`.start()` begins the scope, and returns the `Scope` that has this method"
)]
pub trait Started {}

macro_rules! only_started {
    ($($method:ident($($argument:ident),*);)*) => {
        /// Methods of a [`Scope`](super::Scope), for those who forget to start it.
        impl<L: Level> ScopeBuilder<L> {$(
            #[doc(hidden)]
            pub fn $method<$($argument),*>(self, $(_: $argument),*) -> Self
            where
                Self: Started,
            {
                self
            }
        )*}
    };
}

only_started! {
    stage(Name);
    job(Name, Url);
    step(Name);
    handle();
    error(Error);
    update();
    end_at(Time);
    stderr_as_error();
    run(Command);
    run_async(Command);
    outcome(Outcome);
    success();
    failed(Error);
    skipped();
    canceled();
    finish(Status);
    hand_over();
}
