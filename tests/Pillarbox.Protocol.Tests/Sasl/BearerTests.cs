using System.Text;
using Pillarbox.Protocol.Sasl;

namespace Pillarbox.Protocol.Tests.Sasl;

/// <summary>OAUTHBEARER against the examples of RFC 7628 §4, XOAUTH2 against Google's, EXTERNAL, and clients that do them wrong.</summary>
public sealed class BearerTests
{
    private const string Token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==";

    [Theory]
    [InlineData("n,a=user@example.com,\u0001host=server.example.com\u0001port=143\u0001auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\u0001\u0001", "user@example.com")]
    [InlineData("y,a=a=2Cb=3Dc,\u0001auth=bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\u0001\u0001", "a,b=c")]
    [InlineData("n,,\u0001auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\u0001mtd=x y\r\n\u0001\u0001", "")]
    public void OAuthBearer_message_isTakenApart(string message, string name) => Assert.Equal((name, Token), Taken("OAUTHBEARER", message));

    [Theory]
    [InlineData("n,a=user@example.com,\u0001host=server.example.com\u0001port=143\u0001\u0001")]
    [InlineData("n,a=user@example.com,\u0001auth=\u0001\u0001")]
    public void OAuthBearer_withoutAToken_isAskedWhatWouldDo(string message) => Assert.Equal(("user@example.com", ""), Taken("OAUTHBEARER", message));

    [Theory]
    [InlineData("")]
    [InlineData("\u0001")]
    [InlineData("n,,")]
    [InlineData("n,,\u0001")]
    [InlineData("n,,\u0001\u0001x")]
    [InlineData("n,,\u0001auth=Bearer x\u0001")]
    [InlineData("n,,\u0001auth=Bearer x\u0001\u0001\u0001")]
    [InlineData("n,,\u0001auth=Bearer x\u0001auth=Bearer y\u0001\u0001")]
    [InlineData("n,,\u0001auth=Basic x\u0001\u0001")]
    [InlineData("n,,\u0001auth=Bearer x y\u0001\u0001")]
    [InlineData("n,,\u0001auth=Bearer x\u00e9\u0001\u0001")]
    [InlineData("n,,\u0001auth\u0001\u0001")]
    [InlineData("n,,\u0001=x\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("n,,\u0001h0st=x\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("n,,\u0001host=\x7f\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("n,a=,\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("n,b=ann,\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("n,a=an=n,\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("n,a=ann\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("p=tls-exporter,,\u0001auth=Bearer x\u0001\u0001")]
    [InlineData(",,\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("user=ann\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("n,,\u0001auth=Bearer x\0\u0001\u0001")]
    public void OAuthBearer_malformed_isSaidSo(string message) => Assert.Equal(SaslStepKind.Malformed, Exchange("OAUTHBEARER").Respond(Encoding.UTF8.GetBytes(message)).Kind);

    [Fact]
    public void XOAuth2_exampleOfGoogle_isTakenApart()
    {
        const string Example = "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ==";
        Assert.Equal(("someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg"), Taken("XOAUTH2", Encoding.UTF8.GetString(Convert.FromBase64String(Example))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("user=ann")]
    [InlineData("user=ann\u0001")]
    [InlineData("user=ann\u0001auth=Bearer x\u0001")]
    [InlineData("user=ann\u0001auth=Bearer x\u0001\u0001\u0001")]
    [InlineData("user=ann\u0001auth=Bearer x\u0001auth=Bearer y\u0001\u0001")]
    [InlineData("auth=Bearer x\u0001user=ann\u0001\u0001")]
    [InlineData("user=ann\u0001auth=x\u0001\u0001")]
    [InlineData("user=ann\n\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("n,a=ann,\u0001auth=Bearer x\u0001\u0001")]
    public void XOAuth2_malformed_isSaidSo(string message) => Assert.Equal(SaslStepKind.Malformed, Exchange("XOAUTH2").Respond(Encoding.UTF8.GetBytes(message)).Kind);

    [Theory]
    [InlineData("OAUTHBEARER", "n,a=ann,\u0001auth=Bearer x\u0001\u0001", "\u0001", "{\"status\":\"invalid_token\",\"scope\":\"smtp mail\",\"openid-configuration\":\"https://id.example.org/.well-known/openid-configuration\"}")]
    [InlineData("XOAUTH2", "user=ann\u0001auth=Bearer x\u0001\u0001", "", "{\"status\":\"401\",\"schemes\":\"Bearer\",\"scope\":\"smtp mail\"}")]
    public void Token_thatIsNotTaken_isToldOfAheadOfTheVerdict(string mechanism, string message, string answer, string challenge)
    {
        var exchange = Exchange(mechanism);
        Assert.Equal(SaslStepKind.Token, exchange.Respond(Encoding.UTF8.GetBytes(message)).Kind);
        var told = exchange.Reject(new TokenRefusal(LacksScope: false, "smtp mail", "https://id.example.org/.well-known/openid-configuration"));
        Assert.Equal((SaslStepKind.Challenge, challenge), (told.Kind, Encoding.UTF8.GetString(Convert.FromBase64String(told.Challenge))));
        var verdict = exchange.Respond(Encoding.UTF8.GetBytes(answer));
        Assert.Equal((SaslStepKind.Refused, "ann"), (verdict.Kind, verdict.Name));
    }

    [Theory]
    [InlineData("OAUTHBEARER", "n,,\u0001auth=Bearer x\u0001\u0001", "insufficient_scope")]
    [InlineData("XOAUTH2", "user=ann\u0001auth=Bearer x\u0001\u0001", "403")]
    public void Token_thatLacksAScope_isToldOfSo(string mechanism, string message, string status)
    {
        var exchange = Exchange(mechanism);
        exchange.Respond(Encoding.UTF8.GetBytes(message));
        Assert.Contains($"\"{status}\"", Encoding.UTF8.GetString(Convert.FromBase64String(exchange.Reject(new TokenRefusal(true, "smtp", "")).Challenge)), StringComparison.Ordinal);
    }

    [Fact]
    public void Challenge_thatWouldBeTooLongForALine_isCutToItsStatus()
    {
        var exchange = Exchange("OAUTHBEARER");
        exchange.Respond("n,,\u0001auth=Bearer x\u0001\u0001"u8);
        var challenge = exchange.Reject(new TokenRefusal(false, new string('s', 400), "https://id.example.org"));
        Assert.Equal("{\"status\":\"invalid_token\"}", Encoding.UTF8.GetString(Convert.FromBase64String(challenge.Challenge)));
    }

    [Fact]
    public void Reject_aheadOfAToken_isMalformed() => Assert.Equal(SaslStepKind.Malformed, Exchange("XOAUTH2").Reject(default).Kind);

    [Theory]
    [InlineData("")]
    [InlineData("ann@example.org")]
    [InlineData("\u0e2a\u0e21\u0e0a\u0e32\u0e22")]
    public void External_message_isWhoToActAs(string identity)
    {
        var step = Exchange("EXTERNAL").Respond(Encoding.UTF8.GetBytes(identity));
        Assert.Equal((SaslStepKind.Certificate, identity), (step.Kind, step.AuthorizationId));
    }

    [Fact]
    public void External_malformed_isSaidSo()
    {
        Assert.Equal(SaslStepKind.Malformed, Exchange("EXTERNAL").Respond("ann\0"u8).Kind);
        Assert.Equal(SaslStepKind.Malformed, Exchange("EXTERNAL").Respond([0xff]).Kind);
    }

    [Fact]
    public void AnyBytes_getAStepAndNeverAnException()
    {
        var random = new Random(7628);
        var alphabet = "nya=,\u0001\u0001user=auth=Bearer host=1\0\u00e9"u8.ToArray();
        for (var i = 0; i < 50_000; i++)
        {
            var exchange = Exchange(i % 2 == 0 ? "OAUTHBEARER" : "XOAUTH2");
            var bytes = new byte[random.Next(60)];
            for (var at = 0; at < bytes.Length; at++)
                bytes[at] = alphabet[random.Next(alphabet.Length)];
            var step = exchange.Respond(bytes);
            Assert.True(step.Kind is SaslStepKind.Malformed or SaslStepKind.Token);
            if (step.Kind == SaslStepKind.Token)
                Assert.DoesNotContain('\u0001', step.Name + step.Token);
        }
    }

    private static (string Name, string Token) Taken(string mechanism, string message)
    {
        var step = Exchange(mechanism).Respond(Encoding.UTF8.GetBytes(message));
        Assert.Equal(SaslStepKind.Token, step.Kind);
        return (step.Name, step.Token);
    }

    private static SaslExchange Exchange(string mechanism) => SaslExchange.Create(Encoding.ASCII.GetBytes(mechanism), SaslContext.None)!;
}
