using System.Globalization;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Replies;
using Pillarbox.Protocol.Sasl;

namespace Pillarbox.Server.Handlers;

/// <summary>EHLO, HELO, LHLO and STARTTLS: what there is, and only what there is now.</summary>
internal sealed class HelloHandler(ServerContext server)
{
    private readonly Reply _hello = ReplyCatalogue.Hello(server.Options.Hostname);
    private Capabilities? _last;

    /// <summary>Answers EHLO, HELO or LHLO.</summary>
    public Step Handle(SessionState session, ReadOnlySpan<byte> argument, bool extended)
    {
        if (HelloCommand.Read(argument, out var name) is { } fault)
            return fault;

        session.Hello(name, extended);
        return extended ? Describe(session) : _hello;
    }

    /// <summary>Answers STARTTLS (RFC 3207 §4).</summary>
    public Step StartTls(SessionState session, ReadOnlySpan<byte> argument)
    {
        if (!argument.IsEmpty)
            return ReplyCatalogue.NoArgumentAllowed;
        if (session.Tls is not null)
            return ReplyCatalogue.BadSequence;
        if (!OffersTls(session))
            return ReplyCatalogue.CommandNotImplemented;
        return new Step(ReplyCatalogue.ReadyForTls, After.StartTls);
    }

    /// <summary>The mechanisms that a session can use now, in the order of preference; none where AUTH is not to be had.</summary>
    public static IEnumerable<string> Mechanisms(ServerContext server, SessionState session) =>
        !MayAuthenticate(session) || session.Account is not null
            ? []
            : SaslExchange.Mechanisms.Where(mechanism => IsOffered(mechanism, session) && IsVouchedFor(mechanism, server, session) && server.Accounts.Mechanisms.Contains(mechanism));

    // CRAM-MD5 wants passwords kept readable; of the channel bindings, clients that know PLUS mostly know another than ours and would fail
    // where SCRAM alone goes through. Both are for those who turn them on.
    private static bool IsOffered(string mechanism, SessionState session)
    {
        var isPlus = mechanism.EndsWith("-PLUS", StringComparison.Ordinal);
        return (isPlus || mechanism == "CRAM-MD5" || !session.Listener.Mechanisms.IsEmpty ? session.Listener.Mechanisms.Contains(mechanism) : true)
            && (!isPlus || !session.ServerEndPoint.IsEmpty);
    }

    // A token is worth a password to who reads it on its way (RFC 6750 §5.3): without TLS only for those who turn it on, wherever AUTH goes.
    private static bool IsVouchedFor(string mechanism, ServerContext server, SessionState session) => mechanism switch
    {
        "OAUTHBEARER" or "XOAUTH2" => server.Tokens is not null && (session.Tls is not null || session.Listener.Mechanisms.Contains(mechanism)),
        "EXTERNAL" => session.Certificate is { Addresses.IsEmpty: false },
        _ => true,
    };

    /// <summary>Whether AUTH may be used on the way that the session goes.</summary>
    public static bool MayAuthenticate(SessionState session) =>
        session.Listener.Auth != ListenerAuth.None && (session.Tls is not null || session.Listener.InsecureAuth);

    private bool OffersTls(SessionState session) =>
        session.Listener.Tls == ListenerTls.StartTls && session.Tls is null && server.Certificates is not null;

    // A connection a message is common, so the reply is kept for the next who are in the same situation.
    private Reply Describe(SessionState session)
    {
        var policy = server.Policy.Current;
        var latest = LatestRelease(session, policy);
        var key = new Situation(policy, session.Listener, server.Accounts.Mechanisms, session.Tls is not null, session.Account is not null, session.Certificate is { Addresses.IsEmpty: false }, latest,
            session.MaySpeakForOthers, server.Retry is not null && session.IsClientIn(session.Listener.EtrnFrom));
        if (_last is { } last && last.Situation == key)
            return last.Reply;

        List<string> lines =
        [
            server.Options.Hostname,
            "PIPELINING",
            string.Create(CultureInfo.InvariantCulture, $"SIZE {policy.Limits.MessageSize}"),

            // RFC 9422 §3: what a client need not find out by being refused.
            string.Create(CultureInfo.InvariantCulture, $"LIMITS MAILMAX={Limit(policy.Limits.Transactions)} RCPTMAX={Limit(policy.Limits.Recipients)}"),
            "8BITMIME",
            "CHUNKING",
            "BINARYMIME",
            "SMTPUTF8",
            "ENHANCEDSTATUSCODES",
            "DSN",
            "DELIVERBY",
            "MT-PRIORITY",
        ];

        // RFC 8689 §4.1: only where it can be kept from the first hop on.
        if (session.Tls is not null)
            lines.Add("REQUIRETLS");
        if (latest is { } release)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"FUTURERELEASE {policy.Limits.FutureRelease.TotalSeconds:F0} {release:yyyy-MM-dd'T'HH:mm:ss'Z'}"));
        if (OffersTls(session))
            lines.Add("STARTTLS");
        if (string.Join(' ', Mechanisms(server, session)) is { Length: > 0 } mechanisms)
            lines.Add($"AUTH {mechanisms}");
        if (key.Xclient)
            lines.Add($"XCLIENT {XclientCommand.Keywords}");
        if (key.Etrn)
            lines.Add("ETRN");
        if (session.Listener.Verify)
            lines.Add("VRFY");

        // RFC 5321 §3.5.2: of the two this one must be told.
        if (session.Listener.Expand)
            lines.Add("EXPN");
        lines.Add("HELP");

        var reply = ReplyCatalogue.Capabilities([.. lines]);
        _last = new Capabilities(key, reply);
        return reply;
    }

    // RFC 4865 §4: the two limits, of which the second is a time of day: it is told by the minute, so that the reply can be kept for one.
    private DateTimeOffset? LatestRelease(SessionState session, ServerPolicy policy)
    {
        if (!MailHandler.HoldsMail(session, policy))
            return null;
        var now = server.Time.GetUtcNow();
        return new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero) + policy.Limits.FutureRelease;
    }

    // Six digits at most (RFC 9422 §4).
    private static int Limit(int limit) => Math.Min(limit, 999_999);

    private readonly record struct Situation(ServerPolicy Policy, ListenerOptions Listener, IReadOnlySet<string> Mechanisms, bool Tls, bool Authenticated, bool Certificate, DateTimeOffset? Latest, bool Xclient, bool Etrn);

    private sealed record Capabilities(Situation Situation, Reply Reply);
}
