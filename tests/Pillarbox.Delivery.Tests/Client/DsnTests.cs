using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Client;

/// <summary>What goes on with a message of what its sender asked about reports (RFC 3461 §5.2).</summary>
public sealed class DsnTests
{
    private static readonly SenderRequests Asked = new() { Return = ReturnContent.Headers, EnvelopeId = "QQ+2B3141+3D59" };

    public static TheoryData<Recipient, string> Recipients => new()
    {
        { Mailbox.Parse("bob@sink.test"), "" },
        { new(Mailbox.Parse("bob@sink.test"), NotifyOn.Never), " NOTIFY=NEVER" },
        { new(Mailbox.Parse("bob@sink.test"), NotifyOn.Success), " NOTIFY=SUCCESS" },
        { new(Mailbox.Parse("bob@sink.test"), NotifyOn.Delay | NotifyOn.Failure | NotifyOn.Success), " NOTIFY=SUCCESS,FAILURE,DELAY" },
        { new(Mailbox.Parse("bob@sink.test"), NotifyOn.Unsaid, new("RFC822", "Bob+40x@First.test")), " ORCPT=RFC822;Bob+40x@First.test" },
        {
            new(Mailbox.Parse("bob@sink.test"), NotifyOn.Failure, new("utf-8", "b\\x{F6}b@first.test")),
            " NOTIFY=FAILURE ORCPT=utf-8;b\\x{F6}b@first.test"
        },
        { new(Mailbox.Parse("bob@sink.test"), NotifyOn.Unsaid, new("utf-8", "böb@first.test")), " ORCPT=utf-8;b\\x{F6}b@first.test" },
        { new(Mailbox.Parse("bob@sink.test"), NotifyOn.Unsaid, new("utf-8", new string('ö', 90))), "" },
    };

    [Theory]
    [MemberData(nameof(Recipients))]
    public async Task Server_with_dsn_gets_what_came_and_nothing_else(Recipient recipient, string parameters)
    {
        var (mail, rcpt, _) = await SendAsync(recipient, "DSN");

        Assert.Equal("MAIL FROM:<ann@source.test> RET=HDRS ENVID=QQ+2B3141+3D59", mail);
        Assert.Equal($"RCPT TO:<bob@sink.test>{parameters}", rcpt);
    }

    [Theory]
    [MemberData(nameof(Recipients))]
    public async Task Server_without_dsn_gets_nothing(Recipient recipient, string parameters)
    {
        var (mail, rcpt, verdict) = await SendAsync(recipient, "SIZE 1000000");

        Assert.DoesNotContain(' ', mail[("MAIL FROM:<ann@source.test> SIZE=".Length)..]);
        Assert.Equal("RCPT TO:<bob@sink.test>", rcpt);
        Assert.Equal(parameters.Contains("SUCCESS", StringComparison.Ordinal) ? Success.Relayed : Success.Unsaid, verdict.Success);
    }

    [Fact]
    public async Task Message_for_which_nothing_was_asked_gets_no_parameters()
    {
        var (mail, rcpt, verdict) = await SendAsync(Mailbox.Parse("bob@sink.test"), "DSN", SenderRequests.None);

        Assert.Equal(("MAIL FROM:<ann@source.test>", "RCPT TO:<bob@sink.test>", Success.Unsaid), (mail, rcpt, verdict.Success));
    }

    [Fact]
    public async Task Server_with_dsn_reports_success_itself()
    {
        var (_, _, verdict) = await SendAsync(new(Mailbox.Parse("bob@sink.test"), NotifyOn.Success), "DSN");

        Assert.Equal((Disposition.Delivered, Success.Unsaid), (verdict.Disposition, verdict.Success));
    }

    [Fact]
    public async Task Original_in_utf8_goes_under_smtputf8_as_it_came()
    {
        var (mail, rcpt, _) = await SendAsync(
            new(Mailbox.Parse("böb@sink.test"), NotifyOn.Never, new("utf-8", "bob@fírst.test")), ["DSN", "SMTPUTF8", "8BITMIME"]);

        Assert.Equal("MAIL FROM:<ann@source.test> SMTPUTF8 RET=HDRS ENVID=QQ+2B3141+3D59", mail);
        Assert.Equal(Latin1("RCPT TO:<böb@sink.test> NOTIFY=NEVER ORCPT=utf-8;bob@fírst.test"), rcpt);
    }

    // The script hears octets.
    private static string Latin1(string text) => System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    private static Task<(string Mail, string Rcpt, Verdict Verdict)> SendAsync(Recipient recipient, string capability, SenderRequests? requests = null) =>
        SendAsync(recipient, [capability], requests);

    private static async Task<(string Mail, string Rcpt, Verdict Verdict)> SendAsync(Recipient recipient, string[] capabilities, SenderRequests? requests = null)
    {
        string? mail = null, rcpt = null;
        Verdict verdict;
        await using (var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(capabilities);
            mail = await peer.HearAsync();
            await peer.SayAsync("250 ok");
            rcpt = await peer.HearAsync();
            await peer.SayAsync("250 ok");
            await peer.AnswerAsync("DATA", "354 go on");
            await peer.MessageAsync();
            await peer.SayAsync("250 2.6.0 taken");
        }))
        {
            await using var session = await server.OpenAsync();
            verdict = await session.SendOneAsync(SessionHarness.Message() with { Recipients = [recipient], Requests = requests ?? Asked });
        }

        return (mail!, rcpt!, verdict);
    }
}
