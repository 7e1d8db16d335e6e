using System.Text.Json;

namespace Pillarbox.Protocol.Sasl;

/// <summary>
/// XOAUTH2, which Google and Microsoft had ahead of any standard: <c>user=NAME^Aauth=Bearer TOKEN^A^A</c>, where <c>^A</c> is %x01
/// (developers.google.com/workspace/gmail/imap/xoauth2-protocol).
/// </summary>
internal sealed class XOAuth2Exchange : BearerExchange
{
    public override string Mechanism => "XOAUTH2";

    protected override bool TryRead(string message, out string name, out string token)
    {
        (name, token) = ("", "");
        if (message.Split(Separator) is not [['u', 's', 'e', 'r', '=', .. var user], ['a', 'u', 't', 'h', '=', .. var authorization], "", ""])
            return false;
        name = user;
        return !user.Any(char.IsControl) && TryToken(authorization, out token);
    }

    // What Google answers, which clients were made for: the status is that of HTTP.
    protected override void Describe(Utf8JsonWriter json, TokenRefusal refusal)
    {
        json.WriteString("status", refusal.LacksScope ? "403" : "401");
        json.WriteString("schemes", "Bearer");
        if (refusal.Scope.Length > 0)
            json.WriteString("scope", refusal.Scope);
    }
}
