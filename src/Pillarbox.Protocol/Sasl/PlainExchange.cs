namespace Pillarbox.Protocol.Sasl;

/// <summary>PLAIN (RFC 4616): <c>[authzid] NUL authcid NUL passwd</c>, in one message.</summary>
internal sealed class PlainExchange : SaslExchange
{
    public override string Mechanism => "PLAIN";

    public override SaslStep Begin() => SaslStep.Ask("");

    public override SaslStep Respond(ReadOnlySpan<byte> response)
    {
        var first = response.IndexOf((byte)0);
        var second = first < 0 ? -1 : response[(first + 1)..].IndexOf((byte)0);
        if (second < 0)
            return SaslStep.Malformed;

        second += first + 1;
        return TryText(response[..first], out var authorizationId)
            && TryText(response[(first + 1)..second], out var name) && name.Length > 0
            && TryText(response[(second + 1)..], out var password)
                ? SaslStep.Check(authorizationId, name, password)
                : SaslStep.Malformed;
    }
}
