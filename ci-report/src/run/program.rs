//! What to run: assignments, a program or a line of shell.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use crate::settings::Environment;

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Program {
    assignments: Vec<(OsString, OsString)>,
    program: OsString,
    arguments: Vec<OsString>,
    line: Option<OsString>,
}

impl Program {
    /// Reads leading assignments and the command, or a line of shell. Returns `None` if there is
    /// nothing to run.
    pub(super) fn new(command: &[OsString], line: Option<&OsString>) -> Option<Self> {
        if let Some(line) = line {
            let arguments = vec!["-c".into(), line.clone()];
            let program = "/bin/sh".into();
            return Some(Self {
                assignments: Vec::new(),
                program,
                arguments,
                line: Some(line.clone()),
            });
        }
        let assignments: Vec<_> = command.iter().map_while(|word| assignment(word)).collect();
        let (program, arguments) = command.get(assignments.len()..)?.split_first()?;
        Some(Self {
            assignments,
            program: program.clone(),
            arguments: arguments.to_vec(),
            line: None,
        })
    }

    /// Returns the name of the program, without its directory.
    pub(super) fn name(&self) -> String {
        let name = Path::new(&self.program).file_name().unwrap_or(&self.program);
        name.to_string_lossy().into_owned()
    }

    /// Returns the command as a user would write it.
    pub(super) fn line(&self) -> String {
        if let Some(line) = &self.line {
            return line.to_string_lossy().into_owned();
        }
        let assignments = self.assignments.iter().map(|(name, value)| {
            format!("{}={}", name.to_string_lossy(), quoted(&value.to_string_lossy()))
        });
        let words = [&self.program].into_iter().chain(&self.arguments);
        let words = words.map(|word| quoted(&word.to_string_lossy()));
        assignments.chain(words).collect::<Vec<_>>().join(" ")
    }

    /// Returns the variables of the assignments.
    pub(super) fn variables(&self) -> Environment {
        let string = |string: &OsString| string.to_string_lossy().into_owned();
        self.assignments.iter().map(|(name, value)| (string(name), string(value))).collect()
    }

    /// Returns the program as it was written.
    pub(super) fn program(&self) -> &OsStr {
        &self.program
    }

    /// Adds arguments and variables to the command.
    pub(super) fn complete(&self, mut command: Command) -> Command {
        command.args(&self.arguments).envs(self.assignments.iter().cloned());
        command
    }

    /// Adds the program, too: a shell runs a script without an interpreter.
    pub(super) fn complete_script(&self, mut shell: Command) -> Command {
        shell.arg(&self.program);
        self.complete(shell)
    }
}

/// Splits `NAME=value`.
fn assignment(word: &OsStr) -> Option<(OsString, OsString)> {
    // The part of a string that is not UTF-8 before an ASCII character is valid on its own.
    let bytes = word.as_encoded_bytes();
    let end = bytes.iter().position(|byte| *byte == b'=')?;
    let name = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let is_name = |(index, c): (usize, char)| {
        c == '_' || c.is_ascii_alphabetic() || (index > 0 && c.is_ascii_digit())
    };
    let is_valid = !name.is_empty() && name.char_indices().all(is_name);
    is_valid.then(|| (name.into(), rest(word, end + 1)))
}

/// Returns the string after a position that follows an ASCII character.
#[cfg(unix)]
fn rest(word: &OsStr, position: usize) -> OsString {
    use std::os::unix::ffi::OsStrExt as _;
    OsStr::from_bytes(word.as_bytes().get(position..).unwrap_or_default()).to_owned()
}

#[cfg(not(unix))]
fn rest(word: &OsStr, position: usize) -> OsString {
    word.to_string_lossy().get(position..).unwrap_or_default().into()
}

/// Quotes a word for a shell if needed.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(words: &[&str]) -> Option<Program> {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        Program::new(&words, None)
    }

    #[test]
    fn leading_assignments_are_variables() {
        let run = program(&["A=b", "_B2=c=d e", "/bin/make", "C=d", "it's"]).unwrap();
        assert_eq!(run.assignments.len(), 2);
        assert_eq!(run.name(), "make");
        assert_eq!(run.line(), r"A=b _B2='c=d e' /bin/make C=d 'it'\''s'");
        assert_eq!(program(&["1A=b"]).unwrap().name(), "1A=b");
        assert_eq!(program(&["A=b"]), None);
        assert_eq!(program(&[]), None);
    }
}
