using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Pillarbox.Protocol.Sasl;

/// <summary>The server's side of one login (RFC 4422 §3). Bytes in, steps out; it knows no accounts.</summary>
public abstract class SaslExchange
{
    /// <summary>The mechanisms that this room speaks, in the order in which they are offered.</summary>
    public static IReadOnlyList<string> Mechanisms { get; } = ["PLAIN", "LOGIN"];

    /// <summary>The exchange for a mechanism's name in any case, or <see langword="null"/> for one that is not spoken.</summary>
    public static SaslExchange? Create(ReadOnlySpan<byte> mechanism) =>
        Ascii.EqualsIgnoreCase(mechanism, "PLAIN"u8) ? new PlainExchange()
        : Ascii.EqualsIgnoreCase(mechanism, "LOGIN"u8) ? new LoginExchange()
        : null;

    /// <summary>The mechanism's name, in upper case.</summary>
    public abstract string Mechanism { get; }

    /// <summary>What to ask when the client gave no initial response.</summary>
    public abstract SaslStep Begin();

    /// <summary>Takes a response, the initial one included.</summary>
    /// <param name="response">Decoded from base64.</param>
    public abstract SaslStep Respond(ReadOnlySpan<byte> response);

    /// <summary>Text that can be a name or a password: UTF-8 without NUL.</summary>
    private protected static bool TryText(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        text = Utf8.IsValid(bytes) && !bytes.Contains((byte)0) ? Encoding.UTF8.GetString(bytes) : null;
        return text is not null;
    }
}
