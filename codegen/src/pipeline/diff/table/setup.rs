//! Changes of servers, security, tags and documentation.

kinds! {
    /// A server is new.
    SERVER_ADDED = "server-added" / "server-removed", Compatible Compatible;

    /// A server was removed. Old clients may still send their requests to it.
    SERVER_REMOVED = "server-removed" / "server-added", BreaksClients BreaksClients, Patch,
        "choose another server";

    /// Another server is the first one, which clients use by default.
    DEFAULT_SERVER_CHANGED = "default-server-changed", Compatible Compatible, Patch,
        "set the server if you rely on the old one";

    /// A variable of a server is new.
    SERVER_VARIABLE_ADDED = "server-variable-added" / "server-variable-removed",
        Compatible Compatible;

    /// A variable of a server was removed.
    SERVER_VARIABLE_REMOVED = "server-variable-removed" / "server-variable-added",
        BreaksClients BreaksClients, Patch, "do not set the variable";

    /// A variable of a server has another value.
    SERVER_VALUE_ADDED = "server-value-added" / "server-value-removed", Compatible Compatible;

    /// A variable of a server no longer has a value.
    SERVER_VALUE_REMOVED = "server-value-removed" / "server-value-added",
        BreaksClients BreaksClients, Patch, "choose another value";

    /// A variable of a server has another default value.
    SERVER_DEFAULT_CHANGED = "server-default-changed", Compatible Compatible, Patch,
        "set the variable if you rely on the old value";

    /// A security scheme is new. What requires it is reported by itself.
    SCHEME_ADDED = "security-scheme-added" / "security-scheme-removed", None None;

    /// A security scheme was removed.
    SCHEME_REMOVED = "security-scheme-removed" / "security-scheme-added", None None, Patch,
        "do not set the credential";

    /// A credential is sent differently.
    SCHEME_CHANGED = "security-scheme-changed", BreaksBoth BreaksBoth, Patch,
        "update the client together with the server";

    /// The credential of a security scheme has another name in Rust, or another environment variable.
    SCHEME_RENAMED = "security-scheme-renamed", None None, Patch,
        "use the new name, or keep the old one in `names.security` of the configuration";

    /// An operation needs credentials now.
    SECURITY_REQUIRED = "security-became-required" / "security-became-optional",
        BreaksClients BreaksClients, Patch, "set a credential";

    /// An operation can be called without credentials now.
    SECURITY_OPTIONAL = "security-became-optional" / "security-became-required",
        Compatible Compatible;

    /// An operation accepts other credentials, too.
    SECURITY_ADDED = "security-alternative-added" / "security-alternative-removed",
        Compatible Compatible;

    /// An operation does not accept some credentials any more.
    SECURITY_REMOVED = "security-alternative-removed" / "security-alternative-added",
        BreaksClients BreaksClients, Patch, "set a credential that is still accepted";

    /// An operation needs other or more scopes with the same credentials.
    SCOPE_ADDED = "security-scope-added" / "security-scope-removed", BreaksClients BreaksClients,
        None, "request credentials with the scopes";

    /// An operation no longer needs some scopes.
    SCOPE_REMOVED = "security-scope-removed" / "security-scope-added", Compatible Compatible, None;

    /// A part of the API is deprecated.
    DEPRECATED = "deprecated" / "deprecation-removed", None None, Patch,
        "use something else before it is removed";

    /// A part of the API is not deprecated any more.
    UNDEPRECATED = "deprecation-removed" / "deprecated", None None;

    /// Documentation differs.
    DOCUMENTATION = "documentation-changed", None None;

    /// Examples differ. They are neither sent nor part of generated code.
    EXAMPLES = "examples-changed", None None, None;

    /// Links from a response to other operations differ. Generated code does not follow them.
    LINKS = "links-changed", None None, None;

    /// The title or the version of the API differs.
    INFO = "info-changed", None None;

    /// A tag has its own feature and module now.
    TAG_ADDED = "tag-added" / "tag-removed", None None;

    /// A tag has no feature and module any more.
    TAG_REMOVED = "tag-removed" / "tag-added", None None, Patch,
        "remove the feature from your manifest";

    /// A tag has another feature or module.
    TAG_RENAMED = "tag-renamed", None None, Patch, "use the new feature and module";
}
