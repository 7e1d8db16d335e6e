using System.Text.Json;

namespace Pillarbox.Protocol.Sasl;

/// <summary>OAUTHBEARER (RFC 7628): <c>n,a=NAME,^Aauth=Bearer TOKEN^A^A</c>, where <c>^A</c> is %x01.</summary>
internal sealed class OAuthBearerExchange : BearerExchange
{
    public override string Mechanism => "OAUTHBEARER";

    // RFC 7628 §3.1: gs2-header kvsep *kvpair kvsep. Without "auth" the client asks what it would need (§4.3). Its host and port are what it
    // believes to have connected to, which a balancer may make another; other keys are for others.
    protected override bool TryRead(string message, out string name, out string token)
    {
        (name, token) = ("", "");
        var parts = message.Split(Separator);
        if (parts.Length < 3 || parts[^1].Length > 0 || parts[^2].Length > 0 || !TryHeader(parts[0], out name))
            return false;

        string? authorization = null;
        foreach (var pair in parts.AsSpan(1, parts.Length - 3))
        {
            if (!TryPair(pair, out var key, out var value))
                return false;
            if (key != "auth")
                continue;
            if (authorization is not null)
                return false;
            authorization = value;
        }

        return TryToken(authorization ?? "", out token);
    }

    // RFC 7628 §3.2.2.
    protected override void Describe(Utf8JsonWriter json, TokenRefusal refusal)
    {
        json.WriteString("status", refusal.LacksScope ? "insufficient_scope" : "invalid_token");
        if (refusal.Scope.Length > 0)
            json.WriteString("scope", refusal.Scope);
        if (refusal.Configuration.Length > 0)
            json.WriteString("openid-configuration", refusal.Configuration);
    }

    // RFC 5801 §4: gs2-cb-flag "," [ "a=" authzid ] ",". No binding to the channel is known to this mechanism, so "p=" is a fault, and "y",
    // by which a client says that it knows some, is true of this server.
    private static bool TryHeader(string header, out string name)
    {
        name = "";
        return header.Split(',') is ["n" or "y", var identity, ""] && TrySaslName(identity, "a=", mayBeEmpty: true, out name);
    }

    // key = 1*ALPHA; value = *(VCHAR / SP / HTAB / CR / LF).
    private static bool TryPair(string pair, out string key, out string value)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        (key, value) = equals < 0 ? ("", "") : (pair[..equals], pair[(equals + 1)..]);
        return key.Length > 0 && key.All(char.IsAsciiLetter) && value.All(c => c is (>= ' ' and <= '~') or '\t' or '\r' or '\n');
    }
}
