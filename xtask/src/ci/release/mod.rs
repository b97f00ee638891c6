//! `cargo xtask rehearse-release`: packages what is published, and uses the archives as a new user
//! would.
//!
//! | module | responsibility |
//! |---|---|
//! | `packages` | the packages that are published, and their order |
//! | `folder` | archives, what they contain, commands that use them |
//! | `service` | the installed intake |
//! | `project` | a new project that uses the packages |
//! | `supply` | the crates that every user of the client builds |

mod folder;
mod packages;
mod project;
mod service;
pub mod supply;

use std::time::Instant;

use folder::{Folder, output};
use packages::Package;

/// A package that docs.rs documents, with the features that it selects.
pub(crate) struct Documented {
    pub(crate) name: String,
    pub(crate) features: Vec<String>,
}

/// Returns the packages that docs.rs documents.
pub(crate) fn documented() -> Result<Vec<Documented>, String> {
    let documented = |package: Package| Documented {
        features: package.documented_features(),
        name: package.name,
    };
    Ok(packages::published()?.into_iter().map(documented).collect())
}

/// A line of the table at the end.
struct Row {
    name: String,
    size: u64,
    seconds: f64,
    tests: String,
}

/// Packages every crate, and builds, documents, installs and uses them from their archives.
///
/// Dependencies of other authors come from the registry, in the versions of `Cargo.lock`.
///
/// # Errors
/// Returns an error with the output of what failed.
pub fn rehearse() -> Result<(), String> {
    let started = Instant::now();
    let packages = packages::published()?;
    let names: Vec<_> = packages.iter().map(|package| package.name.as_str()).collect();
    println!("order of publishing: {}", names.join(", "));
    let folder = Folder::create()?;
    timed("package", || folder.pack(&packages))?;
    folder.replace(&packages)?;

    let mut rows = Vec::new();
    for package in &packages {
        let name = &package.name;
        let begin = Instant::now();
        timed(&format!("check {name}"), || check(&folder, package))?;
        let tests = match package.has_doc_tests() {
            true => timed(&format!("doc tests of {name}"), || doc_tests(&folder, package))?,
            false => "–".to_owned(),
        };
        let seconds = begin.elapsed().as_secs_f64();
        rows.push(Row { name: name.clone(), size: folder.size(package)?, seconds, tests });
    }
    for package in packages.iter().filter(|package| !package.programs().is_empty()) {
        timed(&format!("install {}", package.name), || install(&folder, package))?;
    }
    let version = packages.first().map(|package| package.version.as_str()).unwrap_or_default();
    project::create(&folder, version)?;
    let cargo = |arguments: &[&str]| {
        output(folder.cargo(&folder.join("project")).args(arguments)).map(drop)
    };
    timed("build a new project", || cargo(&["build", "--quiet"]))?;
    timed("test it with the intake", || cargo(&["test", "--quiet"]))?;
    timed("specwright generate", || project::generate(&folder))?;
    timed("ci-report run -- true", || project::report(&folder))?;

    println!("\n{}", table(&rows));
    println!("rehearsed in {:.0} s", started.elapsed().as_secs_f64());
    Ok(())
}

/// Runs a step, and prints its name and how long it took.
fn timed<T>(name: &str, run: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    println!("{name} …");
    let started = Instant::now();
    let result = run().map_err(|error| format!("{error}\nerror: `{name}` failed"))?;
    println!("{name}: {:.1} s", started.elapsed().as_secs_f64());
    Ok(result)
}

/// Checks a package with the features that it selects itself, which may be fewer than those of the
/// workspace.
fn check(folder: &Folder, package: &Package) -> Result<(), String> {
    output(folder.cargo(&folder.package(package)).args(["check", "--quiet"])).map(drop)
}

/// Runs the examples of the documentation, and returns how many passed.
fn doc_tests(folder: &Folder, package: &Package) -> Result<String, String> {
    let mut command = folder.cargo(&folder.package(package));
    let output = output(command.args(["test", "--doc", "--color", "never"]))?;
    Ok(passed(&output).to_string())
}

/// Returns the sum of the numbers of passed tests.
fn passed(output: &str) -> usize {
    let results = output.lines().filter_map(|line| line.strip_prefix("test result: ok. "));
    results.filter_map(|line| line.split(' ').next()?.parse::<usize>().ok()).sum()
}

/// Installs the programs of a package, and runs each.
fn install(folder: &Folder, package: &Package) -> Result<(), String> {
    let path = folder.package(package);
    let mut command = folder.cargo(&folder.join("packages"));
    command.args(["install", "--quiet", "--debug", "--no-track", "--root"]);
    output(command.arg(folder.join("installed")).arg("--path").arg(&path))?;
    for name in package.programs() {
        let printed = output(std::process::Command::new(folder.program(name)).arg("--version"))?;
        if !printed.contains(&package.version) {
            return Err(format!("error: `{name} --version` printed `{}`", printed.trim()));
        }
    }
    Ok(())
}

/// Renders the results of the packages.
fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
    let head = format!("{:<width$}  archive     time  doc tests\n", "package");
    let line = |row: &Row| {
        let Row { name, size, seconds, tests } = row;
        format!("{name:<width$}  {:>3} KiB  {seconds:>5.0} s  {tests:>9}\n", size.div_ceil(1024))
    };
    head + &rows.iter().map(line).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passed_tests_are_added() {
        let output = "test result: ok. 12 passed; 0 failed\ntest result: FAILED. 1 passed; 1 failed\n\
                      test result: ok. 3 passed; 0 failed\n";
        assert_eq!(passed(output), 15);
    }

    #[test]
    fn the_table_is_aligned() {
        let row = |name: &str, size, seconds, tests: &str| Row {
            name: name.to_owned(),
            size,
            seconds,
            tests: tests.to_owned(),
        };
        let rows = [row("specwright", 300_000, 61.2, "14"), row("ci-report", 1025, 5.0, "–")];
        let expected = "package     archive     time  doc tests\n\
                        specwright  293 KiB     61 s         14\n\
                        ci-report     2 KiB      5 s          –\n";
        assert_eq!(table(&rows), expected);
    }
}
