namespace Webcluster.Submission.Replies;

/// <summary>Everything the server says that is the same each time; the texts stand in <see cref="ServerReplies"/>.</summary>
internal enum ServerReply
{
    // Good.
    Ok,
    SenderOk,
    RecipientOk,
    ChunkOk,
    StartContent,
    StartTls,
    Bye,
    Authenticated,
    AuthChallenge,
    AskUserName,
    AskPassword,
    CannotVerify,
    Help,

    // The command itself.
    UnknownCommand,
    NotImplemented,
    NotSmtp,
    SyntaxError,
    ControlCharacter,
    InvalidUtf8,
    LineTooLong,
    UnexpectedParameters,
    InvalidParameter,
    DuplicateParameter,
    UnknownParameter,
    InvalidReversePath,
    InvalidForwardPath,
    Utf8NotDeclared,
    InvalidChunkSize,

    // The order of commands.
    HelloFirst,
    MailFirst,
    NestedMail,
    NoRecipients,
    ChunksBegun,
    TransactionOpen,
    AlreadyAuthenticated,
    TlsActive,
    TlsUnavailable,
    InputBehindStartTls,

    // Who may send what.
    EncryptionRequired,
    StartTlsFirst,
    AuthRequired,
    UnknownMechanism,
    AuthCancelled,
    AuthNotBase64,
    AuthTooLong,
    AuthFailed,
    AuthOverloaded,
    UsersUnknown,
    TooManyAuthFailures,
    UserChanged,
    SenderNotAllowed,
    AuthorNotAllowed,

    // Recipients.
    TooManyRecipients,
    ForbiddenRecipient,
    RecipientWithoutDomain,
    RecipientSuppressed,
    SuppressionUnknown,
    NoRelay,
    UnknownReturnPath,

    // Content.
    MessageTooLarge,
    TooMuchInFlight,
    BareLineEnd,
    NulInContent,
    TextLineTooLong,
    HeaderTooLarge,
    HeaderMalformed,
    SeveralAuthors,
    NoAuthor,
    TooManyHops,
    UnknownLink,
    TooMuchFromAddress,

    // The store.
    StoreFull,
    StoreUnavailable,

    // The end of the session.
    IdleTimeout,
    ContentTimeout,
    TooManyErrors,
    TooManyCommands,
    TooManyChunks,
    TooManyConnections,
    TooManyConnectionsFromAddress,
    ShuttingDown,
    InternalError,
}
