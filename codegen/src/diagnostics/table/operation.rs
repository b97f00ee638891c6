//! Diagnostics of paths, parameters, bodies, responses, security, servers, webhooks and pagination.

diagnostics! {
    /// Several operations have the same `operationId`. All but the first are named after their method
    /// and path.
    DUPLICATE_OPERATION_ID = "duplicate-operation-id", Warning,
        "give each operation its own `operationId`, or a name in the `names` tables of the configuration" {
        duplicate_operation_id(first, second, id, name)
            "{first} and {second} have the same `operationId` `{id}`; naming the second `{name}`";
    }

    /// A path does not start with `/`.
    INVALID_PATH = "invalid-path", Warning, "start the path with `/`" {
        invalid_path(given, path) "path `{given}` does not start with `/`; using `{path}`";
    }

    /// Two paths differ only in the names of their parameters. A server cannot distinguish their
    /// requests. Only generated servers are affected.
    CONFLICTING_PATHS = "conflicting-paths", Warning,
        "make the paths differ by more than parameter names" {
        conflicting_paths(first, second)
            "`{first}` and `{second}` match the same requests; `{first}` always handles them";
    }

    /// The parameters of an operation do not match the names in braces in its path.
    PATH_PARAMETER_MISMATCH = "path-parameter-mismatch", Warning,
        "declare one `in: path` parameter for each name in braces, and no others" {
        undeclared_path_parameter(name)
            "path parameter `{{{name}}}` is not declared; assuming a required string";
        undeclared_query_parameter(name)
            "query parameter `{{{name}}}` is not declared; assuming a required string",
            "declare the query of the path as `in: query` parameters";
        unused_path_parameter(path, name)
            "path `{path}` has no `{{{name}}}`; the parameter is ignored";
        matched_path_parameter(parameter, name)
            "path parameter `{parameter}` is not in the path; using it for `{{{name}}}`";
        unsupported_path_query(query) "query `{query}` in the path is not supported; it is not sent",
            "declare the query of the path as `in: query` parameters";
        missing_query_parameter(name) "query parameter `{name}` is not declared; it is not sent",
            "declare the query of the path as `in: query` parameters";
    }

    /// The parent of a tag is not declared, or is below the tag. The tag is generated without a parent.
    INVALID_TAG_PARENT = "invalid-tag-parent", Warning,
        "declare the parent in `tags`, or remove `parent`" {
        undeclared_parent_tag(name) "tag `{name}` is not declared; the tag has no parent";
        circular_tag(name) "tag `{name}` is its own parent, or has such a parent; it has no parent";
        deep_tag(name, limit) "tag `{name}` is nested more than {limit} levels deep; it has no parent",
            "nest fewer tags";
    }

    /// A security requirement names a scheme that is not defined.
    UNKNOWN_SECURITY_SCHEME = "unknown-security-scheme", Warning,
        "add the scheme to `components/securitySchemes`, or fix the name" {
        unknown_security_scheme(name)
            "security scheme `{name}` is not defined; no credentials are sent for it";
    }

    /// A security scheme is of a kind that is not supported. Supported are API keys, HTTP basic and
    /// bearer authentication, OAuth 2.0 and OpenID Connect (with a token that the caller provides).
    UNSUPPORTED_SECURITY_SCHEME = "unsupported-security-scheme", Warning,
        "send these credentials in your own code, or use a supported scheme" {
        mutual_tls() "mutual TLS has no credential to send; set the certificate with `HttpOptions`",
            "set a client certificate when you create the client";
        unsupported_security_scheme(name, error)
            "security scheme `{name}` is not supported; it is ignored ({error})";
        unsupported_http_scheme(scheme)
            "HTTP scheme `{scheme}` is not supported; the credential is the whole `Authorization` header";
    }

    /// A variable in the `url` of a server is not declared in `variables`, or has no default.
    INVALID_SERVER_VARIABLE = "invalid-server-variable", Warning,
        "declare each variable of the server `url`, with a default" {
        server_variable_without_default(name)
            "server variable `{name}` has no default; using its first `enum` value";
        undeclared_server_variable(name)
            "server variable `{name}` is not declared; the caller must set it";
    }

    /// A feature of a parameter is not supported. The parameter is generated without it.
    UNSUPPORTED_PARAMETER = "unsupported-parameter", Warning,
        "remove the feature from the document if the API does not depend on it" {
        parameter_without_empty_value(name)
            "type of parameter `{name}` has no empty value; `allowEmptyValue` is ignored";
        parameter_content(name, media_types)
            "parameter `{name}` has content of type {media_types}; generating a string",
            "encode the value in your own code, or use JSON";
        unused_with_query_string(key) "`{key}` has no effect on the whole query; it is ignored",
            "remove it, or describe the encoding in `content`";
        query_string_without_content()
            "parameter that is the whole query has no `content`; it is sent as a form",
            "move the schema to `content`, below its media type";
        query_string_and_query(name)
            "parameter `{name}` is the whole query; the query parameters of the operation are ignored",
            "describe all of the query in one parameter, or in parameters with `in: query`";
    }

    /// A request body has a schema, but its media type cannot be encoded from a type. The caller
    /// passes the encoded bytes. Only JSON, forms and `text/plain` are encoded.
    UNTYPED_BODY = "untyped-body", Warning,
        "pass the encoded bytes, or use JSON, a form or `text/plain`" {
        untyped_body(media_type)
            "request body of type `{media_type}` has a schema; generating untyped bytes";
    }

    /// The encoding of a form property is not used.
    UNUSED_ENCODING = "unused-encoding", Warning, "remove the encoding, or make it match its property" {
        encoding_without_property(name) "form has no property `{name}`; its encoding is ignored";
        encoded_as_json(name, media_type)
            "property `{name}` is an object; sending it as `application/json`, not `{media_type}`";
        encoded_as_fields(name, media_type)
            "property `{name}` is an object; sending it as form fields, not `{media_type}`";
        header_of_part(name)
            "header `{name}` of a part has no fixed value; it is sent only if a file sets it",
            "set the header on the file, or give it a constant value in the document";
    }

    /// A response or response header has a schema, but cannot be decoded into a type. It is returned
    /// as received. Only JSON is decoded.
    UNTYPED_RESPONSE = "untyped-response", Warning,
        "decode it in your own code, or use JSON" {
        untyped_response(media_type)
            "schema of a `{media_type}` response is not supported; generating an untyped body";
        untyped_header() "schema of a response header is not supported; generating a string",
            "decode it in your own code";
    }

    /// The name of a response header contains characters that HTTP does not allow.
    INVALID_HEADER_NAME = "invalid-header-name", Warning, "fix the name of the header" {
        invalid_header_name(name) "header name `{name}` is invalid; the header is ignored";
    }

    /// The body of a webhook is not JSON. The webhook is generated without a body type.
    UNTYPED_WEBHOOK = "untyped-webhook", Warning, "decode the body in your own code, or use JSON" {
        untyped_webhook(name, media_types)
            "body of webhook `{name}` has the type {media_types}; it is not decoded";
    }

    /// An `x-pagination` extension does not fit its operation. No stream of pages is generated.
    INVALID_PAGINATION = "invalid-pagination", Warning,
        "compare it with the section on pagination in docs/configuration.md" {
        unknown_pagination_key(operation, key, suggestion)
            "`x-pagination` of `{operation}` has the unknown key `{key}`{suggestion}";
        invalid_pagination(operation, reason) "`{operation}` cannot be paginated; {reason}";
    }
}
