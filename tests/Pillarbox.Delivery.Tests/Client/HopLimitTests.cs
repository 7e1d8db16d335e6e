using Pillarbox.Delivery.Client;

namespace Pillarbox.Delivery.Tests.Client;

/// <summary>What a server says that it takes at most (RFC 9422).</summary>
public sealed class HopLimitTests
{
    [Theory]
    [InlineData("MAILMAX=5 rcptmax=10 RcptDomainMax=1", 5, 10, 1)]
    [InlineData("FUTUREMAX=2 RCPTMAX=999999", null, 999999, null)]
    [InlineData("RCPTMAX=0 MAILMAX=05 RCPTDOMAINMAX=1000000", null, null, null)]
    [InlineData("RCPTMAX MAILMAX= RCPTDOMAINMAX=-1 =5", null, null, null)]
    [InlineData("RCPTMAX=1x MAILMAX=٣ RCPTDOMAINMAX=7", null, null, 7)]
    public void Limits_are_read_and_malformed_ones_are_none(string text, int? mails, int? recipients, int? domains) =>
        Assert.Equal(new SmtpLimits(mails, recipients, domains), SmtpLimits.Parse(text.Split(' ')));

    [Fact]
    public async Task Recipients_beyond_the_limit_are_not_named_and_go_separately()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("PIPELINING", "LIMITS RCPTMAX=2");
            await peer.ExpectAsync("MAIL", "RCPT TO:<a@sink.test>", "RCPT TO:<b@sink.test>", "DATA");
            await peer.SayAsync("250 ok", "250 ok", "550 5.1.1 no b", "354 go on");
            await peer.MessageAsync();
            await peer.SayAsync("250 ok");
        });
        await using var session = await server.OpenAsync();

        var verdicts = await session.SendAsync(SessionHarness.Message("a@sink.test,b@sink.test,c@sink.test"), SessionHarness.Patience);

        Assert.Equal([Disposition.Delivered, Disposition.Failed, Disposition.Deferred], verdicts.Select(verdict => verdict.Disposition));
        Assert.Equal([false, false, true], verdicts.Select(verdict => verdict.Untried));
    }

    [Theory]
    [InlineData("MAIL", "451 4.3.0 not now", Disposition.Deferred)]
    [InlineData("MAIL", "550 5.7.1 not you", Disposition.Failed)]
    [InlineData("DATA", "451 4.3.0 not now", Disposition.Deferred)]
    [InlineData("end", "554 5.6.0 not this", Disposition.Failed)]
    public async Task Recipients_kept_back_share_what_met_the_transaction_as_a_whole(string at, string reply, Disposition disposition)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("PIPELINING", "LIMITS RCPTMAX=1");
            await peer.ExpectAsync("MAIL", "RCPT TO:<a@sink.test>", "DATA");
            if (at == "MAIL")
            {
                await peer.SayAsync(reply, "503 5.5.1 no sender", "503 5.5.1 no sender");
            }
            else if (at == "DATA")
            {
                await peer.SayAsync("250 ok", "250 ok", reply);
            }
            else
            {
                await peer.SayAsync("250 ok", "250 ok", "354 go on");
                await peer.MessageAsync();
                await peer.SayAsync(reply);
            }

            await peer.UntilClosedAsync();
        });
        await using var session = await server.OpenAsync();

        var verdicts = await session.SendAsync(SessionHarness.Message("a@sink.test,b@sink.test,c@sink.test"), SessionHarness.Patience);

        Assert.All(verdicts, verdict => Assert.Equal((disposition, false, reply), (verdict.Disposition, verdict.Untried, verdict.Text)));
    }

    [Fact]
    public async Task Recipients_kept_back_go_at_once_where_the_one_that_was_named_is_refused()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("LIMITS RCPTMAX=1");
            await peer.AnswerAsync("MAIL", "250 ok");
            await peer.AnswerAsync("RCPT TO:<a@sink.test>", "550 5.1.1 no a");
            await peer.UntilClosedAsync();
        });
        await using var session = await server.OpenAsync();

        var verdicts = await session.SendAsync(SessionHarness.Message("a@sink.test,b@sink.test"), SessionHarness.Patience);

        Assert.Equal([false, true], verdicts.Select(verdict => verdict.Untried));
    }

    [Fact]
    public async Task Domains_are_counted_over_the_session()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("PIPELINING", "LIMITS RCPTDOMAINMAX=1");
            for (var i = 0; i < 2; i++)
            {
                await peer.ExpectAsync("MAIL", "RCPT TO:<a@one.test>", "RCPT TO:<b@ONE.test>", "DATA");
                await peer.SayAsync("250 ok", "250 ok", "250 ok", "354 go on");
                await peer.MessageAsync();
                await peer.SayAsync("250 ok");
            }
        });
        await using var session = await server.OpenAsync();

        for (var i = 0; i < 2; i++)
        {
            var verdicts = await session.SendAsync(SessionHarness.Message("a@one.test,c@two.test,b@ONE.test"), SessionHarness.Patience);
            Assert.Equal([false, true, false], verdicts.Select(verdict => verdict.Untried));
        }

        Assert.True(session.Takes(SessionHarness.Message("a@one.test")));
        Assert.False(session.Takes(SessionHarness.Message("c@two.test")));
    }

    [Fact]
    public async Task Session_takes_no_more_messages_than_the_server_said()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("LIMITS MAILMAX=1");
            await peer.TakeAsync();
            await peer.UntilClosedAsync();
        });
        await using var session = await server.OpenAsync();

        Assert.True(session.Takes(SessionHarness.Message()));
        await session.SendOneAsync();
        Assert.False(session.Takes(SessionHarness.Message()));
    }
}
