using System.Net;
using Pillarbox.Fuzzing.Sessions;
using Pillarbox.Protocol.Replies;
using Pillarbox.Server;

namespace Pillarbox.Fuzzing;

/// <summary>Whole sessions. The first octet of an input chooses the listener, the others are what its client says.</summary>
internal static class SessionTarget
{
    private static readonly ListenerOptions Plain = new() { Name = "fuzz", Address = new IPEndPoint(IPAddress.Loopback, 0) };

    private static readonly IPNetwork Loopback = IPNetwork.Parse("127.0.0.0/8");

    private static readonly ListenerOptions[] Listeners =
    [
        Plain,
        Plain with { Role = ListenerRole.Submission, Auth = ListenerAuth.Optional, InsecureAuth = true, RelayFrom = [Loopback] },
        Plain with { BareNewlines = BareNewlines.Normalize, Role = ListenerRole.Capture },
        Plain with { Role = ListenerRole.Submission, Auth = ListenerAuth.Required, InsecureAuth = true },
        Plain with { Role = ListenerRole.Lmtp },
        Plain with { XclientFrom = [Loopback], EtrnFrom = [Loopback], Verify = true },
        Plain with { ProxyFrom = [Loopback] },
        Plain with { Tls = ListenerTls.StartTls, Auth = ListenerAuth.Optional },
        Plain with { Tls = ListenerTls.Implicit },
    ];

    private static readonly byte[][] Tokens =
    [
        .. FuzzTarget.Texts(
            "EHLO client.example\r\n", "HELO client.example\r\n", "LHLO client.example\r\n", "MAIL FROM:<>\r\n", "MAIL FROM:<a@example.com> BODY=BINARYMIME\r\n", "MAIL FROM:<a@example.com> SIZE=20000 SMTPUTF8\r\n",
            "RCPT TO:<a@example.com>\r\n", "RCPT TO:<ann@example.org> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;x\r\n", "RCPT TO:<nobody@example.org>\r\n", "RCPT TO:<../x@path.example>\r\n", "DATA\r\n", ".\r\n", "\r\n.\r\n", "\n.\n", "\r\n.\n", "\n.\r\n", "\r.\r",
            "BDAT 0 LAST\r\n", "BDAT 5\r\nabcde", "BDAT 3 LAST\r\n\r\n.", "BDAT 99999999999\r\n", "RSET\r\n", "NOOP\r\n", "QUIT\r\n", "HELP\r\n", "HELP 535\r\n", "VRFY ann\r\n", "EXPN all\r\n", "ETRN example.com\r\n", "STARTTLS\r\n",
            "AUTH PLAIN AGFubgBzZWNyZXQ=\r\n", "AUTH PLAIN\r\n", "AUTH LOGIN\r\n", "YW5u\r\n", "c2VjcmV0\r\n", "*\r\n", "=\r\n", "XCLIENT ADDR=192.0.2.1 NAME=x\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
            "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\u0000\u000c", "\r\n", "\n", "\r", "\0", " ", "Received: x\r\n", "Subject: x\r\n\r\n", "\u00e4"),
        [0xff], [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3],
    ];

    private static readonly Lazy<FuzzServer[]> Servers = new(() => [.. Listeners.Select(listener => new FuzzServer(listener))]);

    /// <summary>The one.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } = [new("session", Run, Dialogues) { Tokens = Tokens, Limit = TimeSpan.FromSeconds(20) }];

    private static void Run(byte[] input)
    {
        if (input.Length == 0)
            return;

        var server = Servers.Value[input[0] % Listeners.Length];
        var says = input[1..];
        var parts = server.RunAsync(Pieces.Of(says)).GetAwaiter().GetResult();
        var whole = server.RunAsync([says]).GetAwaiter().GetResult();
        if (parts.IsTls || whole.IsTls)
            return;

        FuzzTarget.Require(
            Comparable(parts, whole).SequenceEqual(Comparable(whole, parts)),
            $"replies depend on how the input was cut:\n{string.Join('\n', parts.Replies)}\n-- or\n{string.Join('\n', whole.Replies)}");
    }

    // A line without an end is told to be too long as soon as it is; come at once, it may be seen first that it has a bare newline, or that it
    // ends after all. From there on the sessions may differ.
    private static IEnumerable<string> Comparable(ReplyCheck replies, ReplyCheck others)
    {
        var same = Math.Min(UntilTooLong(replies.Replies), UntilTooLong(others.Replies));
        return replies.Replies.Take(same).Select(BigForLong);
    }

    private static int UntilTooLong(List<string> replies)
    {
        var at = replies.FindIndex(reply => reply == ReplyCatalogue.LineTooLong.ToString() || reply == ReplyCatalogue.AuthLineTooLong.ToString()
            || reply == ReplyCatalogue.BadBdat.ToString());
        return at < 0 ? int.MaxValue : at;
    }

    // Where a message is too big and a line of it is at fault, either may be seen first.
    private static string BigForLong(string reply) =>
        reply == ReplyCatalogue.TextLineTooLong.ToString() || reply == ReplyCatalogue.HiddenDotInMessage.ToString() ? ReplyCatalogue.MessageTooBig.ToString() : reply;

    private static List<byte[]> Dialogues()
    {
        var seeds = new List<byte[]>();
        foreach (var lines in Corpus.Dialogues())
        {
            for (var listener = 0; listener < Listeners.Length - 1; listener++)
                seeds.Add([(byte)listener, .. Listeners[listener].ProxyFrom.IsEmpty ? [] : "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"u8, .. lines.SelectMany(line => line)]);
        }

        seeds.AddRange(Corpus.Of("session"));
        return seeds;
    }
}
