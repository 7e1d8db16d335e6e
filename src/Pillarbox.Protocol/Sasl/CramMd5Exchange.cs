using System.Security.Cryptography;
using System.Text;

namespace Pillarbox.Protocol.Sasl;

/// <summary>
/// CRAM-MD5 (RFC 2195): hides the password on the wire, and for that the server must keep it readable. Hence off unless it is turned on.
/// </summary>
internal sealed class CramMd5Exchange(SaslContext context) : SaslExchange
{
    private string _challenge = "";
    private string _name = "";
    private readonly byte[] _digest = new byte[MD5.HashSizeInBytes];

    public override string Mechanism => "CRAM-MD5";

    public override SaslStep Begin()
    {
        _challenge = $"<{context.Nonce()}@{context.Hostname}>";
        return SaslStep.Ask(Encoding.ASCII.GetBytes(_challenge));
    }

    // RFC 2195 §2: the name, a blank, and the digest in lower-case hexadecimal. The server speaks first, so an initial response is a fault.
    public override SaslStep Respond(ReadOnlySpan<byte> response)
    {
        if (_challenge.Length == 0 || _name.Length > 0 || !TryText(response, out var text))
            return SaslStep.Malformed;
        var space = text.LastIndexOf(' ');
        if (space <= 0 || Convert.FromHexString(text.AsSpan(space + 1), _digest, out _, out var written) != System.Buffers.OperationStatus.Done || written != _digest.Length)
            return SaslStep.Malformed;
        _name = text[..space];
        return SaslStep.Look(_name);
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "The mechanism is defined with MD5.")]
    public override SaslStep Supply(SaslCredential credential)
    {
        if (credential is not SharedSecret shared || _name.Length == 0)
            return SaslStep.Malformed;
        var expected = HMACMD5.HashData((shared.Secret ?? default).Span, Encoding.ASCII.GetBytes(_challenge));
        return CryptographicOperations.FixedTimeEquals(expected, _digest) && shared.Secret is not null ? SaslStep.Proved("", _name) : SaslStep.Refuse(_name);
    }
}
