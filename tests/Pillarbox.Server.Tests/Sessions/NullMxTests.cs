using Microsoft.Extensions.Time.Testing;

namespace Pillarbox.Server.Tests.Sessions;

/// <summary>Replies that wait for the DNS (RFC 7505 §4), and for no longer than a client can be kept waiting.</summary>
public sealed class NullMxTests
{
    [Fact]
    public async Task Dns_that_says_nothing_refuses_nobody_and_holds_nobody_up_for_long()
    {
        var time = new FakeTimeProvider();
        await using var server = await TestServer.StartAsync([("refuse-null-mx", "true"), ("domain", "example.com")], time);
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SendAsync("HELO client.example\r\n");
        await client.ReplyAsync();

        await client.SendAsync("MAIL FROM:<ann@silent.example>\r\nRCPT TO:<bob@example.com>\r\n");
        var reply = client.ReplyAsync();
        while (!reply.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(reply, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        Assert.StartsWith("250 2.1.0", await reply, StringComparison.Ordinal);
        Assert.StartsWith("250 2.1.5", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Logged, line => line.Contains("MX", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dns_that_says_nothing_is_waited_for_once_and_what_was_answered_ahead_goes_out()
    {
        var time = new FakeTimeProvider();
        await using var server = await TestServer.StartAsync([("refuse-null-mx", "true"), ("domain", "example.com")], time);
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SendAsync("HELO client.example\r\n");
        await client.ReplyAsync();

        await client.SendAsync("NOOP\r\n" + string.Concat(Enumerable.Repeat("MAIL FROM:<ann@silent.example>\r\nRSET\r\n", 50)));
        Assert.StartsWith("250 2.0.0", await client.ReplyAsync(), StringComparison.Ordinal);
        var rest = AllAsync();
        var waited = 0;
        for (; !rest.IsCompleted; waited++)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.WhenAny(rest, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        await rest;
        Assert.InRange(waited, 10, 59);

        async Task AllAsync()
        {
            for (var i = 0; i < 100; i++)
                Assert.StartsWith("250 2.", await client.ReplyAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Fault_of_the_resolver_is_logged()
    {
        await using var server = await TestServer.StartAsync(("refuse-null-mx", "true"), ("domain", "example.com"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SendAsync("HELO client.example\r\nMAIL FROM:<ann@faulty.example>\r\n");
        await client.ReplyAsync();

        Assert.StartsWith("250 2.1.0", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Contains(server.Logged, line => line.Contains("faulty.example", StringComparison.Ordinal) && line.Contains("a fault of the resolver", StringComparison.Ordinal));
    }
}
