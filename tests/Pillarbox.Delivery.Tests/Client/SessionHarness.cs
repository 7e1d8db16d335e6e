using System.Collections.Concurrent;
using System.Text;
using Pillarbox.Delivery.Client;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Delivery.Tests.Client;

/// <summary>What the session tests share.</summary>
internal static class SessionHarness
{
    public static SmtpClientOptions Options => new() { HelloName = "relay.test" };

    public static CancellationToken Patience => TestContext.Current.CancellationToken;

    public static Task<SmtpConnectOutcome> ConnectAsync(this ScriptedServer server, SmtpClientOptions? options = null, TimeProvider? time = null) =>
        SmtpClientSession.ConnectAsync(
            new SmtpServerAddress("scripted.test", server.Address), options ?? Options, time ?? TimeProvider.System, Patience);

    public static async Task<SmtpClientSession> OpenAsync(this ScriptedServer server, SmtpClientOptions? options = null, TimeProvider? time = null)
    {
        var outcome = await server.ConnectAsync(options, time);
        Assert.True(outcome.Session is not null, outcome.Failure?.ToString());
        return outcome.Session!;
    }

    public static OutgoingMessage Message(string to = "bob@sink.test", string content = "Subject: hello\r\n\r\nworld\r\n", string? from = "ann@source.test") =>
        OutgoingMessage.FromContent(
            from is null ? null : Mailbox.Parse(from), [.. to.Split(',').Select(Mailbox.Parse)], Encoding.UTF8.GetBytes(content));

    /// <summary>Sends a message to one recipient.</summary>
    public static async Task<Verdict> SendOneAsync(this SmtpClientSession session, OutgoingMessage? message = null) =>
        Assert.Single(await session.SendAsync(message ?? Message(), Patience));
}

internal sealed class RecordingObserver : ISmtpObserver
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public void Command(string line) => Lines.Enqueue($"C: {line}");

    public void Reply(RemoteReply reply) => Lines.Enqueue($"S: {reply}");

    public void Note(string text) => Lines.Enqueue($"-- {text}");
}
