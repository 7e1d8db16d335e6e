using System.Globalization;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Delivery.Client;

/// <summary>What a server offers, from its reply to EHLO (RFC 5321 §4.1.1.1). Keywords are the same in either case.</summary>
public sealed record SmtpCapabilities
{
    /// <summary>What a server has that knows HELO alone.</summary>
    public static readonly SmtpCapabilities None = new();

    public bool Pipelining { get; init; }

    public bool StartTls { get; init; }

    public bool EightBitMime { get; init; }

    public bool SmtpUtf8 { get; init; }

    public bool EnhancedStatusCodes { get; init; }

    /// <summary>Delivery status notifications (RFC 3461).</summary>
    public bool Dsn { get; init; }

    /// <summary>BDAT (RFC 3030 §2).</summary>
    public bool Chunking { get; init; }

    /// <summary>Content of any octets, by BDAT (RFC 3030 §3).</summary>
    public bool BinaryMime { get; init; }

    /// <summary>Delivery by a time (RFC 2852).</summary>
    public bool DeliverBy { get; init; }

    /// <summary>The least number of seconds that the server needs of a sender who wants a late message back, or <see langword="null"/>.</summary>
    public long? MinDeliverBy { get; init; }

    /// <summary>Priorities (RFC 6710).</summary>
    public bool MtPriority { get; init; }

    /// <summary>Whether the server keeps a message under TLS (RFC 8689); offered under TLS alone.</summary>
    public bool RequireTls { get; init; }

    /// <summary>What the server takes at most (RFC 9422).</summary>
    public SmtpLimits Limits { get; init; }

    /// <summary>SASL mechanisms, in upper case (RFC 4954 §3).</summary>
    public IReadOnlySet<string> Auth { get; init; } = new HashSet<string>();

    /// <summary>Whether SIZE was offered at all (RFC 1870).</summary>
    public bool Size { get; init; }

    /// <summary>The largest message in octets, or <see langword="null"/> where the server names no limit.</summary>
    public long? MaxSize { get; init; }

    /// <summary>Reads the reply to EHLO: its first line is the server's name, each other a capability. What is malformed is passed over.</summary>
    public static SmtpCapabilities Parse(RemoteReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var found = new SmtpCapabilities();
        foreach (var line in reply.Text.Split('\n').Skip(1))
        {
            // "AUTH=PLAIN LOGIN" is what servers said before RFC 2554 and some say still, besides the right line.
            var words = line.Replace("AUTH=", "AUTH ", StringComparison.OrdinalIgnoreCase).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0)
                found = found.With(words[0].ToUpperInvariant(), words.AsSpan(1));
        }

        return found;
    }

    private SmtpCapabilities With(string keyword, ReadOnlySpan<string> arguments) => keyword switch
    {
        "PIPELINING" => this with { Pipelining = true },
        "STARTTLS" => this with { StartTls = true },
        "8BITMIME" => this with { EightBitMime = true },
        "SMTPUTF8" => this with { SmtpUtf8 = true },
        "ENHANCEDSTATUSCODES" => this with { EnhancedStatusCodes = true },
        "DSN" => this with { Dsn = true },
        "CHUNKING" => this with { Chunking = true },
        "BINARYMIME" => this with { BinaryMime = true },
        "DELIVERBY" => this with { DeliverBy = true, MinDeliverBy = ParseNumber(arguments) },
        "MT-PRIORITY" => this with { MtPriority = true },
        "REQUIRETLS" => this with { RequireTls = true },
        "LIMITS" => this with { Limits = SmtpLimits.Parse(arguments) },
        "SIZE" => this with { Size = true, MaxSize = ParseNumber(arguments) },
        "AUTH" => this with { Auth = Join(Auth, arguments) },
        _ => this,
    };

    // RFC 1870 §4: no number, or 0, is no fixed limit. RFC 2852 §3 means the same by none.
    private static long? ParseNumber(ReadOnlySpan<string> arguments) =>
        arguments.Length > 0 && long.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0 ? size : null;

    private static HashSet<string> Join(IReadOnlySet<string> known, ReadOnlySpan<string> more)
    {
        var all = new HashSet<string>(known);
        foreach (var mechanism in more)
            all.Add(mechanism.ToUpperInvariant());
        return all;
    }
}
