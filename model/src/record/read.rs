//! How the value of one property is decoded.

use std::mem::take;

use serde::Deserialize;
use serde::de::{DeserializeOwned, MapAccess};

use super::{AdditionalProperties, Entries};
use crate::json::Json;
use crate::scalar::{Nullable, fit, next_integers};

/// Decodes a property for which `null` means absent.
pub fn read<'de, T: Deserialize<'de> + 'static, M: MapAccess<'de>>(
    map: &mut Entries<M>,
    slot: &mut Option<T>,
) -> Result<(), M::Error> {
    *slot = map.map.next_value()?;
    Ok(())
}

/// Decodes a property whose type decides about `null`: it is a value, or a value of another type
/// that is reported as such.
pub fn read_value<'de, T: Deserialize<'de> + 'static, M: MapAccess<'de>>(
    map: &mut Entries<M>,
    slot: &mut Option<T>,
) -> Result<(), M::Error> {
    *slot = Some(map.map.next_value()?);
    Ok(())
}

/// Decodes a property that is an integer, or a list, map or tuple that contains integers. If it may
/// be absent or null, the type permits that.
pub fn read_integers<'de, T: Deserialize<'de>, M: MapAccess<'de>>(
    map: &mut Entries<M>,
    slot: &mut T,
) -> Result<(), M::Error> {
    *slot = next_integers(&mut map.map)?;
    Ok(())
}

/// As [`read_integers`], for a property that is always present.
pub fn read_integers_value<'de, T: Deserialize<'de>, M: MapAccess<'de>>(
    map: &mut Entries<M>,
    slot: &mut Option<T>,
) -> Result<(), M::Error> {
    *slot = Some(next_integers(&mut map.map)?);
    Ok(())
}

/// Decodes a property that has its type only while a condition holds. A value of another type is
/// kept as an undeclared property.
pub fn read_conditional<'de, T: DeserializeOwned, M: MapAccess<'de>>(
    map: &mut Entries<M>,
    name: &'static str,
    slot: &mut Option<T>,
    properties: &mut AdditionalProperties,
) -> Result<(), M::Error> {
    let json: Json = map.map.next_value()?;
    match json.deserialize_as() {
        Ok(value) => *slot = value,
        Err(_) => {
            fit::undeclared();
            properties.insert(name, json);
        }
    }
    Ok(())
}

/// Decodes a property that may be absent, null or a value.
pub fn read_nullable<'de, T: Deserialize<'de> + 'static, M: MapAccess<'de>>(
    map: &mut Entries<M>,
    slot: &mut Nullable<T>,
) -> Result<(), M::Error> {
    *slot = map.map.next_value()?;
    Ok(())
}

/// Keeps a property that is not allowed.
pub fn keep_forbidden<'de, M: MapAccess<'de>>(
    map: &mut Entries<M>,
    properties: &mut AdditionalProperties,
) -> Result<(), M::Error> {
    fit::forbidden();
    properties.insert(take(&mut map.undeclared), map.map.next_value()?);
    Ok(())
}

/// Keeps a property that is not declared.
pub fn keep<'de, M: MapAccess<'de>>(
    map: &mut Entries<M>,
    properties: &mut AdditionalProperties,
) -> Result<(), M::Error> {
    fit::undeclared();
    properties.insert(take(&mut map.undeclared), map.map.next_value()?);
    Ok(())
}

/// Keeps a property that is not declared by name, but has a declared type.
pub fn keep_typed<'de, T: Deserialize<'de> + 'static, M: MapAccess<'de>>(
    map: &mut Entries<M>,
    properties: &mut std::collections::BTreeMap<String, T>,
) -> Result<(), M::Error> {
    properties.insert(take(&mut map.undeclared), map.map.next_value()?);
    Ok(())
}

/// As [`keep_typed`], for a type that is or contains integers.
pub fn keep_typed_integers<'de, T: Deserialize<'de>, M: MapAccess<'de>>(
    map: &mut Entries<M>,
    properties: &mut std::collections::BTreeMap<String, T>,
) -> Result<(), M::Error> {
    properties.insert(take(&mut map.undeclared), next_integers(&mut map.map)?);
    Ok(())
}
