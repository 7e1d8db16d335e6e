using System.Text;
using Pillarbox.Protocol.Sasl;

namespace Pillarbox.Protocol.Tests.Sasl;

public sealed class CramMd5Tests
{
    [Fact]
    public void CramMd5_exampleOfRfc2195_goesThrough()
    {
        var exchange = SaslExchange.Create("CRAM-MD5"u8, new SaslContext { Nonce = () => "1896.697170952", Hostname = "postoffice.reston.mci.net" })!;
        Assert.Equal("PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+", exchange.Begin().Challenge);
        Assert.Equal((SaslStepKind.Credential, "tim"), Named(exchange.Respond("tim b913a602c7eda7a495b4e6e7334d3890"u8)));
        Assert.Equal(SaslStepKind.Proven, exchange.Supply(new SharedSecret(Encoding.ASCII.GetBytes("tanstaaftanstaaf"))).Kind);
    }

    [Fact]
    public void CramMd5_anotherSecretOrNone_isRefused()
    {
        foreach (var secret in new ReadOnlyMemory<byte>?[] { Encoding.ASCII.GetBytes("other"), null })
        {
            var exchange = SaslExchange.Create("CRAM-MD5"u8, new SaslContext { Nonce = () => "n" })!;
            exchange.Begin();
            // The digest of an empty secret: a name that is not there must not be opened by it.
#pragma warning disable CA5351 // The mechanism is defined with MD5.
            var digest = System.Security.Cryptography.HMACMD5.HashData([], "<n@localhost>"u8);
#pragma warning restore CA5351
            exchange.Respond(Encoding.ASCII.GetBytes($"tim {Convert.ToHexStringLower(digest)}"));
            Assert.Equal(SaslStepKind.Refused, exchange.Supply(new SharedSecret(secret)).Kind);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("tim")]
    [InlineData("tim b913")]
    [InlineData(" b913a602c7eda7a495b4e6e7334d3890")]
    [InlineData("tim b913a602c7eda7a495b4e6e7334d389z")]
    public void CramMd5_malformed_isSaidSo(string response)
    {
        var exchange = SaslExchange.Create("CRAM-MD5"u8, new SaslContext { Nonce = () => "n" })!;
        exchange.Begin();
        Assert.Equal(SaslStepKind.Malformed, exchange.Respond(Encoding.ASCII.GetBytes(response)).Kind);
    }

    [Fact]
    public void CramMd5_initialResponse_isMalformed() =>
        Assert.Equal(SaslStepKind.Malformed, SaslExchange.Create("CRAM-MD5"u8, SaslContext.None)!.Respond("tim b913a602c7eda7a495b4e6e7334d3890"u8).Kind);

    private static (SaslStepKind Kind, string Name) Named(SaslStep step) => (step.Kind, step.Name);
}
