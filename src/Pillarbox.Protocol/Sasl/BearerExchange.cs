using System.Buffers;
using System.Text.Json;

namespace Pillarbox.Protocol.Sasl;

/// <summary>
/// What OAUTHBEARER and XOAUTH2 have in common: one message with a token, and where that is not taken, a challenge that says why, to which
/// the client answers something that means nothing, ahead of the verdict.
/// </summary>
internal abstract class BearerExchange : SaslExchange
{
    /// <summary>Between the parts of a message, and at its end.</summary>
    protected const char Separator = '\x01';

    // A reply line has 512 octets: "334 ", base64, CRLF.
    private const int MaxChallenge = (512 - 6) / 4 * 3;

    private string? _refused;
    private string _name = "";
    private bool _asked;

    public sealed override SaslStep Begin() => SaslStep.Ask("");

    public sealed override SaslStep Respond(ReadOnlySpan<byte> response)
    {
        // RFC 7628 §3.2.3: a single %x01; of XOAUTH2 nothing at all. Whatever comes, it is settled how this ends.
        if (_refused is not null)
            return SaslStep.Refuse(_refused);
        if (_asked || !TryText(response, out var message) || !TryRead(message, out _name, out var token))
            return SaslStep.Malformed;
        _asked = true;
        return SaslStep.CheckToken(_name, token);
    }

    public sealed override SaslStep Reject(TokenRefusal refusal)
    {
        if (!_asked)
            return SaslStep.Malformed;
        _refused = _name;
        var whole = Write(refusal);
        return SaslStep.Ask(whole.Length <= MaxChallenge ? whole : Write(refusal with { Scope = "", Configuration = "" }));
    }

    /// <summary>Takes the message apart: who is meant, empty for whom the token is for, and the token, which may be empty.</summary>
    protected abstract bool TryRead(string message, out string name, out string token);

    /// <summary>Writes what the client is told of a token that was not taken.</summary>
    protected abstract void Describe(Utf8JsonWriter json, TokenRefusal refusal);

    /// <summary>The token of an Authorization header (RFC 6750 §2.1), empty where the header is.</summary>
    protected static bool TryToken(string authorization, out string token)
    {
        const string Scheme = "Bearer ";
        token = "";
        if (authorization.Length == 0)
            return true;
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        token = authorization[Scheme.Length..].Trim(' ');
        return !token.AsSpan().ContainsAnyExcept(TokenCharacters);
    }

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    private ReadOnlySpan<byte> Write(TokenRefusal refusal)
    {
        var buffer = new ArrayBufferWriter<byte>(MaxChallenge);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            Describe(json, refusal);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
