//! Files inside of JSON. Models are encoded as and decoded from JSON, so a file in a form is
//! represented by a number: its index in the list of files.
//!
//! A form is then a struct like any other, and builders, constraints, unions, lists and maps also
//! work for files. The files are passed alongside the JSON, in a scope of the current thread: the
//! code of models has no parameter for them. Outside of such a scope, a file is encoded as a
//! string, and the numbers have no meaning.

use std::cell::RefCell;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};

use super::file::Blob;

/// The maximum number of files, a power of two.
const MAX_FILES: u64 = 1 << 20;

thread_local! {
    /// The files of the form that this thread encodes or decodes, each with whether it was decoded.
    static FILES: RefCell<Option<Vec<(Blob, bool)>>> = const { RefCell::new(None) };
}

/// Returns the number of the first file. Data must not contain it, neither by chance nor on purpose,
/// so each process has another one.
fn first() -> u64 {
    static FIRST: OnceLock<u64> = OnceLock::new();
    *FIRST.get_or_init(|| (RandomState::new().hash_one(0_u8) | 1 << 63) & !(MAX_FILES - 1))
}

/// Returns the index of a file from the number that represents it.
pub(crate) fn index(number: u64) -> Option<usize> {
    let index = number.checked_sub(first()).filter(|index| *index < MAX_FILES)?;
    usize::try_from(index).ok()
}

/// Encodes a value as JSON with numbers for its files. Returns the files, too.
pub(crate) fn collect_files<T>(write: impl FnOnce() -> T) -> (T, Vec<Blob>) {
    let scope = Scope::of(Vec::new());
    let written = write();
    (written, scope.files())
}

/// Adds a file to the list, and returns the number that represents it.
pub fn placeholder(files: &mut Vec<Blob>, file: Blob) -> u64 {
    files.push(file);
    number_of(files.len() - 1)
}

fn number_of(index: usize) -> u64 {
    first() + index as u64
}

/// Decodes a value from JSON in which numbers represent these files.
pub fn with_files<T>(files: Vec<Blob>, read: impl FnOnce() -> T) -> T {
    let _scope = Scope::of(files.into_iter().map(|file| (file, false)).collect());
    read()
}

/// Returns the files of the form that were not decoded: their numbers were, as if they were values.
#[must_use]
pub fn lost_files() -> Vec<Blob> {
    FILES.with_borrow(|files| {
        let lost = files.iter().flatten().filter(|(_, is_decoded)| !is_decoded);
        lost.map(|(file, _)| file.clone()).collect()
    })
}

/// The scope in which this thread encodes or decodes a form. Dropping it restores the previous one,
/// also after a panic.
struct Scope(Option<Vec<(Blob, bool)>>);

impl Scope {
    fn of(files: Vec<(Blob, bool)>) -> Self {
        Self(FILES.replace(Some(files)))
    }

    fn files(self) -> Vec<Blob> {
        let files = FILES.with_borrow_mut(|files| files.take().unwrap_or_default());
        files.into_iter().map(|(file, _)| file).collect()
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        FILES.set(self.0.take());
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = FILES.with_borrow_mut(|files| {
            let files = files.as_mut()?;
            files.push((self.clone(), true));
            Some(number_of(files.len() - 1))
        });
        if let Some(number) = number {
            return serializer.serialize_u64(number);
        }
        let string = self.as_bytes().and_then(|bytes| std::str::from_utf8(bytes).ok());
        let string = string
            .ok_or_else(|| S::Error::custom("a file outside of a form must be UTF-8 in memory"))?;
        serializer.serialize_str(string)
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BlobVisitor)
    }
}

struct BlobVisitor;

impl Visitor<'_> for BlobVisitor {
    type Value = Blob;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a file")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Blob, E> {
        let file = index(number).and_then(|index| {
            FILES.with_borrow_mut(|files| {
                let (file, is_decoded) = files.as_mut()?.get_mut(index)?;
                *is_decoded = true;
                Some(file.clone())
            })
        });
        file.ok_or_else(|| E::invalid_type(de::Unexpected::Unsigned(number), &self))
    }

    fn visit_str<E: de::Error>(self, string: &str) -> Result<Blob, E> {
        Ok(Blob::new(string.to_owned()))
    }

    fn visit_string<E: de::Error>(self, string: String) -> Result<Blob, E> {
        Ok(Blob::new(string))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_numbers_inside_a_form_and_strings_outside() {
        let blobs = vec![Blob::new("a"), Blob::new(vec![0xff])];
        let (json, files) = collect_files(|| serde_json::to_string(&blobs).expect("numbers"));
        assert_eq!(files, blobs);
        let read = with_files(files, || serde_json::from_str::<Vec<Blob>>(&json));
        assert_eq!(read.expect("the files"), blobs);
        // Outside of a form, the number has no meaning.
        assert!(serde_json::from_str::<Vec<Blob>>(&json).is_err());
        assert_eq!(serde_json::to_string(&blobs[0]).expect("a string"), r#""a""#);
        assert!(serde_json::to_string(&blobs[1]).is_err());
        assert_eq!(serde_json::from_str::<Blob>(r#""a""#).expect("a string"), blobs[0]);
    }

    #[test]
    fn a_panic_restores_the_previous_scope() {
        let panics = std::panic::catch_unwind(|| collect_files(|| panic!("as it may in a test")));
        assert!(panics.is_err());
        assert_eq!(serde_json::to_string(&Blob::new("a")).expect("a string"), r#""a""#);
    }
}
