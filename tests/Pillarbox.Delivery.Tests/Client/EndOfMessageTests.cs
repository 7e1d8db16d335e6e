using System.Text;
using System.Text.RegularExpressions;
using Pillarbox.Delivery.Client;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Tests.Grammar;

namespace Pillarbox.Delivery.Tests.Client;

/// <summary>
/// Nothing that this server takes in goes out so that any server sees an end before the end: not one that takes a lone CR or LF for a line
/// end, and not one that drops NULs. For every message of up to six octets of CR, LF, dot, NUL and text that would be accepted.
/// </summary>
public sealed partial class EndOfMessageTests
{
    [Fact]
    public void Stuffing_everyMessageCutAnywhere_hasOneEndForEveryReader()
    {
        foreach (var content in Accepted(6))
        {
            for (var cut = 0; cut <= content.Length; cut++)
            {
                var stuffer = new DotStuffer();
                var wire = Stuff(ref stuffer, content[..cut]) + Stuff(ref stuffer, content[cut..]);
                wire += stuffer.AtLineStart ? ".\r\n" : "\r\n.\r\n";
                Check(content, wire);
            }
        }
    }

    [Fact]
    public async Task Transaction_everyMessage_hasOneEndForEveryReader()
    {
        var contents = Accepted(4).ToList();
        var wires = new List<string>();
        await using (var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            foreach (var _ in contents)
            {
                // Were there anything behind the first end, it would be heard in place of MAIL.
                await peer.AnswerAsync("MAIL FROM:", "250 2.1.0 ok");
                await peer.AnswerAsync("RCPT TO:", "250 2.1.5 ok");
                await peer.AnswerAsync("DATA", "354 go on");
                wires.Add(await peer.RawMessageAsync());
                await peer.SayAsync("250 2.0.0 taken");
            }

            await peer.UntilClosedAsync();
        }))
        {
            await using var session = await server.OpenAsync();
            foreach (var content in contents)
            {
                var message = new OutgoingMessage(null, [Mailbox.Parse("bob@sink.test")], new BufferedBody(Encoding.Latin1.GetBytes(content)));
                Assert.Equal(Disposition.Delivered, (await session.SendOneAsync(message)).Disposition);
            }
        }

        Assert.Equal(contents.Count, wires.Count);
        foreach (var (content, wire) in contents.Zip(wires))
            Check(content, wire);
    }

    // What a server keeps that refuses bare newlines. One that comes by BDAT may lack its last line end.
    private static IEnumerable<string> Accepted(int length) => Arrangements.UpTo(length).Where(text => Arrangements.Judge(text, normalize: false).Kept is not null);

    private static void Check(string content, string wire)
    {
        var whole = content.Length == 0 || content.EndsWith('\n') ? content : content + "\r\n";
        Assert.True(Arrangements.EndOf(wire) == wire.Length && Arrangements.Unstuff(wire) == whole, $"{Arrangements.Show(content)}: {Arrangements.Show(wire)}");
        foreach (var seen in new[] { wire, wire.Replace("\0", "", StringComparison.Ordinal) })
        {
            var ends = AnyLineEnd().Split(seen).Count(line => line == ".");
            Assert.True(ends == 1, $"{Arrangements.Show(content)}: {Arrangements.Show(wire)} has {ends} ends");
        }
    }

    [GeneratedRegex("\r\n|\r|\n")]
    private static partial Regex AnyLineEnd();

    private static string Stuff(ref DotStuffer stuffer, string piece)
    {
        ReadOnlyMemory<byte> content = Encoding.Latin1.GetBytes(piece);
        var text = new StringBuilder();
        while (!content.IsEmpty)
        {
            var run = stuffer.Next(ref content, out var dotFirst);
            text.Append(dotFirst ? "." : "").Append(Encoding.Latin1.GetString(run.Span));
        }

        return text.ToString();
    }
}
