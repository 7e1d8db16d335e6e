using System.Diagnostics;
using System.Text.RegularExpressions;
using Pillarbox.Reference;

namespace Pillarbox.Tests.Commands;

public sealed partial class QueueCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Show_explains_the_last_reply_in_the_language_that_was_chosen()
    {
        // Port 1 of loopback: nothing of this system listens there.
        var file = _directory.Write("pillarbox.toml", $"""
            hostname = "relay.test"
            data = "{_directory.Path}/data"
            [[listeners]]
            name = "relay"
            address = "127.0.0.1:0"
            role = "submission"
            relay-from = ["127.0.0.0/8"]
            [[routes]]
            to = "*"
            via = "smtp://127.0.0.1:1"
            [queue]
            store = "memory"
            [console]
            address = "127.0.0.1:0"
            """);
        await using var server = await RunningServer.StartAsync("--config", file);
        var id = await SubmitAsync(server);

        var shown = await DeferredAsync("queue", "show", id, "--console", $"{server.Console}", "--data", $"{_directory.Path}/data", "--lang", "th");

        var name = ReplyReference.Explain(null, "4.4.1", new(Language: "th"))!.Name;
        Assert.Contains("\n          4.4.1 cannot connect to 127.0.0.1", shown, StringComparison.Ordinal);
        Assert.Contains($"\n            4.4.1 {name}\n", shown, StringComparison.Ordinal);
        Assert.Contains($"            {ReferenceLanguage.For("th").Label("label meaning")} ", shown, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static async Task<string> SubmitAsync(RunningServer server)
    {
        using var client = await SmtpDialogue.ConnectAsync(server.Smtp[0]);
        await client.ReadAsync();
        await client.SayAsync("EHLO client.example.org");
        await client.SayAsync("MAIL FROM:<ann@example.org>");
        await client.SayAsync("RCPT TO:<bob@example.net>");
        await client.SayAsync("DATA");
        var reply = await client.SayAsync("Subject: later\r\n\r\nHello\r\n.");
        return QueuedAs().Match(reply).Groups[1].Value;
    }

    private static async Task<string> DeferredAsync(params string[] arguments)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var finished = await BuiltProgram.RunAsync(arguments);
            Assert.Equal((0, ""), (finished.ExitCode, finished.Error));
            if (finished.Output.Contains("deferred", StringComparison.Ordinal))
                return finished.Output;
            Assert.True(waited.Elapsed < BuiltProgram.Patience, finished.Output);
        }
    }

    [GeneratedRegex("queued as ([0-9A-Z]{13})$")]
    private static partial Regex QueuedAs();
}
