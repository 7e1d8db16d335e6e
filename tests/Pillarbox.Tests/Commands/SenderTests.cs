using System.Net;
using Pillarbox.Commands.Send;
using Pillarbox.Delivery.Client;

namespace Pillarbox.Tests.Commands;

public sealed class SenderTests
{
    private static readonly SmtpCredentials Ann = new("ann", Guid.NewGuid().ToString());

    [Theory]
    [InlineData(TlsMode.Opportunistic, TlsMode.Required)]
    [InlineData(TlsMode.Implicit, TlsMode.Implicit)]
    public void Password_for_another_machine_goes_within_verified_tls_alone(TlsMode asked, TlsMode used)
    {
        var options = Sender.Towards(IPAddress.Parse("192.0.2.1"), new SmtpClientOptions { HelloName = "[127.0.0.1]", Tls = asked, Credentials = Ann });

        Assert.Equal((used, true, false), (options.Tls, options.VerifyCertificate, options.AllowCleartextPassword));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Loopback_is_trusted_as_it_is(string address)
    {
        var options = Sender.Towards(IPAddress.Parse(address), new SmtpClientOptions { HelloName = "[127.0.0.1]", Credentials = Ann });

        Assert.Equal((TlsMode.Opportunistic, false, true), (options.Tls, options.VerifyCertificate, options.AllowCleartextPassword));
    }

    [Fact]
    public void Without_a_password_any_certificate_is_better_than_none()
    {
        var options = new SmtpClientOptions { HelloName = "[127.0.0.1]" };

        Assert.Equal(options, Sender.Towards(IPAddress.Parse("192.0.2.1"), options));
    }
}
