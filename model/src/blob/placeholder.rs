//! How a form with files goes through the code of models, which knows JSON alone: a file is
//! written as a number that says which of the form's files it is.
//!
//! So a form is a struct like any other, and what is built on structs (builders, constraints,
//! unions, lists, maps) holds for files as well. The files themselves go beside the JSON. Where
//! no form is written or read, a file is its text.

use std::cell::RefCell;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};

use super::file::Blob;

/// The number of the first file: one that no description has for anything.
const FIRST: u64 = 0xB10B_0000_0000_0000;

thread_local! {
    /// The files of the form that this thread writes or reads, if it does.
    static FILES: RefCell<Option<Vec<Blob>>> = const { RefCell::new(None) };
}

/// The place of a file in the list of files, from the number that stands for it.
pub(crate) fn place(number: u64) -> Option<usize> {
    usize::try_from(number.checked_sub(FIRST)?).ok()
}

/// Writes something as JSON, with numbers in the place of its files; gives the files, too.
pub(crate) fn collect_files<T>(write: impl FnOnce() -> T) -> (T, Vec<Blob>) {
    let scope = Scope::of(Vec::new());
    let written = write();
    (written, scope.files())
}

/// The number that stands for the next file where a form is read. The file is added to the list.
pub fn placeholder(files: &mut Vec<Blob>, file: Blob) -> u64 {
    files.push(file);
    FIRST + (files.len() as u64 - 1)
}

/// Reads something from JSON in which numbers stand for these files.
pub fn with_files<T>(files: Vec<Blob>, read: impl FnOnce() -> T) -> T {
    let _scope = Scope::of(files);
    read()
}

/// While it is there, this thread writes or reads a form. What was before comes back, however
/// this one ends.
struct Scope(Option<Vec<Blob>>);

impl Scope {
    fn of(files: Vec<Blob>) -> Self {
        Self(FILES.replace(Some(files)))
    }

    fn files(self) -> Vec<Blob> {
        FILES.with_borrow_mut(|files| files.take().unwrap_or_default())
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        FILES.set(self.0.take());
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number =
            FILES.with_borrow_mut(|files| Some(placeholder(files.as_mut()?, self.clone())));
        if let Some(number) = number {
            return serializer.serialize_u64(number);
        }
        let text = self.as_bytes().and_then(|bytes| std::str::from_utf8(bytes).ok());
        let text = text.ok_or_else(|| S::Error::custom("this file is no text, as JSON is"))?;
        serializer.serialize_str(text)
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
        let file = place(number)
            .and_then(|place| FILES.with_borrow(|files| files.as_ref()?.get(place).cloned()));
        file.ok_or_else(|| E::invalid_type(de::Unexpected::Unsigned(number), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Blob, E> {
        Ok(Blob::new(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Blob, E> {
        Ok(Blob::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_number_beside_itself_within_a_form_and_a_text_outside() {
        let blobs = vec![Blob::new("a"), Blob::new(vec![0xff])];
        let (json, files) = collect_files(|| serde_json::to_string(&blobs).expect("numbers"));
        assert_eq!(files, blobs);
        let read = with_files(files, || serde_json::from_str::<Vec<Blob>>(&json));
        assert_eq!(read.expect("the files"), blobs);
        // Outside of a form the number stands for nothing.
        assert!(serde_json::from_str::<Vec<Blob>>(&json).is_err());
        assert_eq!(serde_json::to_string(&blobs[0]).expect("a text"), r#""a""#);
        assert!(serde_json::to_string(&blobs[1]).is_err());
        assert_eq!(serde_json::from_str::<Blob>(r#""a""#).expect("a text"), blobs[0]);
    }

    #[test]
    fn a_form_that_panics_leaves_nothing_behind() {
        let panics = std::panic::catch_unwind(|| collect_files(|| panic!("as it may in a test")));
        assert!(panics.is_err());
        assert_eq!(serde_json::to_string(&Blob::new("a")).expect("a text"), r#""a""#);
    }
}
