using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pillarbox.Protocol.Sasl;

/// <summary>
/// SCRAM (RFC 5802, RFC 7677), with and without PLUS: both sides prove that they know the password, and neither shows it. Of channel
/// bindings only tls-server-end-point is known (RFC 5929 §4).
/// </summary>
internal sealed class ScramExchange(ScramHash hash, bool plus, SaslContext context) : SaslExchange
{
    private const string Binding = "tls-server-end-point";
    private const int MaxMessage = 4096;

    private string _authorizationId = "";
    private string _name = "";
    private string _gs2 = "";
    private string _nonce = "";
    private string _signed = "";
    private ScramCredential? _credential;
    private State _state;

    private enum State
    {
        First,
        Stored,
        Final,
        Over,
    }

    public override string Mechanism => plus ? hash.Mechanism + "-PLUS" : hash.Mechanism;

    public override SaslStep Begin() => SaslStep.Ask("");

    public override SaslStep Respond(ReadOnlySpan<byte> response)
    {
        if (response.Length > MaxMessage || !TryText(response, out var message))
            return SaslStep.Malformed;
        return _state switch
        {
            State.First => First(message),
            State.Final => Final(message),
            // The client takes our proof by saying nothing (RFC 4422 §3.4).
            State.Over when message.Length == 0 => SaslStep.Proved(_authorizationId, _name),
            _ => SaslStep.Malformed,
        };
    }

    public override SaslStep Supply(SaslCredential credential)
    {
        if (_state != State.Stored || credential is not ScramCredential stored || stored.Mechanism != hash.Mechanism)
            return SaslStep.Malformed;
        _credential = stored;
        _nonce += context.Nonce();
        var challenge = string.Create(CultureInfo.InvariantCulture, $"r={_nonce},s={Convert.ToBase64String(stored.Salt.Span)},i={stored.Iterations}");
        _signed += challenge;
        _state = State.Final;
        return SaslStep.Ask(Encoding.UTF8.GetBytes(challenge));
    }

    // RFC 5802 §7: gs2-cbind-flag "," [ "a=" saslname ] "," "n=" saslname "," "r=" c-nonce ["," extensions].
    private SaslStep First(string message)
    {
        var parts = message.Split(',');
        if (parts.Length < 4 || !IsBindingFlag(parts[0]) || !TrySaslName(parts[1], "a=", mayBeEmpty: true, out _authorizationId)
            || !TrySaslName(parts[2], "n=", mayBeEmpty: false, out _name) || !TryNonce(parts[3], out _nonce))
            return SaslStep.Malformed;

        _gs2 = $"{parts[0]},{parts[1]},";
        _signed = $"{message[_gs2.Length..]},";
        _state = State.Stored;
        return SaslStep.Look(_name);
    }

    // RFC 5802 §6: "y" says that the client thinks we offer no binding; where we do, somebody between us took the offer away.
    private bool IsBindingFlag(string flag) => plus ? flag == $"p={Binding}" : flag == "n" || (flag == "y" && !context.OffersChannelBinding);

    private SaslStep Final(string message)
    {
        var proofAt = message.LastIndexOf(",p=", StringComparison.Ordinal);
        if (proofAt < 0)
            return SaslStep.Malformed;
        var bare = message[..proofAt];
        var proof = new byte[hash.Length];
        if (bare.Split(',') is not [['c', '=', .. var binding], ['r', '=', .. var nonce], ..]
            || !Convert.TryFromBase64String(message[(proofAt + 3)..], proof, out var length) || length != hash.Length)
            return SaslStep.Malformed;

        var stored = _credential!;
        var signed = Encoding.UTF8.GetBytes($"{_signed},{bare}");
        var signature = hash.Mac(stored.StoredKey.Span, signed);
        for (var i = 0; i < proof.Length; i++)
            proof[i] ^= signature[i];

        // All is looked at whatever is wrong, so that time tells nothing.
        var key = hash.Hash(proof);
        var isRight = CryptographicOperations.FixedTimeEquals(key, stored.StoredKey.Span)
            & nonce == _nonce & binding == ExpectedBinding() & !stored.IsForNobody;
        _state = State.Over;
        return isRight ? SaslStep.Ask(Encoding.ASCII.GetBytes($"v={Convert.ToBase64String(hash.Mac(stored.ServerKey.Span, signed))}")) : SaslStep.Refuse(_name);
    }

    private string ExpectedBinding()
    {
        byte[] octets = [.. Encoding.UTF8.GetBytes(_gs2), .. plus ? context.ServerEndPoint.Span : default];
        return Convert.ToBase64String(octets);
    }

    private static bool TryNonce(string part, out string nonce)
    {
        nonce = part.StartsWith("r=", StringComparison.Ordinal) ? part[2..] : "";
        return nonce.Length is > 0 and <= 512 && !nonce.AsSpan().ContainsAnyExceptInRange('!', '~');
    }
}
