using Pillarbox.Delivery.Routing;

namespace Pillarbox.Delivery.Tests.Routing;

public sealed class TargetTests
{
    public static TheoryData<string, DeliveryTarget> Good => new()
    {
        { "mx", new DeliveryTarget.Mx() },
        { "capture", new DeliveryTarget.Capture() },
        { "discard", new DeliveryTarget.Discard() },
        { "maildir:/srv/mail/{domain}/{local}", new DeliveryTarget.Maildir("/srv/mail/{domain}/{local}") },
        { "smtp://mx.test:2525", new DeliveryTarget.Smarthost("mx.test", 2525) },
        { "smtp://mx.test", new DeliveryTarget.Smarthost("mx.test", 25) },
        { "smtps://mx.test", new DeliveryTarget.Smarthost("mx.test", 465, ImplicitTls: true) },
        { "smtp://[2001:db8::1]:26", new DeliveryTarget.Smarthost("2001:db8::1", 26) },
        { "smtp://192.0.2.1:26", new DeliveryTarget.Smarthost("192.0.2.1", 26) },
        { "lmtp://mail.test:2424", new DeliveryTarget.Lmtp("mail.test", 2424) },
        { "lmtp://[::1]", new DeliveryTarget.Lmtp("::1", 24) },
        { "smtps://ann%40example.org:p%3Aw@rd@mx.test:465", new DeliveryTarget.Smarthost("mx.test", 465, true, "ann@example.org", "p:w@rd") },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Target_is_read(string text, DeliveryTarget expected)
    {
        Assert.True(DeliveryTarget.TryParse(text, out var target, out var error), error);
        Assert.Equal(expected, target);
    }

    [Theory]
    [InlineData("", "no such target")]
    [InlineData("MX", "no such target")]
    [InlineData("smtp:mx.test", "no such target")]
    [InlineData("lmtp://", "HOST:PORT")]
    [InlineData("lmtp://ann:pw@mx.test:24", "HOST:PORT")]
    [InlineData("lmtp://mx.test:25", "port 25 is for SMTP")]
    [InlineData("https://hook.test/", "not available yet")]
    [InlineData("maildir:", "a path is missing")]
    [InlineData("maildir:/srv/{user}", "{user}")]
    [InlineData("maildir:/srv/{local", "{local")]
    [InlineData("smtp://", "HOST:PORT")]
    [InlineData("smtp://mx.test:", "HOST:PORT")]
    [InlineData("smtp://mx.test:0", "HOST:PORT")]
    [InlineData("smtp://mx.test:65536", "HOST:PORT")]
    [InlineData("smtp://mx.test:+25", "HOST:PORT")]
    [InlineData("smtp://mx.test/path", "HOST:PORT")]
    [InlineData("smtp://2001:db8::1:25", "HOST:PORT")]
    [InlineData("smtp://[mx.test]:25", "HOST:PORT")]
    [InlineData("smtp://ann@mx.test", "USER:PASSWORD")]
    [InlineData("smtp://ann:a%00b@mx.test", "NUL")]
    public void Fault_is_said(string text, string expected)
    {
        Assert.False(DeliveryTarget.TryParse(text, out _, out var error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Password_shows_in_no_text()
    {
        var password = Guid.NewGuid().ToString("N");

        Assert.DoesNotContain(password, Rig.Target($"smtp://ann:{password}@mx.test:25").ToString(), StringComparison.Ordinal);
    }
}
