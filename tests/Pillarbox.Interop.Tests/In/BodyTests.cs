using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.In;

/// <summary>What is handed over is what the API gives, octet by octet.</summary>
public sealed class BodyTests(EvaluationServer server) : IClassFixture<EvaluationServer>
{
    public static TheoryData<string> Names => [.. TestMessages.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Captured_message_is_byte_for_byte_what_was_sent(string name)
    {
        var subject = TestMessages.NewSubject();
        var message = TestMessages.Create(name, subject);

        await using var conversation = await SmtpConversation.ConnectAsync(server.Process.SmtpPort);
        await conversation.ExpectAsync("EHLO client.test", "250");
        var reply = await conversation.TransactAsync(message, "ann@source.test", "bob@destination.test");

        Assert.StartsWith("250 2.0.0 ", reply, StringComparison.Ordinal);
        Assert.Contains(" queued as ", reply, StringComparison.Ordinal);
        Assert.Equal(message, await server.WaitForRawAsync(subject));
        Assert.StartsWith("221 2.0.0 ", await conversation.CommandAsync("QUIT"), StringComparison.Ordinal);
        Assert.Equal("", await conversation.ReadReplyAsync());
    }
}
