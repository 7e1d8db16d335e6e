using Pillarbox.Protocol.Replies;

namespace Pillarbox.Delivery.Tests.Client;

public sealed class TransactionTests
{
    private static readonly string[] Pipelining = ["PIPELINING"];

    [Fact]
    public async Task Pipelining_server_gets_all_commands_before_it_answers_any()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("PIPELINING");
            await peer.ExpectAsync("MAIL FROM:<ann@source.test>", "RCPT TO:<bob@sink.test>", "RCPT TO:<eve@sink.test>", "DATA");
            await peer.SayAsync("250 ok", "250 ok", "550 5.1.1 no eve", "354 go on");
            Assert.Equal("Subject: hello\r\n\r\nworld\r\n", await peer.MessageAsync());
            await peer.SayAsync("250 2.0.0 taken as 42");
            await peer.AnswerAsync("QUIT", "221 bye");
        });
        var session = await server.OpenAsync();

        var verdicts = await session.SendAsync(SessionHarness.Message("bob@sink.test,eve@sink.test"), SessionHarness.Patience);
        await session.QuitAsync();

        Assert.Equal([Disposition.Delivered, Disposition.Failed], verdicts.Select(verdict => verdict.Disposition));
        Assert.Equal("250 2.0.0 taken as 42", verdicts[0].Reply!.ToString());
        Assert.Equal(new EnhancedStatus(5, 1, 1), verdicts[1].Status);
    }

    [Fact]
    public async Task Server_without_pipelining_gets_one_command_at_a_time()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            foreach (var (command, reply) in new[] { ("MAIL", "250 ok"), ("RCPT", "250 ok"), ("DATA", "354 go on") })
            {
                await peer.ExpectAsync(command);
                Assert.False(await peer.HearsMoreAsync(), $"more came after {command}");
                await peer.SayAsync(reply);
            }

            await peer.MessageAsync();
            await peer.SayAsync("250 ok");
        });
        await using var session = await server.OpenAsync();

        Assert.Equal(Disposition.Delivered, (await session.SendOneAsync()).Disposition);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refused_sender_is_refused_for_all_recipients_and_the_session_goes_on(bool pipelining)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(pipelining ? Pipelining : []);
            await peer.ExpectAsync("MAIL FROM:<>");
            if (pipelining)
                await peer.ExpectAsync("RCPT", "RCPT", "DATA");
            await peer.SayAsync("550 5.7.1 not you");
            if (pipelining)
            {
                await peer.SayAsync("503 5.5.1 MAIL first", "503 5.5.1 MAIL first", "503 5.5.1 RCPT first");
                await peer.ExpectAsync("MAIL", "RCPT", "DATA");
                await peer.SayAsync("250 ok", "250 ok", "354 go on");
                await peer.MessageAsync();
                await peer.SayAsync("250 ok");
            }
            else
            {
                await peer.TakeAsync();
            }
        });
        await using var session = await server.OpenAsync();

        var refused = await session.SendAsync(SessionHarness.Message("bob@sink.test,eve@sink.test", from: null), SessionHarness.Patience);
        var taken = await session.SendOneAsync();

        Assert.All(refused, verdict => Assert.Equal("550 5.7.1 not you", verdict.Text));
        Assert.Equal(Disposition.Delivered, taken.Disposition);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Transaction_without_a_recipient_taken_is_reset_before_the_next(bool pipelining)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(pipelining ? Pipelining : []);
            await peer.AnswerAsync("MAIL", "250 ok");
            await peer.AnswerAsync("RCPT", "450 4.2.1 later");
            if (pipelining)
                await peer.AnswerAsync("DATA", "503 5.5.1 no recipients");
            await peer.AnswerAsync("RSET", "250 ok");
            await peer.TakeAsync();
        });
        await using var session = await server.OpenAsync();

        var deferred = await session.SendOneAsync();
        var taken = await session.SendOneAsync();

        Assert.Equal(new EnhancedStatus(4, 2, 1), deferred.Status);
        Assert.Equal(Disposition.Delivered, taken.Disposition);
    }

    [Fact]
    public async Task Server_that_asks_for_data_without_a_recipient_gets_a_lone_dot_and_no_message()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("PIPELINING");
            await peer.ExpectAsync("MAIL", "RCPT", "DATA");
            await peer.SayAsync("250 ok", "550 5.1.1 no", "354 go on");
            Assert.Equal("", await peer.MessageAsync());
            await peer.SayAsync("554 5.5.1 no recipients");
            await peer.TakeAsync();
        });
        await using var session = await server.OpenAsync();

        var refused = await session.SendOneAsync();
        var taken = await session.SendOneAsync();

        Assert.Equal("550 5.1.1 no", refused.Text);
        Assert.Equal(Disposition.Delivered, taken.Disposition);
    }

    [Fact]
    public async Task Reply_to_the_final_dot_decides_for_all_that_were_taken()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("PIPELINING");
            await peer.ExpectAsync("MAIL", "RCPT", "RCPT", "RCPT", "DATA");
            await peer.SayAsync("250 ok", "250 ok", "450 4.2.1 later", "250 ok", "354 go on");
            await peer.MessageAsync();
            await peer.SayAsync("554 5.7.1 not this");
        });
        await using var session = await server.OpenAsync();

        var verdicts = await session.SendAsync(SessionHarness.Message("a@sink.test,b@sink.test,c@sink.test"), SessionHarness.Patience);

        Assert.Equal([Disposition.Failed, Disposition.Deferred, Disposition.Failed], verdicts.Select(verdict => verdict.Disposition));
        Assert.Equal("450 4.2.1 later", verdicts[1].Text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Farewell_421_anywhere_defers_and_ends_the_session(int at)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            (string Command, string Reply)[] steps = [("MAIL", "250 ok"), ("RCPT", "250 ok"), ("DATA", "354 go on")];
            foreach (var (command, reply) in steps.Take(at))
                await peer.AnswerAsync(command, reply);
            if (at == steps.Length)
                await peer.MessageAsync();
            else
                await peer.ExpectAsync(steps[at].Command);
            await peer.SayAsync("421 4.3.2 going down");
            await peer.UntilClosedAsync();
        });
        await using var session = await server.OpenAsync();

        var verdict = await session.SendOneAsync();

        Assert.Equal(Disposition.Deferred, verdict.Disposition);
        Assert.Equal("421 4.3.2 going down", verdict.Text);
        Assert.DoesNotContain("may have been delivered", verdict.Text, StringComparison.Ordinal);
        Assert.False(session.IsUsable);
    }

    [Fact]
    public async Task Connection_lost_after_the_final_dot_defers_as_maybe_delivered()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL", "250 ok");
            await peer.AnswerAsync("RCPT", "250 ok");
            await peer.AnswerAsync("DATA", "354 go on");
            await peer.MessageAsync();
        });
        await using var session = await server.OpenAsync();

        var verdict = await session.SendOneAsync();

        Assert.Equal(Disposition.Deferred, verdict.Disposition);
        Assert.Contains("may have been delivered", verdict.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_lost_before_the_final_dot_defers_as_not_delivered()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL", "250 ok");
            await peer.ExpectAsync("RCPT");
            peer.Reset();
        });
        await using var session = await server.OpenAsync();

        var verdict = await session.SendOneAsync();

        Assert.Equal(Disposition.Deferred, verdict.Disposition);
        Assert.DoesNotContain("may have been delivered", verdict.Text, StringComparison.Ordinal);
        Assert.False(session.IsUsable);
    }

    [Fact]
    public async Task Session_that_ended_while_it_rested_is_stale_and_says_nothing_of_the_message()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.TakeAsync();
            await peer.ExpectAsync("MAIL");
            await peer.SayAsync("421 4.4.2 idle too long");
        });
        await using var session = await server.OpenAsync();
        await session.SendOneAsync();

        await session.SendOneAsync();

        Assert.True(session.WasStale);
    }

    [Fact]
    public async Task First_message_of_a_session_never_finds_it_stale()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.ExpectAsync("MAIL");
        });
        await using var session = await server.OpenAsync();

        var verdict = await session.SendOneAsync();

        Assert.False(session.WasStale);
        Assert.Equal(Disposition.Deferred, verdict.Disposition);
    }

    [Theory]
    [InlineData("hello there")]
    [InlineData("354 go on")]
    [InlineData("199 low")]
    [InlineData("25")]
    public async Task Senseless_reply_defers_and_ends_the_session(string reply)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL", reply);
            await peer.UntilClosedAsync();
        });
        var session = await server.OpenAsync();

        var verdict = await session.SendOneAsync();
        var usable = session.IsUsable;
        await session.DisposeAsync();

        Assert.Equal(Disposition.Deferred, verdict.Disposition);
        Assert.Equal(new EnhancedStatus(4, 5, 0), verdict.Status);
        Assert.False(usable);
    }

    [Theory]
    [InlineData("hello there")]
    [InlineData("354 go on")]
    public async Task Senseless_reply_to_the_final_dot_defers_as_maybe_delivered(string reply)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL", "250 ok");
            await peer.AnswerAsync("RCPT", "250 ok");
            await peer.AnswerAsync("DATA", "354 go on");
            await peer.MessageAsync();
            await peer.SayAsync(reply);
            await peer.UntilClosedAsync();
        });
        var session = await server.OpenAsync();

        var verdict = await session.SendOneAsync();
        await session.DisposeAsync();

        Assert.Equal(Disposition.Deferred, verdict.Disposition);
        Assert.Contains("may have been delivered", verdict.Text, StringComparison.Ordinal);
        Assert.False(session.IsUsable);
    }

    [Fact]
    public async Task Fault_of_ours_within_the_message_ends_the_session()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL", "250 ok");
            await peer.AnswerAsync("RCPT", "250 ok");
            await peer.AnswerAsync("DATA", "354 go on");
            await peer.UntilClosedAsync();
        });
        var session = await server.OpenAsync();

        await Assert.ThrowsAsync<IOException>(() => session.SendOneAsync(SessionHarness.Message() with { Body = new UnreadableBody() }));
        var usable = session.IsUsable;
        await session.DisposeAsync();

        Assert.False(usable);
    }

    [Fact]
    public async Task Long_reply_is_read_to_its_end_and_its_text_cut()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.ExpectAsync("MAIL");
            for (var i = 0; i < 400; i++)
                await peer.RawAsync($"450-{new string('x', 1000)}\r\n");
            await peer.SayAsync("550 5.7.1 no");
            await peer.TakeAsync();
        });
        await using var session = await server.OpenAsync();

        var refused = await session.SendOneAsync();
        var taken = await session.SendOneAsync();

        Assert.Equal(550, refused.Reply!.Code);
        Assert.InRange(refused.Reply.Text.Length, 4000, RemoteReplyReader.MaxText);
        Assert.Equal(Disposition.Delivered, taken.Disposition);
    }

    [Fact]
    public async Task Endless_reply_line_is_cut_off()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.ExpectAsync("MAIL");
            try
            {
                while (true)
                    await peer.RawAsync(new string('2', 4096));
            }
            catch (IOException)
            {
                // The client had enough.
            }
        });
        var session = await server.OpenAsync();

        var verdict = await session.SendOneAsync();
        await session.DisposeAsync();

        Assert.Equal(Disposition.Deferred, verdict.Disposition);
    }

    [Fact]
    public async Task Replies_that_come_octet_by_octet_are_read()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("PIPELINING");
            await peer.ExpectAsync("MAIL", "RCPT", "DATA");
            foreach (var c in "250-2.1.0 sender\r\n250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go on\r\n")
            {
                await peer.RawAsync($"{c}");
                await Task.Yield();
            }

            await peer.MessageAsync();
            await peer.SayAsync("250 ok");
        });
        await using var session = await server.OpenAsync();

        Assert.Equal(Disposition.Delivered, (await session.SendOneAsync()).Disposition);
    }

    [Fact]
    public async Task Code_decides_where_the_enhanced_status_contradicts_it()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL", "250 ok");
            await peer.AnswerAsync("RCPT", "550 4.2.2 mailbox full");
        });
        await using var session = await server.OpenAsync();

        var verdict = await session.SendOneAsync();

        Assert.Equal(Disposition.Failed, verdict.Disposition);
        Assert.Equal(new EnhancedStatus(5, 0, 0), verdict.Status);
    }

    private sealed class UnreadableBody : Queue.MessageBody
    {
        public override long Length => 100;

        public override ReadOnlyMemory<byte>? InMemory => null;

        public override ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken = default) =>
            throw new IOException("the disk is gone");

        protected override void Dispose(bool disposing)
        {
        }
    }
}
