using Pillarbox.Queue;

namespace Pillarbox.Server.Tests.Sessions;

/// <summary>BDAT where it is not the conversation that matters: what is left behind, what a store's fault does, what has a bound.</summary>
public sealed class ChunkTests
{
    private const string Begin = "EHLO client.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\nBDAT 6\r\nab\r\nc\r";

    // The session closes its side after each.
    [Theory]
    [InlineData("")]
    [InlineData("BDAT 100\r\nhalf of it")]
    [InlineData("BDAT 100 LAST\r\nhalf of it")]
    [InlineData("BDAT 6 LAST\r\nabcdef")]
    [InlineData("BDAT 99999999\r\n")]
    [InlineData("BDAT nonsense\r\n")]
    [InlineData("BDAT\n")]
    [InlineData("RSET\r\nNOOP\r\n")]
    [InlineData("EHLO again.example\r\nNOOP\r\n")]
    [InlineData("HELO again.example\r\n")]
    [InlineData("QUIT\r\n")]
    public async Task Chunks_withoutALast_leaveNothing(string rest)
    {
        var store = new WatchedStore();
        await using var server = await TestServer.StartAsync([("domain", "example.com")], store: store);
        await PipedSession.SayAsync(server, [Begin, rest]);
        Assert.Equal(0, store.Open);
        Assert.Empty(await server.QueueAsync());
    }

    // Not when the session ends: with RSET.
    [Theory]
    [InlineData("RSET")]
    [InlineData("EHLO again.example")]
    [InlineData("BDAT 99999999\r\n")]
    public async Task Chunks_dropped_areGoneAtOnce(string command)
    {
        var store = new WatchedStore();
        await using var server = await TestServer.StartAsync([("domain", "example.com"), ("message-size", "100")], store: store);
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SendAsync(Begin);
        for (var i = 0; i < 4; i++)
            Assert.StartsWith("250 ", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal(1, store.Open);
        await client.SendAsync(command + "\r\n");
        await Eventually.UntilAsync(() => store.Open == 0);
    }

    [Fact]
    public async Task Chunks_connectionReset_leaveNothing()
    {
        var store = new WatchedStore();
        await using var server = await TestServer.StartAsync([("domain", "example.com")], store: store);
        await using (var client = await TestClient.ConnectAsync(server.Address))
        {
            await client.SendAsync(Begin + "BDAT 100\r\nhalf of it");
            await Eventually.UntilAsync(() => store.Open == 1);
            client.Vanish();
        }

        await Eventually.UntilAsync(() => store.Open == 0);
        Assert.Empty(await server.QueueAsync());
    }

    // A store that fails is not the sender's fault: 4yz, by DATA and BDAT and for each recipient of LMTP; the session goes on, in step.
    [Theory]
    [InlineData(false, "451 4.3.0 ")]
    [InlineData(true, "452 4.3.1 ")]
    public async Task Store_failing_getsATransientReply(bool full, string expected)
    {
        IOException fault = full ? new StorageFullException("full") : new IOException("broken");
        foreach (var role in new[] { "inbound", "lmtp" })
        {
            var hello = role == "lmtp" ? "LHLO" : "EHLO";
            var begin = $"{hello} client.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\nRCPT TO:<b@example.com>\r\n";
            var verdicts = role == "lmtp" ? 2 : 1;
            foreach (var (message, refused) in new[] { ("DATA\r\nx\r\n.\r\n", verdicts), ("BDAT 3 LAST\r\nx\r\n", verdicts), ("BDAT 3\r\nx\r\nBDAT 0 LAST\r\n", verdicts) })
            {
                var store = new WatchedStore { AcceptFault = fault };
                await using var server = await TestServer.StartAsync([("domain", "example.com"), ("role", role)], store: store);
                var said = await PipedSession.SayAsync(server, [begin + message + "NOOP\r\nQUIT\r\n"]);
                Assert.Equal(refused, said.Count(line => line.StartsWith(expected, StringComparison.Ordinal)));
                Assert.Equal(["250 2.0.0 OK", "221 2.0.0 Goodbye"], said[^2..]);
                Assert.Equal(0, store.Open);
                Assert.Contains(server.Logged, line => line.EndsWith(fault.Message, StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [InlineData("DATA\r\nx\r\n|y\r\n.\r\n", "451 4.3.0")]
    [InlineData("BDAT 6\r\nx\r\n|y\r\nBDAT 6 LAST\r\nQUIT\r\n", "451 4.3.0", "503 5.5.1")]
    [InlineData("BDAT 3\r\nx\r\n|BDAT 6 LAST\r\nQUIT\r\n", "451 4.3.0", "503 5.5.1")]
    [InlineData("BDAT 6 LAST\r\nx\r\n|y\r\n", "451 4.3.0")]
    public async Task Store_failingInTheMiddle_theRestIsNotCommands(string message, params string[] expected)
    {
        var store = new WatchedStore { FlushFault = new IOException("broken") };
        await using var server = await TestServer.StartAsync([("domain", "example.com")], store: store);
        var said = await PipedSession.SayAsync(server, ["HELO client.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\n", .. message.Split('|'), "NOOP\r\nQUIT\r\n"]);
        Assert.Equal([.. expected, "250 2.0.0", "221 2.0.0"], said[^(expected.Length + 2)..].Select(line => line[..9]));
        Assert.Equal(0, store.Open);
    }

    [Fact]
    public async Task Chunks_many_areWrittenOutAsTheyCome()
    {
        var store = new WatchedStore();
        await using var server = await TestServer.StartAsync([("domain", "example.com")], store: store);
        var line = new string('x', 998) + "\r\n";
        var said = await PipedSession.SayAsync(server,
            [Begin, "BDAT 1\r\n\n", .. Enumerable.Repeat($"BDAT 1000\r\n{line}", 500), "BDAT 0 LAST\r\n"]);
        Assert.StartsWith("250 2.0.0 OK, queued as ", said[^1], StringComparison.Ordinal);
        Assert.Equal(500_007, (await server.NewestBodyAsync()).Length);
        Assert.InRange(store.MostUnflushed, 1, 10_000);
    }

    // What is refused is read, but not for ever, and not in many pieces either.
    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public async Task Chunk_refusedAndEndless_endsTheSession(int pieces)
    {
        await using var server = await TestServer.StartAsync(("domain", "example.com"), ("message-size", "1000"));
        var size = (20 << 20) / pieces;
        var said = await PipedSession.SayAsync(server,
            ["HELO client.example\r\n", .. Enumerable.Repeat($"BDAT {size}\r\n" + new string('x', size), pieces), "NOOP\r\n"]);
        Assert.StartsWith("503 5.5.1 ", said[2], StringComparison.Ordinal);
        Assert.StartsWith("503 5.5.1 ", said[^2], StringComparison.Ordinal);
        Assert.StartsWith("421 4.7.0 ", said[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_amidChunks_letsThemFinish()
    {
        await using var server = await TestServer.StartAsync(("domain", "example.com"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SendAsync(Begin);
        for (var i = 0; i < 4; i++)
            Assert.StartsWith("250 ", await client.ReplyAsync(), StringComparison.Ordinal);
        var stopped = server.StopAsync();
        await client.SendAsync("BDAT 4\r\n\ndef");
        Assert.StartsWith("250 2.0.0 4 octets", await client.ReplyAsync(), StringComparison.Ordinal);
        await client.SendAsync("BDAT 2 LAST\r\n\r\n");
        Assert.StartsWith("250 2.0.0 OK, queued as ", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("421 4.3.2 ", await client.ReplyAsync(), StringComparison.Ordinal);
        await stopped;
        Assert.Single(await server.QueueAsync());
    }

    // The 503 of chunks that were on their way are no errors of the client: it is not thrown out for having sent them ahead.
    [Fact]
    public async Task Chunks_behindARefusedOne_areNoErrors()
    {
        await using var server = await TestServer.StartAsync(("domain", "example.com"), ("errors", "3"));
        var said = await PipedSession.SayAsync(server,
            ["HELO client.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\nBDAT 2\r\na\n", .. Enumerable.Repeat("BDAT 6\r\nQUIT\r\n", 50), "BDAT 0 LAST\r\nNOOP\r\nQUIT\r\n"]);
        Assert.Equal("550 5.5.2", said[4][..9]);
        Assert.Equal(51, said.Count(line => line.StartsWith("503 5.5.1 An earlier chunk", StringComparison.Ordinal)));
        Assert.Equal(["250 2.0.0 OK", "221 2.0.0 Goodbye"], said[^2..]);
    }
}
