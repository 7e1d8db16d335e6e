using System.Globalization;
using System.Reflection;

namespace Pillarbox.Protocol.Replies;

/// <summary>
/// Every reply that the server gives, with its code, its enhanced status and its text: the one place to correct them.
/// A test joins them to the reference, so that none goes unexplained.
/// </summary>
public static class ReplyCatalogue
{
    // Session
    public static readonly Reply Goodbye = new(221, new(2, 0, 0), "Goodbye");
    public static readonly Reply ShuttingDown = new(421, new(4, 3, 2), "Service shutting down, try again later");
    public static readonly Reply TooManyConnections = new(421, new(4, 3, 2), "Too many connections, try again later");
    public static readonly Reply TooManyConnectionsFromClient = new(421, new(4, 7, 0), "Too many connections from your address");
    public static readonly Reply TooManyErrors = new(421, new(4, 7, 0), "Too many errors, goodbye");
    public static readonly Reply IdleTooLong = new(421, new(4, 4, 2), "Idle for too long, goodbye");
    public static readonly Reply TransactionTooLong = new(421, new(4, 4, 2), "The transaction took too long, goodbye");
    public static readonly Reply DataTooSlow = new(421, new(4, 4, 2), "The message comes too slowly, goodbye");
    public static readonly Reply TooMuchInVain = new(421, new(4, 7, 0), "Too much that cannot be taken, goodbye");
    public static readonly Reply TooManyTransactions = new(421, new(4, 7, 0), "Too many transactions in this session, goodbye");
    public static readonly Reply InternalFault = new(421, new(4, 3, 0), "Internal fault, try again later");

    // Syntax and sequence
    public static readonly Reply UnknownCommand = new(500, new(5, 5, 1), "Unknown command");
    public static readonly Reply LhloNeeded = new(500, new(5, 5, 1), "This is LMTP: send LHLO");
    public static readonly Reply LineTooLong = new(500, new(5, 5, 2), "Line too long");
    public static readonly Reply AuthLineTooLong = new(500, new(5, 5, 6), "Authentication exchange line too long");
    public static readonly Reply BareNewlineInCommand = new(500, new(5, 5, 2), "Bare CR or LF in a command line, goodbye");
    public static readonly Reply BadMailPath = new(501, new(5, 5, 2), "Syntax: MAIL FROM:<address> [parameters]");
    public static readonly Reply BadRcptPath = new(501, new(5, 5, 2), "Syntax: RCPT TO:<address> [parameters]");
    public static readonly Reply BadSender = new(501, new(5, 1, 7), "Malformed sender address");
    public static readonly Reply BadRecipient = new(501, new(5, 1, 3), "Malformed recipient address");
    public static readonly Reply BadHelloName = new(501, new(5, 5, 4), "Give your host's name or an address literal");
    public static readonly Reply BadArgument = new(501, new(5, 5, 4), "Invalid argument");
    public static readonly Reply NoArgumentAllowed = new(501, new(5, 5, 4), "This command takes no argument");
    public static readonly Reply ArgumentNeeded = new(501, new(5, 5, 4), "An argument is missing");
    public static readonly Reply BadParameterValue = new(501, new(5, 5, 4), "Invalid parameter value");
    public static readonly Reply DuplicateParameter = new(501, new(5, 5, 4), "The same parameter twice");
    public static readonly Reply CommandNotImplemented = new(502, new(5, 5, 1), "Command not available here");
    public static readonly Reply NoSuchHelp = new(504, new(5, 5, 4), "No help on that: give a command or a reply code");
    public static readonly Reply BadSequence = new(503, new(5, 5, 1), "Bad sequence of commands");
    public static readonly Reply HelloFirst = new(503, new(5, 5, 1), "Send EHLO or HELO first");
    public static readonly Reply LhloFirst = new(503, new(5, 5, 1), "Send LHLO first");
    public static readonly Reply MailFirst = new(503, new(5, 5, 1), "Send MAIL first");
    public static readonly Reply RcptFirst = new(503, new(5, 5, 1), "Send RCPT first: no valid recipients");
    public static readonly Reply NestedMail = new(503, new(5, 5, 1), "A transaction is open already");
    public static readonly Reply ChunksOpen = new(503, new(5, 5, 1), "Chunks have begun: send BDAT or RSET");
    public static readonly Reply BadBdat = new(501, new(5, 5, 4), "Syntax: BDAT octets [LAST]; how much follows nobody can tell, goodbye");
    public static readonly Reply ChunkWithoutMessage = new(503, new(5, 5, 1), "An earlier chunk was refused, and the transaction with it");
    public static readonly Reply BinaryNeedsChunks = new(503, new(5, 5, 1), "BODY=BINARYMIME travels by BDAT alone");
    public static readonly Reply HoldTooLong = new(501, new(5, 5, 4), "That release time is further away than this server holds mail");
    public static readonly Reply UnknownParameter = new(555, new(5, 5, 4), "Parameter not recognized");

    // Transaction
    public static readonly Reply SenderOk = new(250, new(2, 1, 0), "Sender OK");
    public static readonly Reply PriorityLowered = new(250, new(2, 3, 6), "Sender OK, priority lowered to 0");
    public static readonly Reply RecipientOk = new(250, new(2, 1, 5), "Recipient OK");
    public static readonly Reply ResetOk = new(250, new(2, 0, 0), "Reset OK");
    public static readonly Reply NoopOk = new(250, new(2, 0, 0), "OK");
    public static readonly Reply NotFromYourAddress = new(550, new(5, 7, 1), "Not allowed from your address");
    public static readonly Reply CannotVerify = new(252, new(2, 5, 0), "Not verified here; send the mail and it will be tried");
    public static readonly Reply StartMailInput = new(354, EnhancedStatus.None, "End data with <CR><LF>.<CR><LF>");
    public static readonly Reply TooManyRecipients = new(452, new(4, 5, 3), "Too many recipients");
    public static readonly Reply Ambiguous = new(553, new(5, 1, 4), "More than one mailbox has that name: give the domain too");
    public static readonly Reply SenderNotYours = new(550, new(5, 7, 1), "Your account may not send from this address");
    public static readonly Reply AmbiguousList = new(550, new(5, 1, 4), "More than one list has that name: give the domain too");
    public static readonly Reply NoSuchList = new(550, new(5, 1, 1), "No such list here");
    public static readonly Reply SenderHasNullMx = new(550, new(5, 7, 27), "The sender's domain takes no mail (null MX), so nobody could answer");
    public static readonly Reply RecipientHasNullMx = new(556, new(5, 1, 10), "The recipient's domain takes no mail (null MX)");
    public static readonly Reply AuthorNotYours = new(550, new(5, 7, 1), "The message's From or Sender is not one that your account may use");
    public static readonly Reply RelayDenied = new(550, new(5, 7, 1), "Relaying denied");
    public static readonly Reply NoSuchUser = new(550, new(5, 1, 1), "No such mailbox here");
    public static readonly Reply BareNewlineInMessage = new(550, new(5, 5, 2), "Bare CR or LF in the message");
    public static readonly Reply HiddenDotInMessage = new(550, new(5, 5, 2), "A line of the message is a dot hidden by NULs");
    public static readonly Reply MessageTooBig = new(552, new(5, 3, 4), "Message larger than this server takes");
    public static readonly Reply TextLineTooLong = new(554, new(5, 6, 0), "A line of the message is too long");
    public static readonly Reply LoopDetected = new(554, new(5, 4, 6), "Too many Received lines: a mail loop");
    public static readonly Reply Utf8Needed = new(553, new(5, 6, 7), "The address needs SMTPUTF8, which MAIL did not ask for");
    public static readonly Reply StoreFailed = new(451, new(4, 3, 0), "The message could not be stored, try again later");
    public static readonly Reply StoreFull = new(452, new(4, 3, 1), "Not enough storage, try again later");
    public static readonly Reply RecipientCheckFailed = new(451, new(4, 3, 0), "The recipient could not be checked, try again later");

    // TLS
    public static readonly Reply TlsNeeded = new(530, new(5, 7, 0), "REQUIRETLS is for sessions under TLS: send STARTTLS first");
    public static readonly Reply ReadyForTls = new(220, new(2, 0, 0), "Ready to start TLS");
    public static readonly Reply TlsNotAvailable = new(454, new(4, 7, 0), "TLS not available now");

    // AUTH (RFC 4954)
    public static readonly Reply AuthSucceeded = new(235, new(2, 7, 0), "Authentication succeeded");
    public static readonly Reply AuthUnavailable = new(454, new(4, 7, 0), "Temporary authentication failure");
    public static readonly Reply AuthHeldOff = new(454, new(4, 7, 0), "Too many failed logins, try again later");
    public static readonly Reply AuthCrowded = new(454, new(4, 7, 0), "Too many logins at once, try again later");
    public static readonly Reply AuthBanned = new(421, new(4, 7, 0), "Too many failed logins from your network, try again later");
    public static readonly Reply AuthDisabled = new(525, new(5, 7, 13), "User account disabled");
    public static readonly Reply AuthBadBase64 = new(501, new(5, 5, 2), "Not valid base64");
    public static readonly Reply AuthCancelled = new(501, new(5, 7, 0), "Authentication cancelled");
    public static readonly Reply AuthMalformed = new(501, new(5, 5, 2), "Malformed authentication exchange");
    public static readonly Reply AlreadyAuthenticated = new(503, new(5, 5, 1), "Already authenticated");
    public static readonly Reply NotDuringTransaction = new(503, new(5, 5, 1), "Not during a mail transaction");
    public static readonly Reply UnknownMechanism = new(504, new(5, 5, 4), "Authentication mechanism not available");
    public static readonly Reply AuthRequired = new(530, new(5, 7, 0), "Authentication required");
    public static readonly Reply AuthFailed = new(535, new(5, 7, 8), "Authentication credentials invalid");
    public static readonly Reply AuthPasswordMustChange = new(432, new(4, 7, 12), "The password must be changed first");
    public static readonly Reply AuthNeedsTls = new(538, new(5, 7, 11), "Encryption required: send STARTTLS first");

    /// <summary>The reply that promises a message: it is on disk. {0} is its id.</summary>
    public static Reply Queued(string id) => new(250, new(2, 0, 0), string.Create(CultureInfo.InvariantCulture, $"OK, queued as {id}"));

    /// <summary>A chunk has come that is not the last (RFC 3030 §2). It promises nothing.</summary>
    public static Reply ChunkTaken(long octets) => new(250, new(2, 0, 0), string.Create(CultureInfo.InvariantCulture, $"{octets} octets received"));

    /// <summary>A message's verdict for one of its recipients (RFC 2033 §4.2).</summary>
    public static Reply For(string recipient, Reply verdict) => verdict.WithText($"<{recipient}> {verdict.Lines[0]}");

    // ETRN (RFC 1985 §5.3)
    public static Reply TurnStarted(string node) => new(250, new(2, 0, 0), $"OK, queuing for node {node} started");

    public static Reply NothingToTurn(string node) => new(251, new(2, 0, 0), $"OK, no messages waiting for node {node}");

    public static Reply Turned(string node, int messages) =>
        new(253, new(2, 0, 0), string.Create(CultureInfo.InvariantCulture, $"OK, {messages} pending messages for node {node} started"));

    public static Reply CannotTurn(string node) => new(458, new(4, 3, 0), $"Unable to queue messages for node {node}");

    public static Reply NoTurn(string node) => new(459, new(4, 7, 1), $"Node {node} not allowed");

    /// <summary>VRFY's answer: a mailbox that there is (RFC 5321 §3.5.1). {0} is the mailbox.</summary>
    public static Reply Verified(string mailbox) => new(250, new(2, 1, 5), $"<{mailbox}>");

    /// <summary>EXPN's answer: whom a list stands for (RFC 5321 §3.5.1), a line each.</summary>
    public static Reply Members(params ReadOnlySpan<string> mailboxes)
    {
        var lines = new string[mailboxes.Length];
        for (var i = 0; i < lines.Length; i++)
            lines[i] = $"<{mailboxes[i]}>";
        return new(250, new(2, 1, 5), lines);
    }

    /// <summary>The greeting (RFC 5321 §4.3.1): the host's name first.</summary>
    /// <param name="hostname">The host's name.</param>
    /// <param name="protocol">What is spoken: ESMTP or LMTP.</param>
    public static Reply Greeting(string hostname, string protocol = "ESMTP") => new(220, EnhancedStatus.None, $"{hostname} {protocol} Pillarbox");

    /// <summary>A SASL challenge in base64 (RFC 4954 §4); without an enhanced status, since what follows the code is data.</summary>
    public static Reply Challenge(string base64) => new(334, EnhancedStatus.None, base64);

    /// <summary>HELO's reply: the host's name and nothing else.</summary>
    public static Reply Hello(string hostname) => new(250, EnhancedStatus.None, hostname);

    /// <summary>EHLO's reply: the host's name, then a line a capability.</summary>
    public static Reply Capabilities(params ReadOnlySpan<string> lines) => new(250, EnhancedStatus.None, lines);

    /// <summary>HELP's reply.</summary>
    public static Reply Help(params ReadOnlySpan<string> lines) => new(214, new(2, 0, 0), lines);

    /// <summary>Every reply of the catalogue, those with variable text with an example of it.</summary>
    public static IReadOnlyList<Reply> All { get; } =
    [
        .. typeof(ReplyCatalogue).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(Reply)).Select(field => (Reply)field.GetValue(null)!),
        TurnStarted("example.org"), NothingToTurn("example.org"), Turned("example.org", 3), CannotTurn("example.org"), NoTurn("#queue"),
        Verified("ann@example.org"), Members("ann@example.org", "bob@example.org"),
        Queued("06A0S4B1M0G00"), ChunkTaken(65_536), Greeting("mx.example.org"), Challenge("VXNlcm5hbWU6"), Hello("mx.example.org"),
        Capabilities("mx.example.org", "PIPELINING"), Help("HELP CODE explains a reply"),
    ];
}
