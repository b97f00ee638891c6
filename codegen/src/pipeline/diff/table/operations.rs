//! Changes of operations, webhooks, parameters, bodies and responses.

kinds! {
    /// An operation is new.
    OPERATION_ADDED = "operation-added" / "operation-removed", Compatible Compatible;

    /// An operation was removed. Old clients that call it fail.
    OPERATION_REMOVED = "operation-removed" / "operation-added", BreaksClients BreaksClients, Patch,
        "stop calling the operation before the server is updated";

    /// An operation has another path, but the same id.
    PATH_CHANGED = "path-changed", BreaksClients BreaksClients, Patch,
        "update the client together with the server";

    /// The method or the types of an operation have other names in Rust. Requests are the same.
    OPERATION_RENAMED = "operation-renamed", None None, Patch,
        "use the new name; the configuration can keep the old one (`names.operations`) or both (`compatibility.operations`)";

    /// An operation has another `operationId`, but the same name in Rust.
    OPERATION_ID_CHANGED = "operation-id-changed", None None;

    /// An operation has another first tag. In a crate, the path of its types changes with it, and the
    /// feature that enables it.
    OPERATION_MOVED = "operation-moved", None None, Patch,
        "import the types of the operation from their new module";

    /// The stability of an operation (`x-unstable`) changes.
    STABILITY_CHANGED = "stability-changed", None None;

    /// Whether clients repeat an operation after any failure changes.
    REPEATABLE_CHANGED = "repeatable-changed", None None;

    /// The pages of an operation can now be requested as a stream, or follow each other differently.
    PAGING_ADDED = "paging-added" / "paging-removed", None None;

    /// The pages of an operation can no longer be requested as a stream.
    PAGING_REMOVED = "paging-removed" / "paging-added", None None, Patch,
        "request the next page with its parameters";

    /// The pages of an operation follow each other differently.
    PAGING_CHANGED = "paging-changed", None None;

    /// A webhook or callback is new.
    WEBHOOK_ADDED = "webhook-added" / "webhook-removed", Compatible Compatible;

    /// A webhook or callback was removed. Receivers do not get it any more.
    WEBHOOK_REMOVED = "webhook-removed" / "webhook-added", BreaksClients BreaksClients, Patch,
        "stop relying on the webhook";

    /// A webhook or callback is sent with another method or to another URL.
    WEBHOOK_CHANGED = "webhook-changed", BreaksBoth BreaksBoth, Patch,
        "accept the new method or URL";

    /// A webhook or callback has a body now.
    WEBHOOK_BODY_ADDED = "webhook-body-added" / "webhook-body-removed", Compatible Compatible;

    /// A webhook or callback has no body any more.
    WEBHOOK_BODY_REMOVED = "webhook-body-removed" / "webhook-body-added",
        BreaksClients BreaksClients, Patch, "stop reading the body";

    /// A webhook or callback has another name in Rust.
    WEBHOOK_RENAMED = "webhook-renamed", None None, Patch, "use the new name";

    /// A required parameter is new. Requests of old clients do not have it.
    REQUIRED_PARAMETER_ADDED = "required-parameter-added" / "required-parameter-removed",
        BreaksClients BreaksClients, Patch, "pass a value for the parameter";

    /// A required parameter was removed. Old clients still send it, without effect.
    REQUIRED_PARAMETER_REMOVED = "required-parameter-removed" / "required-parameter-added",
        BreaksClients BreaksClients, Patch, "remove the argument from calls";

    /// An optional parameter is new.
    PARAMETER_ADDED = "parameter-added" / "parameter-removed", Compatible Compatible;

    /// An optional parameter was removed. Old clients that send it get a result without its effect, or
    /// an error.
    PARAMETER_REMOVED = "parameter-removed" / "parameter-added", BreaksClients BreaksClients, Patch,
        "remove the parameter from calls";

    /// A parameter is required now.
    PARAMETER_REQUIRED = "parameter-became-required" / "parameter-became-optional",
        BreaksClients BreaksClients, Patch, "pass a value for the parameter in each call";

    /// A parameter is optional now.
    PARAMETER_OPTIONAL = "parameter-became-optional" / "parameter-became-required",
        Compatible Compatible, Patch, "set the parameter with its method instead of an argument";

    /// A parameter is encoded in another style.
    PARAMETER_STYLE = "parameter-style-changed", BreaksBoth BreaksBoth, Patch,
        "update the client together with the server";

    /// A parameter has another name in Rust, or a path parameter has another name. Requests are the
    /// same.
    PARAMETER_RENAMED = "parameter-renamed", None None, Patch,
        "use the new name, or keep the old one in `names.parameters` of the configuration";

    /// An operation has a required body now.
    REQUIRED_BODY_ADDED = "required-body-added" / "required-body-removed",
        BreaksClients BreaksClients, Patch, "pass a body";

    /// An operation has no body any more. It was required.
    REQUIRED_BODY_REMOVED = "required-body-removed" / "required-body-added",
        BreaksClients BreaksClients, Patch, "remove the body from calls";

    /// An operation has an optional body now.
    BODY_ADDED = "body-added" / "body-removed", Compatible Compatible;

    /// An operation has no body any more. It was optional.
    BODY_REMOVED = "body-removed" / "body-added", BreaksClients BreaksClients, Patch,
        "remove the body from calls";

    /// The body of a request is required now.
    BODY_REQUIRED = "body-became-required" / "body-became-optional", BreaksClients BreaksClients,
        Patch, "pass a body in each call";

    /// The body of a request is optional now.
    BODY_OPTIONAL = "body-became-optional" / "body-became-required", Compatible Compatible, Patch,
        "set the body with its method instead of an argument";

    /// A request can be sent in another media type.
    REQUEST_MEDIA_TYPE_ADDED = "request-media-type-added" / "request-media-type-removed",
        Compatible Compatible;

    /// A request can no longer be sent in a media type.
    REQUEST_MEDIA_TYPE_REMOVED = "request-media-type-removed" / "request-media-type-added",
        BreaksClients BreaksClients, Patch, "send the body in another media type";

    /// The values of a request body are encoded differently in the same media type.
    REQUEST_ENCODING = "request-encoding-changed", BreaksBoth BreaksBoth, Patch,
        "update the client together with the server";

    /// A successful response with a new status is declared.
    RESPONSE_ADDED = "response-added" / "response-removed", BreaksClients BreaksClients, Patch,
        "handle the response";

    /// A successful response is not declared any more. Old servers may still send it.
    RESPONSE_REMOVED = "response-removed" / "response-added", BreaksServers BreaksServers, Patch,
        "stop relying on the response";

    /// An error response is declared for a status.
    ERROR_ADDED = "error-response-added" / "error-response-removed", Compatible Compatible;

    /// An error response is not declared any more for a status.
    ERROR_REMOVED = "error-response-removed" / "error-response-added", Compatible Compatible;

    /// An error response has a body now.
    ERROR_BODY_ADDED = "error-body-added" / "error-body-removed", Compatible Compatible;

    /// An error response has no body any more.
    ERROR_BODY_REMOVED = "error-body-removed" / "error-body-added", BreaksClients BreaksClients,
        Patch, "stop reading the body";

    /// A response can have another media type, which clients may ask for.
    RESPONSE_MEDIA_TYPE_ADDED = "response-media-type-added" / "response-media-type-removed",
        Compatible Compatible;

    /// A response no longer has a media type. Old clients ask for it.
    RESPONSE_MEDIA_TYPE_REMOVED = "response-media-type-removed" / "response-media-type-added",
        BreaksClients BreaksClients, Patch, "ask for another media type";

    /// A response has a body now.
    RESPONSE_BODY_ADDED = "response-body-added" / "response-body-removed", Compatible BreaksServers;

    /// A response has no body any more.
    RESPONSE_BODY_REMOVED = "response-body-removed" / "response-body-added",
        BreaksClients BreaksClients, Patch, "stop reading the body";

    /// The body of a response has another form: JSON, a string, bytes, or a stream.
    RESPONSE_FORM = "response-form-changed", BreaksBoth BreaksBoth, Patch,
        "read the body in its new form";

    /// A response can now be read as a stream.
    STREAM_ADDED = "stream-added" / "stream-removed", Compatible Compatible;

    /// A response can no longer be read as a stream.
    STREAM_REMOVED = "stream-removed" / "stream-added", BreaksClients BreaksClients, Patch,
        "read the response in one piece";

    /// A header of a response is declared.
    HEADER_ADDED = "response-header-added" / "response-header-removed", Compatible Compatible;

    /// A header of a response is not declared any more.
    HEADER_REMOVED = "response-header-removed" / "response-header-added", Compatible Compatible,
        Patch, "read the header from `Response::headers`";

    /// A header of a response is encoded differently.
    HEADER_FORMAT = "response-header-format-changed", BreaksBoth BreaksBoth, Patch,
        "update the client together with the server";
}
