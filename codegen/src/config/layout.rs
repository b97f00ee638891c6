//! Layout of the output: a crate of its own or a module, a client or a server.

/// Layout of the output: a crate of its own, or a module of another crate.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Path of the module that contains the generated code. Defaults to `crate`. With `self`, all
    /// paths are relative, so the code works in any module.
    pub module: String,
    /// Command that generates the output, for the header of each file. Defaults to
    /// `specwright::generate`.
    pub command: String,
    /// Package to write a manifest for, if the output is a crate. Defaults to `None`.
    pub package: Option<Package>,
    /// What is generated. Defaults to a client.
    pub target: Target,
}

/// What is generated from a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// Models, operations, and a client that sends them.
    #[default]
    Client,
    /// A trait to implement, operations as a server receives them, and a router.
    Server {
        /// Path of the module with the models of a client of the same document. If the path of
        /// the server's own module is `self`, this path can be relative to it, with `super`.
        models: String,
    },
}

/// A crate of its own.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// Name of the crate.
    pub name: String,
    /// Path of the runtime, relative to the manifest. Empty for the released runtime.
    pub runtime: String,
    /// Whether the crate is the root of its own workspace. This is necessary inside the folder of a
    /// workspace that it is not a member of. The root of a workspace cannot be a member of another.
    pub standalone: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            module: "crate".to_owned(),
            command: "specwright::generate".to_owned(),
            package: None,
            target: Target::Client,
        }
    }
}
