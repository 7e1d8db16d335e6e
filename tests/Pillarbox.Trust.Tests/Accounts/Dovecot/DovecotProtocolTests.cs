using System.Net.Sockets;
using System.Text;
using Pillarbox.Peers;
using Pillarbox.Trust.Accounts;
using Pillarbox.Trust.Accounts.Dovecot;

namespace Pillarbox.Trust.Tests.Accounts.Dovecot;

/// <summary>Against sockets that say what no Dovecot would.</summary>
public sealed class DovecotProtocolTests : IDisposable
{
    private const string Greeting = "VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t00\nDONE\n";

    private readonly Reports _reports = new();
    private readonly TempDirectory _directory = new("dovecot");

    private string Path => _directory["socket"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("OK\t{id}\tuser=ann\n", LoginOutcome.Verified)]
    [InlineData("OK\t{id}\tuser=ann\tsenders=@example.org\tother=x\n", LoginOutcome.Verified)]
    [InlineData("OK\t{id}\tuser=ann\treason=proxy nologin\n", LoginOutcome.Verified)]
    [InlineData("OK\t{id}\tuser=ann\tproxy\thost=127.0.0.1\n", LoginOutcome.Unavailable)]
    [InlineData("OK\t{id}\tuser=ann\tproxy=y\thost=127.0.0.1\n", LoginOutcome.Unavailable)]
    [InlineData("OK\t{id}\tuser=ann\tnologin\tproxy\n", LoginOutcome.Unavailable)]
    [InlineData("OK\t{id}\tuser=ann\tnologin\treason=closed\n", LoginOutcome.Disabled)]
    [InlineData("OK\t{id}\tuser=ann\tnologin=y\n", LoginOutcome.Disabled)]
    [InlineData("FAIL\t{id}\n", LoginOutcome.Refused)]
    [InlineData("FAIL\t{id}\tuser=ann\tauthz\n", LoginOutcome.Refused)]
    [InlineData("FAIL\t{id}\tuser=temp\n", LoginOutcome.Refused)]
    [InlineData("FAIL\t{id}\ttemp\n", LoginOutcome.Unavailable)]
    [InlineData("FAIL\t{id}\tcode=temp_fail\n", LoginOutcome.Unavailable)]
    [InlineData("FAIL\t{id}\tuser_disabled\n", LoginOutcome.Disabled)]
    [InlineData("FAIL\t{id}\tcode=user_disabled\n", LoginOutcome.Disabled)]
    [InlineData("FAIL\t{id}\tpass_expired\n", LoginOutcome.MustChangePassword)]
    [InlineData("FAIL\t{id}\tcode=pass_expired\n", LoginOutcome.MustChangePassword)]
    [InlineData("FUTURE\tthing\nOK\t{id}\tuser=ann\n", LoginOutcome.Verified)]
    [InlineData("CONT\t{id}\t\n", LoginOutcome.Unavailable)]
    [InlineData("OK\t{id}\n", LoginOutcome.Unavailable)]
    [InlineData("OK\t{id}\tuser=\n", LoginOutcome.Unavailable)]
    [InlineData("OK\t{id}\tuser=ann\tsenders=everything\n", LoginOutcome.Unavailable)]
    [InlineData("OK\n", LoginOutcome.Unavailable)]
    [InlineData("OK\t-1\tuser=ann\n", LoginOutcome.Unavailable)]
    [InlineData("OK\t0\tuser=ann\n", LoginOutcome.Unavailable)]
    [InlineData("OK\t4294967296\tuser=ann\n", LoginOutcome.Unavailable)]
    [InlineData("OK\t7\tuser=ann\n", LoginOutcome.Unavailable)]
    [InlineData("OK\t7\tuser=ann\nOK\t{id}\tuser=ann\n", LoginOutcome.Unavailable)]
    [InlineData("OK\t{id}\tuser=ann", LoginOutcome.Unavailable)]
    [InlineData("", LoginOutcome.Unavailable)]
    public async Task Reply_to_a_login_comes_to_its_outcome(string reply, LoginOutcome outcome)
    {
        var served = ServeAsync(Greeting, reply);
        await using var source = Open(TimeSpan.FromSeconds(30));

        Assert.Equal(outcome, (await source.VerifyPasswordAsync("ann", "secret", Cancel)).Outcome);

        Assert.Equal(outcome == LoginOutcome.Unavailable ? 1 : 0, _reports.Lines.Count);
        Assert.Contains("\tresp=AGFubgBzZWNyZXQ=\n", await served, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("220 this is no Dovecot\r\n")]
    [InlineData("VERSION\t2\t0\nMECH\tPLAIN\nDONE\n")]
    [InlineData("VERSION\t1\t2\nDONE\n")]
    [InlineData("VERSION\t1\t2\nMECH\tCRAM-MD5\nDONE\n")]
    [InlineData("MECH\tPLAIN\nDONE\n")]
    [InlineData("VERSION\t1\t2\nMECH\tPLAIN")]
    public async Task Greeting_that_is_not_Dovecots_is_no_answer(string greeting)
    {
        var served = ServeAsync(greeting, null);
        await using var source = Open(TimeSpan.FromSeconds(30));

        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", "secret", Cancel)).Outcome);

        Assert.Single(_reports.Lines);
        Assert.DoesNotContain("AUTH", await served, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_without_an_end_is_read_no_further_than_its_limit()
    {
        var served = ServeAsync(Greeting, new string('x', 100_000));
        await using var source = Open(TimeSpan.FromSeconds(30));

        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", "secret", Cancel)).Outcome);

        Assert.Contains("8192", Assert.Single(_reports.Lines), StringComparison.Ordinal);
        await served;
    }

    [Fact]
    public async Task Greeting_without_an_end_is_given_up()
    {
        var served = ServeAsync("VERSION\t1\t2\n" + string.Concat(Enumerable.Repeat("MECH\tX\n", 1000)), null);
        await using var source = Open(TimeSpan.FromSeconds(30));

        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", "secret", Cancel)).Outcome);
        await served;
    }

    [Fact]
    public async Task Socket_that_says_nothing_is_waited_for_no_longer_than_the_limit_and_another_connection_is_made()
    {
        using var listener = Listen();
        await using var source = Open(TimeSpan.FromSeconds(1));

        // The first says nothing at all, the second nothing after its greeting, the third what it should.
        var first = source.VerifyPasswordAsync("ann", "secret", Cancel).AsTask();
        using var silent = await listener.AcceptAsync(Cancel);
        Assert.Equal(LoginOutcome.Unavailable, (await first).Outcome);

        var second = source.VerifyPasswordAsync("ann", "secret", Cancel).AsTask();
        using var stalled = await listener.AcceptAsync(Cancel);
        await stalled.SendAsync(Encoding.ASCII.GetBytes(Greeting), Cancel);
        Assert.Equal(LoginOutcome.Unavailable, (await second).Outcome);

        await using var patient = Open(TimeSpan.FromSeconds(30));
        var third = patient.VerifyPasswordAsync("ann", "secret", Cancel).AsTask();
        using var awake = await listener.AcceptAsync(Cancel);
        await awake.SendAsync(Encoding.ASCII.GetBytes(Greeting), Cancel);
        await ReadUntilAsync(awake, "resp=");
        await awake.SendAsync("OK\t1\tuser=ann\n"u8.ToArray(), Cancel);
        Assert.Equal(LoginOutcome.Verified, (await third).Outcome);

        // Nothing was heard on the second connection, so the first source makes a new one too.
        _ = source.VerifyPasswordAsync("ann", "secret", Cancel).AsTask();
        using var anew = await listener.AcceptAsync(Cancel);
    }

    [Fact]
    public async Task Socket_that_is_not_there_is_no_answer()
    {
        await using var source = Open(TimeSpan.FromSeconds(30));

        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", "secret", Cancel)).Outcome);
        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", "secret", Cancel)).Outcome);

        Assert.Contains(Path, Assert.Single(_reports.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\tb\nc\rd\0e\u0001f", "a\u0001tb\u0001nc\u0001rd\u00010e\u00011f")]
    [InlineData("\u0001t", "\u00011t")]
    public void Field_is_escaped_and_read_back(string field, string written)
    {
        Assert.Equal(written, DovecotLine.Escaped(field));
        Assert.Equal(["x", field], DovecotLine.Split("x\t" + written));
    }

    [Theory]
    [InlineData("\u0001", "\u0001")]
    [InlineData("\u0001x", "x")]
    public void Escape_that_is_none_is_taken_as_it_stands(string written, string field) => Assert.Equal([field], DovecotLine.Split(written));

    public void Dispose() => _directory.Dispose();

    private DovecotAccountSource Open(TimeSpan limit) => new(Path, limit, _reports.Add, TimeProvider.System);

    private Socket Listen()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen();
        return listener;
    }

    // Says its greeting, and once it was asked the reply; tells all that it was sent.
    private Task<string> ServeAsync(string greeting, string? reply)
    {
        var listener = Listen();
        return Task.Run(async () =>
        {
            using (listener)
            {
                using var socket = await listener.AcceptAsync(Cancel);
                await socket.SendAsync(Encoding.ASCII.GetBytes(greeting), Cancel);
                var heard = "";
                if (reply is not null)
                {
                    heard = await ReadUntilAsync(socket, "resp=");
                    var id = heard[(heard.IndexOf("AUTH\t", StringComparison.Ordinal) + 5)..].Split('\t')[0];
                    await TrySendAsync(socket, reply.Replace("{id}", id, StringComparison.Ordinal));
                }

                socket.Shutdown(SocketShutdown.Send);
                return heard + await ReadUntilAsync(socket, null);
            }
        }, Cancel);
    }

    private static async Task TrySendAsync(Socket socket, string text)
    {
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(text), Cancel);
        }
        catch (SocketException)
        {
            // Who was sent too much has gone.
        }
    }

    private static async Task<string> ReadUntilAsync(Socket socket, string? end)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (end is null || !(text.ToString().Contains(end, StringComparison.Ordinal) && text[^1] == '\n'))
        {
            try
            {
                if (await socket.ReceiveAsync(buffer, Cancel) is > 0 and var count)
                {
                    text.Append(Encoding.ASCII.GetString(buffer, 0, count));
                    continue;
                }
            }
            catch (SocketException)
            {
                // It was cut off while more was on its way to it.
            }

            break;
        }

        return text.ToString();
    }
}
