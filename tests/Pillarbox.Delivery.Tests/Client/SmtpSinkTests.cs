using System.Net;
using Pillarbox.Delivery.Client;
using Pillarbox.Peers;

namespace Pillarbox.Delivery.Tests.Client;

/// <summary>The client against smtp-sink in its moods.</summary>
public sealed class SmtpSinkTests
{
    [Theory]
    [InlineData("-e")] // no ESMTP
    [InlineData("-p")] // no PIPELINING
    [InlineData("-8")] // no 8BITMIME
    [InlineData("-E")] // no ENHANCEDSTATUSCODES
    [InlineData("-v")]
    public async Task Plain_message_gets_through_whatever_is_not_offered(string option)
    {
        var (first, second) = await SendTwoAsync("Subject: x\r\n\r\n.\r\nplain\r\n", option);

        Assert.Equal(Disposition.Delivered, first.Disposition);
        Assert.Equal(Disposition.Delivered, second.Disposition);
    }

    [Theory]
    [InlineData("-f", "MAIL", Disposition.Failed)]
    [InlineData("-f", "RCPT", Disposition.Failed)]
    [InlineData("-f", "DATA", Disposition.Failed)]
    [InlineData("-f", ".", Disposition.Failed)]
    [InlineData("-r", "MAIL", Disposition.Deferred)]
    [InlineData("-r", "RCPT", Disposition.Deferred)]
    [InlineData("-r", "DATA", Disposition.Deferred)]
    [InlineData("-r", ".", Disposition.Deferred)]
    public async Task Refusal_of_any_step_leaves_the_session_usable(string option, string command, Disposition expected)
    {
        foreach (var pipelining in new[] { true, false })
        {
            string[] options = pipelining ? [option, command] : [option, command, "-p"];
            var (first, second) = await SendTwoAsync("Subject: x\r\n\r\nplain\r\n", options);

            Assert.Equal(expected, first.Disposition);
            Assert.Equal(expected, second.Disposition);
        }
    }

    [Theory]
    [InlineData("MAIL", false)]
    [InlineData("RCPT", false)]
    [InlineData("DATA", false)]
    [InlineData(".", true)]
    public async Task Hanging_up_at_any_step_defers(string command, bool maybe)
    {
        await using var sink = await SmtpSink.StartAsync(keep: false, "-q", command);
        await using var session = await OpenAsync(sink);

        var verdict = await session.SendOneAsync();

        Assert.Equal(Disposition.Deferred, verdict.Disposition);
        Assert.Equal(maybe, verdict.Text.Contains("may have been delivered", StringComparison.Ordinal));
        Assert.False(session.IsUsable);
    }

    private static async Task<(Verdict First, Verdict Second)> SendTwoAsync(string content, params string[] options)
    {
        await using var sink = await SmtpSink.StartAsync(keep: false, options);
        var session = await OpenAsync(sink);
        var first = await session.SendOneAsync(SessionHarness.Message(content: content));
        Assert.True(session.IsUsable, first.ToString());
        var second = await session.SendOneAsync(SessionHarness.Message(content: content));
        await session.QuitAsync();
        return (first, second);
    }

    private static async Task<SmtpClientSession> OpenAsync(SmtpSink sink)
    {
        var outcome = await SmtpClientSession.ConnectAsync(
            new SmtpServerAddress("sink.test", new IPEndPoint(IPAddress.Loopback, sink.Port)), SessionHarness.Options, TimeProvider.System,
            SessionHarness.Patience);
        Assert.True(outcome.Session is not null, outcome.Failure?.ToString());
        return outcome.Session!;
    }
}
