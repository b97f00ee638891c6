//! A new file of what is whole in a damaged one.

use std::fs;
use std::path::{Path, PathBuf};

use super::file::{AnyError, Changes, create, existing, guarded, put_in_place, walk};
use super::record;

/// How many records are written together.
const TOGETHER: usize = 1000;

/// Puts a new file in the place of a damaged one. Returns where the damaged one is now, and
/// how many of its events are known to be lost.
pub(super) fn rescue(path: &Path) -> Result<(PathBuf, Option<usize>), AnyError> {
    let new = path.with_extension("new");
    // If the file can be walked, it says itself what waits. If not, what looks like an event
    // is one, though it may have been sent before: to send it again is harmless.
    let lost = match guarded(|| by_walking(path, &new)) {
        Ok(lost) => Some(lost),
        Err(_) => {
            by_scanning(path, &new)?;
            None
        }
    };
    let aside = aside(path)?;
    // There is a file of this name at any time, whenever this is interrupted.
    fs::hard_link(path, &aside).or_else(|_| fs::copy(path, &aside).map(drop))?;
    put_in_place(&new, path)?;
    Ok((aside, lost))
}

fn by_walking(path: &Path, new: &Path) -> Result<usize, AnyError> {
    let (old, new) = (existing(path)?, create(new)?);
    let (mut changes, mut lost) = (Changes::default(), 0);
    walk(&old, |kind, number, content| {
        match content {
            Some(content) => changes.put.push((kind, number, content.to_vec())),
            None => lost += 1,
        }
        if changes.put.len() == TOGETHER {
            std::mem::take(&mut changes).commit(&new)?;
        }
        Ok(())
    })?;
    changes.commit(&new)?;
    Ok(lost)
}

fn by_scanning(path: &Path, new: &Path) -> Result<(), AnyError> {
    let bytes = fs::read(path)?;
    let new = create(new)?;
    let (mut changes, mut found) = (Changes::default(), 0);
    for (kind, number, content) in record::scan(&bytes) {
        changes.put.push((kind, number, content.to_vec()));
        found += 1;
        if changes.put.len() == TOGETHER {
            std::mem::take(&mut changes).commit(&new)?;
        }
    }
    changes.commit(&new)?;
    if found == 0 { Err("no event was found in it".into()) } else { Ok(()) }
}

/// A name beside the file that is free.
fn aside(path: &Path) -> Result<PathBuf, AnyError> {
    for number in 1_u32.. {
        let aside = path.with_extension(format!("damaged-{number}"));
        if !aside.try_exists()? {
            return Ok(aside);
        }
    }
    Err("there is no free name for the damaged file".into())
}
