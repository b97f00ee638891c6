//! Each rule, broken once on purpose in a small workspace.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

const ROOT: &str = "[workspace]\nmembers = [\"one\", \"two\"]\n";
const GLOSSARY: &str = "| Avoid | Use instead |\n|---|---|\n| frob, grault up | adjust |\n";
const SETTINGS: &str = "generated = [\"one/src/made\"]\nfixtures = [\"fixtures\"]\n\n\
                        [crates]\none = [\"two\"]\ntwo = []\n";
const MODULES: &str = "[modules.one]\na = [\"b\"]\n";

/// A workspace in a temporary directory, removed when dropped.
struct Workspace(PathBuf);

impl Workspace {
    /// Creates a workspace that follows all rules.
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tidy-{}-{count}", std::process::id());
        Self(std::env::temp_dir().join(name))
            .with("Cargo.toml", ROOT)
            .with_settings("")
            .with("docs/glossary.md", GLOSSARY)
            .with("one/Cargo.toml", "[package]\nname = \"one\"\n[dependencies]\ntwo.path = \"\"\n")
            .with("one/src/lib.rs", "mod a;\nmod b;\npub use a::A;\n")
            .with("one/src/a.rs", "use crate::b::B;\npub struct A(B);\n")
            .with("one/src/b.rs", "pub struct B;\n")
            .with("two/Cargo.toml", "[package]\nname = \"two\"\n")
            .with("two/src/lib.rs", "//! Nothing.\n")
    }

    fn with(self, path: &str, contents: &str) -> Self {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
        self
    }

    fn with_settings(self, more: &str) -> Self {
        self.with("xtask/tidy.toml", &format!("{SETTINGS}{more}{MODULES}"))
    }

    fn with_modules(self, table: &str) -> Self {
        self.with("xtask/tidy.toml", &format!("{SETTINGS}{table}"))
    }

    fn check(&self, rule: &str) -> Vec<String> {
        let settings = Settings::read(&self.0).unwrap();
        let found = all(&Tree::read(&self.0, &settings).unwrap(), &settings).unwrap();
        let found =
            found.into_iter().filter(|found| rule.starts_with(found.rule) || rule.is_empty());
        let shown = found.map(|found| {
            format!("{} {}:{}: {}", found.rule, found.file, found.line, found.message)
        });
        shown.collect()
    }

    /// Checks that the rule that `start` begins with finds one problem, which starts as specified.
    fn fails_with(&self, start: &str) {
        let found = self.check(start);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].starts_with(start), "{found:#?}");
    }

    fn passes(&self) {
        assert_eq!(self.check(""), [""; 0]);
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_workspace_that_follows_all_rules_passes() {
    Workspace::new().passes();
}

#[test]
fn files_that_import_from_each_other_fail() {
    let start = "imports one/src/a.rs:1: 2 files import from each other";
    for import in [
        "use crate::a::A;",
        "use crate::A;",
        "use super::{b, a::A};",
        "use super::a;\nfn f() { let _ = a::A::new(); }",
        "fn f() -> crate::a::A { todo() }",
        "mod inner { use super::super::A; }",
        "use crate::a::*;",
    ] {
        let contents = format!("{import}\npub struct B;\n");
        Workspace::new().with("one/src/b.rs", &contents).fails_with(start);
    }
}

#[test]
fn imports_that_do_not_count_pass() {
    for import in [
        "#[cfg(test)]\nmod tests { use crate::a::A; }",
        "#[cfg(test)]\nuse crate::a::{A};",
        "macro_rules! m { () => { $crate::a::A } }",
        "fn f() { quote! { crate::a::A } }",
        "use crate::a;",
        "// crate::a::A\nconst C: &str = \"crate::a::A\";",
        "fn f() -> impl Sized + use<'_> { a() }",
    ] {
        let contents = format!("{import}\npub struct B;\n");
        Workspace::new().with("one/src/b.rs", &contents).passes();
    }
}

#[test]
fn a_parent_and_its_child_must_not_import_from_each_other() {
    let with = |parent: &str| {
        Workspace::new()
            .with("one/src/lib.rs", "mod a;\nmod b;\nmod room;\n")
            .with("one/src/room/mod.rs", parent)
            .with("one/src/room/child.rs", "use super::Shared;\npub struct Child(Shared);\n")
            .with("one/src/room/leaf.rs", "pub struct Shared;\n")
    };
    with("mod child;\nmod leaf;\npub use child::Child;\npub use leaf::Shared;\n").passes();
    with("mod child;\nmod leaf;\nuse leaf::Shared;\nfn f(_: child::Child) {}\n").passes();
    let start = "imports one/src/room/child.rs:1: 2 files import from each other";
    with("mod child;\nmod leaf;\npub struct Shared;\nfn f(_: child::Child) {}\n").fails_with(start);
}

#[test]
fn dependencies_are_those_of_the_table() {
    let manifest = "[package]\nname = \"two\"\n[dependencies]\none.path = \"\"\nother = \"1\"\n";
    let start = "layers two/Cargo.toml:1: dependency `one` is not allowed";
    Workspace::new().with("two/Cargo.toml", manifest).fails_with(start);
    let start = "layers xtask/tidy.toml:1: `one` does not depend on `two`";
    Workspace::new().with("one/Cargo.toml", "[package]\nname = \"one\"\n").fails_with(start);
}

#[test]
fn imports_between_modules_are_those_of_the_table() {
    let start = "layers one/src/a.rs:1: `a` must not import from `b` (crate::b::B)";
    Workspace::new().with_modules("[modules.one]\na = []\n").fails_with(start);
    Workspace::new().with_modules("").fails_with(start);
    let start = "layers xtask/tidy.toml:1: [modules.one]: `b` does not import from `a`";
    Workspace::new().with_modules("[modules.one]\na = [\"b\"]\nb = [\"a\"]\n").fails_with(start);
}

#[test]
fn the_architecture_shows_the_table() {
    let stale = "<!-- tidy:imports begin -->\nold\n<!-- tidy:imports end -->\n";
    let workspace = Workspace::new().with("ARCHITECTURE.md", stale);
    workspace.fails_with("layers ARCHITECTURE.md:1: the table of imports is stale");
    let settings = Settings::read(&workspace.0).unwrap();
    imports::write(&Tree::read(&workspace.0, &settings).unwrap(), &settings).unwrap();
    workspace.passes();
    let written = fs::read_to_string(workspace.0.join("ARCHITECTURE.md")).unwrap();
    assert!(written.contains("| `one` | `two` |"), "{written}");
}

#[test]
fn a_folder_with_many_entries_fails() {
    let full = |workspace: Workspace| {
        (0..13)
            .fold(workspace, |workspace, i| workspace.with(&format!("one/tests/many/{i}.rs"), ""))
    };
    full(Workspace::new()).fails_with("entries one/tests/many:1: 13 entries, 12 are allowed");
    let exception = "[[entries]]\npath = \"one/tests/many\"\nreason = \"a test\"\n";
    full(Workspace::new().with_settings(exception)).passes();
    let start = "entries xtask/tidy.toml:1: the exception of `one/tests/many` names no folder";
    Workspace::new().with_settings(exception).fails_with(start);
    (0..13)
        .fold(Workspace::new(), |all, i| all.with(&format!("one/tests/fixtures/{i}.rs"), ""))
        .passes();
}

#[test]
fn a_long_file_fails() {
    let long = Workspace::new().with("one/tests/long.rs", &"\n".repeat(400));
    long.fails_with("length one/tests/long.rs:400: 400 lines, 399 are allowed");
    let exception = "[[length]]\npath = \"one/tests/long.rs\"\nreason = \"a test\"\n";
    long.with_settings(exception).passes();
    Workspace::new()
        .with("README.md", &"\n".repeat(151))
        .fails_with("length README.md:151: 151 lines, 150 are allowed");
    Workspace::new().with("CHANGELOG.md", &"\n".repeat(500)).passes();
    let start = "length xtask/tidy.toml:1: the exception of `one/tests/long.rs` is not needed";
    Workspace::new().with_settings(exception).fails_with(start);
}

#[test]
fn a_module_table_lists_the_modules() {
    let with = |rows: &str| {
        let table =
            format!("//! One.\n//!\n//! | module | responsibility |\n//! |---|---|\n{rows}");
        Workspace::new().with("one/src/lib.rs", &format!("{table}mod a;\nmod b;\n"))
    };
    with("//! | `a`, `b` | letters |\n").passes();
    with("//! | `a` | a letter |\n").fails_with("module tables one/src/lib.rs:7: `b` is missing");
    let start = "module tables one/src/lib.rs:6: `c` is not a module";
    with("//! | `a`, `b` | letters |\n//! | `c` | a letter |\n").fails_with(start);
    Workspace::new()
        .with("one/src/lib.rs", "mod a;\nmod b;\nmod c {}\nmod d;\nmod e;\n")
        .fails_with("module tables one/src/lib.rs:1: 4 modules and no table");
}

#[test]
fn a_type_with_methods_in_many_files_fails() {
    let with = |kind: &str| {
        let names = ["c", "d", "e"];
        let modules: String = names.iter().map(|name| format!("mod {name};\n")).collect();
        let root = format!(
            "//! | module | |\n//! |---|---|\n//! | `a`, `b`, `c`, `d`, `e` | |\n{modules}mod a;\nmod b;\n"
        );
        let workspace = Workspace::new().with("one/src/lib.rs", &root);
        let workspace = workspace.with("one/src/b.rs", "pub struct B;\nimpl B {}\n");
        let workspace = names.iter().fold(workspace, |workspace, name| {
            let contents = format!("use crate::b::B;\nimpl<T: Fn() -> u8> {kind} {{}}\n");
            workspace.with(&format!("one/src/{name}.rs"), &contents)
        });
        workspace.with_modules(
            &names
                .iter()
                .fold(MODULES.to_owned(), |table, name| format!("{table}{name} = [\"b\"]\n")),
        )
    };
    with("B").fails_with("methods one/src/b.rs:2: `B` has methods in 4 files, 3 are allowed");
    with("Clone for B").passes();
    with("Other").passes();
}

#[test]
fn a_pattern_outside_its_home_fails() {
    let home = "[[home]]\npattern = \"~0\"\nfiles = [\"one/src/b.rs\"]\ninstead = \"use `b`\"\n";
    let workspace = Workspace::new().with_settings(home);
    let workspace = workspace.with("one/src/b.rs", "pub const B: &str = \"~0\";\npub struct B;\n");
    workspace.passes();
    let start = "homes two/src/lib.rs:2: `~0` must not be used here; use `b`";
    workspace.with("two/src/lib.rs", "// ~0\nconst C: &str = \"~0\";\n").fails_with(start);
    let start = "homes xtask/tidy.toml:1: `~0` does not occur in `one/src/b.rs`";
    Workspace::new().with_settings(home).fails_with(start);
}

#[test]
fn words_to_avoid_fail() {
    for (path, line) in [
        ("one/src/b.rs", "pub struct B; // Frobs it."),
        ("one/src/b.rs", "pub struct B { frob_it: u8 }"),
        ("one/src/b.rs", "pub struct B; fn willFrob() {}"),
        ("one/src/made/mod.rs", "//! Grault up."),
        ("docs/page.md", "To grault up is to adjust."),
        (".ci/run", "# frob"),
    ] {
        let start = format!("words {path}:1: avoid `");
        Workspace::new().with(path, line).fails_with(&start);
    }
    Workspace::new().with("docs/page.md", "A frobnicator graults; up.").passes();
}

#[test]
fn exceptions_of_words_are_needed() {
    let exception = "[[exception]]\nwords = [\"frob\"]\nline = 'to frob'\nreason = \"a test\"\n";
    let workspace = Workspace::new().with("xtask/words.toml", exception);
    let workspace = workspace.with("docs/page.md", "Used to frob.\n");
    workspace.passes();
    let workspace = workspace.with("docs/page.md", "Used to frob a frob.\n");
    workspace.fails_with("words docs/page.md:1: avoid `frob`; use adjust: Used to frob a frob.");
    let start = "words xtask/words.toml:1: the exception `a test` matches nothing";
    workspace.with("docs/page.md", "").fails_with(start);
    let forms = "[forms]\nfrob = [\"frobbed\"]\n";
    Workspace::new()
        .with("xtask/words.toml", forms)
        .with("docs/page.md", "Frobbed.\n")
        .fails_with("words docs/page.md:1");
}

#[test]
fn a_pattern_restricts_a_word_to_one_sense() {
    let words = "[patterns]\nfrob = '\\bto frobs?\\b'\n";
    let workspace = Workspace::new().with("xtask/words.toml", words);
    let workspace = workspace.with("docs/page.md", "A frob.\n");
    workspace.passes();
    workspace.with("docs/page.md", "To frob.\n").fails_with("words docs/page.md:1: avoid `frob`");
}
