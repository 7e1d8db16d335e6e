using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Pillarbox.Protocol.Sasl;

/// <summary>The server's side of one login (RFC 4422 §3). Bytes in, steps out; it knows no accounts.</summary>
public abstract class SaslExchange
{
    private static readonly (string Mechanism, Func<SaslContext, SaslExchange> Create)[] Known =
    [
        ("SCRAM-SHA-512", context => new ScramExchange(ScramHash.Sha512, plus: false, context)),
        ("SCRAM-SHA-256-PLUS", context => new ScramExchange(ScramHash.Sha256, plus: true, context)),
        ("SCRAM-SHA-256", context => new ScramExchange(ScramHash.Sha256, plus: false, context)),
        ("SCRAM-SHA-1-PLUS", context => new ScramExchange(ScramHash.Sha1, plus: true, context)),
        ("SCRAM-SHA-1", context => new ScramExchange(ScramHash.Sha1, plus: false, context)),
        ("PLAIN", _ => new PlainExchange()),
        ("LOGIN", _ => new LoginExchange()),
        ("CRAM-MD5", context => new CramMd5Exchange(context)),
        ("OAUTHBEARER", _ => new OAuthBearerExchange()),
        ("XOAUTH2", _ => new XOAuth2Exchange()),
        ("EXTERNAL", _ => new ExternalExchange()),
    ];

    /// <summary>The mechanisms that this room speaks, in the order in which they are offered.</summary>
    public static IReadOnlyList<string> Mechanisms { get; } = [.. Known.Select(known => known.Mechanism)];

    /// <summary>The exchange for a mechanism's name in any case, or <see langword="null"/> for one that is not spoken.</summary>
    public static SaslExchange? Create(ReadOnlySpan<byte> mechanism, SaslContext context)
    {
        foreach (var (name, create) in Known)
        {
            if (Ascii.EqualsIgnoreCase(mechanism, name))
                return create(context);
        }

        return null;
    }

    /// <summary>The mechanism's name, in upper case.</summary>
    public abstract string Mechanism { get; }

    /// <summary>What to ask when the client gave no initial response.</summary>
    public abstract SaslStep Begin();

    /// <summary>Takes a response, the initial one included.</summary>
    /// <param name="response">Decoded from base64.</param>
    public abstract SaslStep Respond(ReadOnlySpan<byte> response);

    /// <summary>Goes on after <see cref="SaslStepKind.Credential"/>.</summary>
    /// <param name="credential">What is stored of the name; for a name that is not there, one that nothing fits.</param>
    public virtual SaslStep Supply(SaslCredential credential) => SaslStep.Malformed;

    /// <summary>Goes on after <see cref="SaslStepKind.Token"/> where the token is not taken: tells the client why.</summary>
    public virtual SaslStep Reject(TokenRefusal refusal) => SaslStep.Malformed;

    /// <summary>Text that can be a name or a password: UTF-8 without NUL.</summary>
    private protected static bool TryText(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        text = Utf8.IsValid(bytes) && !bytes.Contains((byte)0) ? Encoding.UTF8.GetString(bytes) : null;
        return text is not null;
    }

    // RFC 5802 §5.1: a comma is =2C and an equals sign =3D in a name; any other use of the sign is a fault.
    private protected static bool TrySaslName(string part, string prefix, bool mayBeEmpty, out string name)
    {
        name = "";
        if (part.Length == 0)
            return mayBeEmpty;
        if (!part.StartsWith(prefix, StringComparison.Ordinal) || part.Length == prefix.Length)
            return false;
        var encoded = part[prefix.Length..];
        if (encoded.Replace("=2C", "", StringComparison.Ordinal).Replace("=3D", "", StringComparison.Ordinal).Contains('=', StringComparison.Ordinal))
            return false;
        name = encoded.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        return true;
    }
}
