//! Changes of the generated crate that no change of the document explains by itself.

kinds! {
    /// A Rust item is new.
    ITEM_ADDED = "item-added" / "item-removed", None None;

    /// A Rust item was removed.
    ITEM_REMOVED = "item-removed" / "item-added", None None, Patch, "stop using the item";

    /// A Rust item has another signature, for example because a large value is boxed.
    ITEM_CHANGED = "item-changed", None None, Patch, "use the new signature";
}
