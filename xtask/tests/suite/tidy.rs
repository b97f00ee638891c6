//! The workspace follows the rules of `cargo xtask tidy`.

use xtask::tidy;

#[test]
fn the_workspace_follows_the_rules() {
    if let Err(problems) = tidy::run(&tidy::Arguments::default()) {
        panic!("{problems}");
    }
}
