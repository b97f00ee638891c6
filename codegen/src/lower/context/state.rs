//! The state that all of lowering shares.

use openapiv3::ReferenceOr;
use serde::de::DeserializeOwned;

use crate::config::Config;
use crate::diagnostics::{Diagnostics, Savepoint};
use crate::ir::TypeId;
use crate::lower::context::index::SchemaIndex;
use crate::lower::context::options::Options;
use crate::lower::context::pending::Pending;
use crate::lower::context::types::TypeTable;
use crate::lower::context::uses::TypeUses;
use crate::select::{resolve, typed};
use crate::spec::Document;

/// The state that all of lowering shares.
pub(crate) struct Context<'a> {
    pub(crate) document: &'a Document,
    pub(crate) config: &'a Config,
    pub(crate) diagnostics: &'a mut Diagnostics,
    /// The options that refer to items of the document.
    pub(crate) options: Options<'a>,
    /// Facts about the schemas of the document.
    pub(crate) index: SchemaIndex,
    /// The named types found so far.
    pub(crate) types: TypeTable<'a>,
    /// The input of the passes that is not in the API.
    pub(crate) pending: Pending,
    /// The number of lists and maps around the current schema.
    pub(crate) nesting: usize,
    /// The maximum of it.
    pub(crate) deepest: usize,
}

/// The number of lists and maps in each other. The compiler allows 128 types, of which `Option` is
/// one.
pub(crate) const MAX_DEPTH: usize = 32;

/// The number of types that an alias is expanded to. Tuples of tuples can have any number of them.
pub(crate) const MAX_TYPES: usize = 256;

/// A state that [`Context::undo_failed`] can return to.
pub(crate) struct Checkpoint {
    diagnostics: Savepoint,
    types: usize,
    pending: (usize, usize),
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        document: &'a Document,
        config: &'a Config,
        diagnostics: &'a mut Diagnostics,
        uses: TypeUses,
    ) -> Self {
        let types = TypeTable::new(document, config, diagnostics, uses);
        let options = Options::new(config, diagnostics);
        Self {
            document,
            config,
            options,
            types,
            index: SchemaIndex::new(document),
            pending: Pending::default(),
            nesting: 0,
            deepest: 0,
            diagnostics,
        }
    }

    /// Follows references to an item. Returns it with its pointer.
    pub(crate) fn resolve<T: DeserializeOwned>(
        &mut self,
        item: ReferenceOr<T>,
        pointer: &str,
    ) -> Option<(T, String)> {
        resolve(self.document, item, pointer, self.diagnostics)
    }

    /// Deserializes the value at a pointer.
    pub(crate) fn typed<T: DeserializeOwned>(&mut self, pointer: &str) -> Option<T> {
        typed(self.document, pointer, self.diagnostics)
    }

    /// Returns the type of the schema at a pointer, and registers it if it is new.
    pub(crate) fn type_at(&mut self, pointer: &str, suggested: &str) -> TypeId {
        self.types.at(pointer, suggested, self.diagnostics)
    }

    /// Returns the current state.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            diagnostics: self.diagnostics.savepoint(),
            types: self.types.len(),
            pending: self.pending.len(),
        }
    }

    /// Undoes everything since a checkpoint, if an error was reported since then and the
    /// configuration accepts partial output. Returns whether it did. The errors become warnings.
    pub(crate) fn undo_failed(&mut self, checkpoint: Checkpoint) -> bool {
        let is_undone = self.config.skip_unsupported
            && self.diagnostics.has_error_since(checkpoint.diagnostics);
        if is_undone {
            self.diagnostics.downgrade_since(checkpoint.diagnostics);
            self.types.truncate(checkpoint.types);
            self.pending.truncate(checkpoint.pending, checkpoint.types);
        }
        is_undone
    }
}
