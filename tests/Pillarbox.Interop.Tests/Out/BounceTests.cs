using MimeKit;
using Pillarbox.Peers;
using Pillarbox.Reference;

namespace Pillarbox.Interop.Tests.Out;

/// <summary>Bounces that leave through a Postfix.</summary>
public sealed class BounceTests
{
    [Fact]
    public async Task Bounce_in_two_languages_passes_a_postfix_unharmed()
    {
        await using var postfix = await PostfixServer.StartAsync(new PostfixSettings
        {
            Main = ["smtpd_recipient_restrictions = check_recipient_access inline:{ { nobody@destination.test = 550 5.1.1 No such user here } }, permit"],
        });
        await using var relay = await RelayServer.StartAsync($"smtp://127.0.0.1:{postfix.Port}", language: "th");

        await relay.SubmitAsync(TestMessages.Create("leading dots", TestMessages.NewSubject()), "nobody@destination.test", from: "ann@away.test");

        var stored = Assert.Single(await postfix.WaitForMessagesAsync(1));
        using var content = new MemoryStream(stored.Content);
        using var bounce = await MimeMessage.LoadAsync(content, TestContext.Current.CancellationToken);
        var report = Assert.IsType<MultipartReport>(bounce.Body);
        var words = string.Join(' ', Assert.IsType<TextPart>(report[0]).Text.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith(ReferenceLanguage.For("th").Label("bounce subject.failed"), bounce.Subject, StringComparison.Ordinal);
        Assert.Contains(ReplyReference.PlainWords(550, "5.1.1", language: "th"), words, StringComparison.Ordinal);
        Assert.Contains(ReplyReference.PlainWords(550, "5.1.1"), words, StringComparison.Ordinal);
        Assert.Equal("5.1.1", Assert.IsType<MessageDeliveryStatus>(report[1]).StatusGroups[1]["Status"]);
    }
}
