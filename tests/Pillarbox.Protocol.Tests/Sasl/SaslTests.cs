using Pillarbox.Protocol.Sasl;

namespace Pillarbox.Protocol.Tests.Sasl;

public sealed class SaslTests
{
    [Fact]
    public void Plain_message_isTakenApart()
    {
        var step = SaslExchange.Create("plain"u8, SaslContext.None)!.Respond("admin\0tim\0tanstaaf tanstaaf"u8);
        Assert.Equal((SaslStepKind.Password, "admin", "tim", "tanstaaf tanstaaf"), (step.Kind, step.AuthorizationId, step.Name, step.Password));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tim")]
    [InlineData("\0tim")]
    [InlineData("\0\0secret")]
    [InlineData("\0tim\0a\0b")]
    public void Plain_malformed_isSaidSoOnce(string response) =>
        Assert.Equal(SaslStepKind.Malformed, SaslExchange.Create("PLAIN"u8, SaslContext.None)!.Respond(System.Text.Encoding.UTF8.GetBytes(response)).Kind);

    [Fact]
    public void Plain_invalidUtf8_isMalformed() =>
        Assert.Equal(SaslStepKind.Malformed, SaslExchange.Create("PLAIN"u8, SaslContext.None)!.Respond([0, 0xff, 0, (byte)'x']).Kind);

    [Fact]
    public void Login_twoResponses_nameThenPassword()
    {
        var login = SaslExchange.Create("LOGIN"u8, SaslContext.None)!;
        Assert.Equal("VXNlcm5hbWU6", login.Begin().Challenge);
        Assert.Equal("UGFzc3dvcmQ6", login.Respond("ann"u8).Challenge);
        var step = login.Respond("secret"u8);
        Assert.Equal((SaslStepKind.Password, "ann", "secret"), (step.Kind, step.Name, step.Password));
    }

    [Fact]
    public void Create_unknownMechanism_isNone() => Assert.Null(SaslExchange.Create("KERBEROS_V4"u8, SaslContext.None));
}
