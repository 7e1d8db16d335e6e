using System.Text;
using Microsoft.Extensions.Time.Testing;
using Pillarbox.Delivery.Client;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Delivery.Tests.Client;

public sealed class OpeningTests
{
    private static SmtpCredentials Credentials { get; } = new("ann", Guid.NewGuid().ToString("N"));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    [Fact]
    public async Task Server_that_knows_no_ehlo_gets_helo_and_no_parameters()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.SayAsync("220 old.test");
            await peer.AnswerAsync("EHLO", "502 what?");
            await peer.AnswerAsync("HELO relay.test", "250 old.test");
            Assert.Equal("MAIL FROM:<ann@source.test>", await peer.HearAsync());
            await peer.SayAsync("250 ok");
            await peer.AnswerAsync("RCPT", "250 ok");
            await peer.AnswerAsync("DATA", "354 go on");
            await peer.MessageAsync();
            await peer.SayAsync("250 ok");
        });
        await using var session = await server.OpenAsync();

        Assert.Equal(Disposition.Delivered, (await session.SendOneAsync()).Disposition);
    }

    [Theory]
    [InlineData("554 5.3.2 no service here")]
    [InlineData("421 4.3.2 too busy")]
    [InlineData("SSH-2.0-OpenSSH_9.2")]
    [InlineData("354 what?")]
    public async Task Server_that_will_not_talk_is_a_transient_failure(string greeting)
    {
        await using var server = new ScriptedServer(peer => peer.SayAsync(greeting));

        var outcome = await server.ConnectAsync();

        Assert.Null(outcome.Session);
        Assert.Equal(Disposition.Deferred, outcome.Failure!.Disposition);
        Assert.Equal(4, outcome.Failure.Status.Class);
    }

    [Fact]
    public async Task Closed_port_is_a_transient_failure_that_names_the_server()
    {
        var server = new ScriptedServer(_ => Task.CompletedTask);
        var address = server.Address;
        await server.DisposeAsync();

        var outcome = await SmtpClientSession.ConnectAsync(
            new SmtpServerAddress("gone.test", address), SessionHarness.Options, TimeProvider.System, SessionHarness.Patience);

        Assert.Equal(new EnhancedStatus(4, 4, 1), outcome.Failure!.Status);
        Assert.Contains("gone.test", outcome.Failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_is_silent_runs_out_of_time()
    {
        var time = new FakeTimeProvider();
        var connected = new TaskCompletionSource();
        await using var server = new ScriptedServer(async peer =>
        {
            connected.SetResult();
            await peer.UntilClosedAsync();
        });

        var connecting = server.ConnectAsync(time: time);
        await connected.Task;
        while (!connecting.IsCompleted)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(10, SessionHarness.Patience);
        }

        Assert.Contains("timed out", (await connecting).Failure!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starttls_is_taken_with_any_certificate_and_all_is_said_again()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("STARTTLS", "SIZE 1");
            await peer.AnswerAsync("STARTTLS", "220 go");
            await peer.EncryptAsync();
            await peer.ExpectAsync("EHLO relay.test");
            await peer.OfferAsync("SIZE 5000");
            await peer.TakeAsync();
        });
        await using var session = await server.OpenAsync();

        Assert.True(session.IsEncrypted);
        Assert.Equal(5000, session.Capabilities.MaxSize);
        Assert.Equal(Disposition.Delivered, (await session.SendOneAsync()).Disposition);
    }

    [Fact]
    public async Task Reply_injected_ahead_of_the_handshake_is_forgotten()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("STARTTLS");
            await peer.ExpectAsync("STARTTLS");
            await peer.RawAsync("220 go\r\n250-evil.test\r\n250 SIZE 7\r\n");
            await peer.EncryptAsync();
            await peer.ExpectAsync("EHLO");
            await peer.OfferAsync("SIZE 5000");
            await peer.UntilClosedAsync();
        });
        await using var session = await server.OpenAsync();

        Assert.Equal(5000, session.Capabilities.MaxSize);
    }

    [Fact]
    public async Task Failed_handshake_connects_anew_in_clear_and_is_told()
    {
        await using var server = new ScriptedServer(
            async peer =>
            {
                await peer.OpenAsync("STARTTLS");
                await peer.AnswerAsync("STARTTLS", "220 go");
                await peer.RawAsync("this is no handshake\r\n");
                await peer.UntilClosedAsync();
            },
            async peer =>
            {
                await peer.OpenAsync("STARTTLS");
                await peer.TakeAsync();
            });
        await using var session = await server.OpenAsync();

        Assert.False(session.IsEncrypted);
        Assert.NotNull(session.TlsFailure);
        Assert.Equal(Disposition.Delivered, (await session.SendOneAsync()).Disposition);
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData("STARTTLS", "454 4.7.0 not now")]
    [InlineData("PIPELINING", null)]
    public async Task Required_encryption_that_cannot_be_had_is_a_failure(string offer, string? reply)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(offer);
            if (reply is not null)
                await peer.AnswerAsync("STARTTLS", reply);
            await peer.UntilClosedAsync();
        });

        var outcome = await server.ConnectAsync(SessionHarness.Options with { Tls = TlsMode.Required });

        Assert.Equal(Disposition.Deferred, outcome.Failure!.Disposition);
    }

    [Theory]
    [InlineData(TlsMode.Required)]
    [InlineData(TlsMode.Implicit)]
    public async Task Certificate_of_nobody_fails_where_it_must_be_valid(TlsMode mode)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            if (mode == TlsMode.Required)
            {
                await peer.OpenAsync("STARTTLS");
                await peer.AnswerAsync("STARTTLS", "220 go");
            }

            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                await peer.EncryptAsync();
                await peer.SayAsync("220 hello");
                Assert.Null(await peer.HearAsync());
                throw new IOException("the client left");
            });
        });

        var outcome = await server.ConnectAsync(SessionHarness.Options with { Tls = mode, VerifyCertificate = true });

        Assert.Null(outcome.Session);
        Assert.Equal(new EnhancedStatus(4, 7, 0), outcome.Failure!.Status);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Implicit_tls_encrypts_ahead_of_the_greeting()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.EncryptAsync();
            await peer.OpenAsync();
            await peer.TakeAsync();
        });
        await using var session = await server.OpenAsync(SessionHarness.Options with { Tls = TlsMode.Implicit });

        Assert.True(session.IsEncrypted);
        Assert.Equal(Disposition.Delivered, (await session.SendOneAsync()).Disposition);
    }

    [Fact]
    public async Task Plain_login_comes_with_its_initial_response_and_shows_to_nobody()
    {
        var observer = new RecordingObserver();
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("AUTH LOGIN PLAIN");
            Assert.Equal($"AUTH PLAIN {Base64($"\0ann\0{Credentials.Password}")}", await peer.HearAsync());
            await peer.SayAsync("235 2.7.0 welcome");
            await peer.UntilClosedAsync();
        });
        await using var session = await server.OpenAsync(
            SessionHarness.Options with { Credentials = Credentials, AllowCleartextPassword = true, Observer = observer });

        Assert.Contains("C: AUTH PLAIN ****", observer.Lines);
        Assert.DoesNotContain(observer.Lines, line => line.Contains(Credentials.Password, StringComparison.Ordinal)
            || line.Contains(Base64($"\0ann\0{Credentials.Password}"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Login_login_answers_what_is_asked(bool takesInitialResponse)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("AUTH LOGIN");
            Assert.Equal($"AUTH LOGIN {Base64("ann")}", await peer.HearAsync());
            if (!takesInitialResponse)
            {
                await peer.SayAsync($"334 {Base64("Username:")}");
                Assert.Equal(Base64("ann"), await peer.HearAsync());
            }

            await peer.SayAsync($"334 {Base64("Password:")}");
            Assert.Equal(Base64(Credentials.Password), await peer.HearAsync());
            await peer.SayAsync("235 2.7.0 welcome");
            await peer.UntilClosedAsync();
        });

        await using var session = await server.OpenAsync(SessionHarness.Options with { Credentials = Credentials, AllowCleartextPassword = true });

        Assert.True(session.IsUsable);
    }

    [Theory]
    [InlineData("535 5.7.8 wrong")]
    [InlineData("454 4.7.0 later")]
    public async Task Refused_login_is_a_transient_failure_since_it_is_ours_to_mend(string reply)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("AUTH PLAIN");
            await peer.AnswerAsync("AUTH PLAIN", reply);
            await peer.UntilClosedAsync();
        });

        var outcome = await server.ConnectAsync(SessionHarness.Options with { Credentials = Credentials, AllowCleartextPassword = true });

        Assert.Equal(Disposition.Deferred, outcome.Failure!.Disposition);
        Assert.Equal(reply, outcome.Failure.Text);
    }

    [Fact]
    public async Task Password_is_not_sent_in_clear()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("AUTH PLAIN");
            Assert.Null(await peer.HearAsync());
        });

        var outcome = await server.ConnectAsync(SessionHarness.Options with { Credentials = Credentials });

        Assert.Equal(new EnhancedStatus(4, 7, 11), outcome.Failure!.Status);
    }
}
