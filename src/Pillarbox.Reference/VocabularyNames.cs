namespace Pillarbox.Reference;

/// <summary>
/// The vocabulary's names as JSON has them: camelCase. They stand here as they go out, and not made from the enumerations' own names,
/// since what looks those up is a good part of the time that a process takes to explain one reply.
/// </summary>
public static class VocabularyNames
{
    private static readonly string[] Classes = ["positiveCompletion", "positiveIntermediate", "transientFailure", "permanentFailure"];

    private static readonly string[] Retries = ["never", "later", "notNeeded", "afterFix"];

    private static readonly string[] Actors = ["nobody", "sender", "senderAdmin", "recipient", "recipientAdmin"];

    private static readonly string[] Standings = ["standard", "registered", "vendor", "folklore"];

    private static readonly string[] Reasons =
    [
        "undefined", "delivered", "userUnknown", "mailboxFull", "mailboxDisabled", "recipientMoved", "domainUnknown", "hostUnknown",
        "messageTooBig", "systemFull", "systemError", "networkError", "expired", "rateLimited", "tooManyConnections", "greylisted",
        "blocked", "badReputation", "policyViolation", "authenticationFailed", "senderAuthenticationFailed", "senderRejected",
        "relayDenied", "reverseDnsMissing", "spamDetected", "virusDetected", "contentRejected", "syntaxError", "notCompliant",
        "tlsRequired", "tlsFailed", "suppressed", "mailerError", "vacation", "feedback",
    ];

    /// <summary><c>positiveCompletion</c> for <see cref="ReplyClass.PositiveCompletion"/>, and so on.</summary>
    public static string ToName(this ReplyClass value) => Classes[(int)value];

    /// <summary><c>never</c> for <see cref="RetryAdvice.Never"/>, and so on.</summary>
    public static string ToName(this RetryAdvice value) => Retries[(int)value];

    /// <summary><c>nobody</c> for <see cref="ReplyActor.Nobody"/>, and so on.</summary>
    public static string ToName(this ReplyActor value) => Actors[(int)value];

    /// <summary><c>standard</c> for <see cref="ReplyStanding.Standard"/>, and so on.</summary>
    public static string ToName(this ReplyStanding value) => Standings[(int)value];

    /// <summary><c>userUnknown</c> for <see cref="ReplyReason.UserUnknown"/>, and so on.</summary>
    public static string ToName(this ReplyReason value) => Reasons[(int)value];

    internal static ReplyClass ParseClass(string? name) => (ReplyClass)Find(Classes, name);

    internal static RetryAdvice ParseRetry(string? name) => (RetryAdvice)Find(Retries, name);

    internal static ReplyActor ParseActor(string? name) => (ReplyActor)Find(Actors, name);

    internal static ReplyStanding ParseStanding(string? name) => (ReplyStanding)Find(Standings, name);

    internal static ReplyReason ParseReason(string? name) => (ReplyReason)Find(Reasons, name);

    /// <summary>The reason of a name, in whatever case it is written, or null.</summary>
    internal static ReplyReason? TryParseReason(string name) =>
        Array.FindIndex(Reasons, reason => reason.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var found ? (ReplyReason)found : null;

    private static int Find(string[] names, string? name)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i] == name)
                return i;
        }

        throw new InvalidDataException($"no such word: {name}");
    }
}
