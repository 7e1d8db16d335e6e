namespace Pillarbox.Reference;

/// <summary>The class of a reply, by its first digit (RFC 5321 §4.2.1).</summary>
public enum ReplyClass
{
    /// <summary>2yz: done.</summary>
    PositiveCompletion,

    /// <summary>3yz: go on.</summary>
    PositiveIntermediate,

    /// <summary>4yz: not now; the same may work later.</summary>
    TransientFailure,

    /// <summary>5yz: no; the same will not work.</summary>
    PermanentFailure,
}

/// <summary>Whether to send the same again.</summary>
public enum RetryAdvice
{
    /// <summary>It will not work, however often it is sent.</summary>
    Never,

    /// <summary>A sending server tries again by itself, at growing intervals.</summary>
    Later,

    /// <summary>Nothing failed.</summary>
    NotNeeded,

    /// <summary>Once somebody has mended what is wrong, and not before.</summary>
    AfterFix,
}

/// <summary>Who can mend what a reply complains of.</summary>
public enum ReplyActor
{
    /// <summary>Nobody needs to, or can.</summary>
    Nobody,

    /// <summary>Who wrote the message, or the program they send with.</summary>
    Sender,

    /// <summary>Who runs the sending server or the sender's domain.</summary>
    SenderAdmin,

    /// <summary>The owner of the mailbox.</summary>
    Recipient,

    /// <summary>Who runs the receiving server or the recipient's domain.</summary>
    RecipientAdmin,
}

/// <summary>Where the meaning of a code comes from.</summary>
public enum ReplyStanding
{
    /// <summary>A standards-track RFC defines it.</summary>
    Standard,

    /// <summary>IANA's register lists it on lesser authority: a BCP or a draft.</summary>
    Registered,

    /// <summary>Servers send it with a meaning of their own.</summary>
    Vendor,

    /// <summary>Lists on the web have it; no server's standard does.</summary>
    Folklore,
}

/// <summary>Why a reply was given: a closed list, for programs.</summary>
public enum ReplyReason
{
#pragma warning disable CS1591 // The names are the list.
    Undefined,
    Delivered,
    UserUnknown,
    MailboxFull,
    MailboxDisabled,
    RecipientMoved,
    DomainUnknown,
    HostUnknown,
    MessageTooBig,
    SystemFull,
    SystemError,
    NetworkError,
    Expired,
    RateLimited,
    TooManyConnections,
    Greylisted,
    Blocked,
    BadReputation,
    PolicyViolation,
    AuthenticationFailed,
    SenderAuthenticationFailed,
    SenderRejected,
    RelayDenied,
    ReverseDnsMissing,
    SpamDetected,
    VirusDetected,
    ContentRejected,
    SyntaxError,
    NotCompliant,
    TlsRequired,
    TlsFailed,
    Suppressed,
    MailerError,
    Vacation,
    Feedback,
#pragma warning restore CS1591
}
