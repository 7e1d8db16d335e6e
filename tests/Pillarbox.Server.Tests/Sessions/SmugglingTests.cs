using System.Text;
using Pillarbox.Protocol.Tests.Grammar;

namespace Pillarbox.Server.Tests.Sessions;

/// <summary>
/// Whole sessions with every arrangement of CR, LF, dot, NUL and text around the end of a message, cut at every octet. What the server says
/// and keeps is compared with a plain server that sees all of the session at once.
/// </summary>
public sealed class SmugglingTests
{
    private const int Length = 4;
    private const string Begin = "HELO client.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\n";
    private const string End = "NOOP\r\nQUIT\r\n";
    private static readonly string[] Begun = ["220 mx.ex", "250 mx.ex", "250 2.1.0", "250 2.1.5"];

    [Theory]
    [InlineData("", "\r\n.\r\n", false)]
    [InlineData("", "\r\n.\r\n", true)]
    [InlineData("a\r\n", ".\r\n", false)]
    [InlineData("a\r\n", ".\r\n", true)]
    public async Task Data_everyArrangement_endsWhereAPlainServerSays(string before, string behind, bool normalize)
    {
        await using var server = await StartAsync(normalize);
        foreach (var arrangement in Arrangements.UpTo(Length))
        {
            var wire = before + arrangement + behind + End;
            var end = Arrangements.EndOf(wire);
            var kept = end < 0 ? null : Arrangements.Judge(Arrangements.Unstuff(wire[..end]), normalize).Kept;
            string[] expected = [.. Begun, "354 End d", .. end < 0 ? [] : Commands(wire[end..], kept)];
            foreach (var pieces in Cuts(Begin + "DATA\r\n", before + arrangement + behind, End))
                await CheckAsync(server, pieces, expected, kept);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chunk_everyArrangement_endsAfterItsOctets(bool normalize)
    {
        await using var server = await StartAsync(normalize);
        foreach (var arrangement in Arrangements.UpTo(Length))
        {
            var content = arrangement + "\r\n.\r\n";
            var kept = Arrangements.Judge(content, normalize).Kept;
            string[] expected = [.. Begun, .. Commands(End, kept)];
            foreach (var pieces in Cuts(Begin + $"BDAT {content.Length} LAST\r\n", content, End))
                await CheckAsync(server, pieces, expected, kept);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chunks_everyArrangementInTwo_areOneMessageOrNone(bool normalize)
    {
        await using var server = await StartAsync(normalize);
        foreach (var arrangement in Arrangements.UpTo(Length))
        {
            var content = "a" + arrangement + "\r\n";
            var kept = Arrangements.Judge(content, normalize).Kept;
            for (var cut = 0; cut <= content.Length; cut++)
            {
                var wire = $"BDAT {cut}\r\n{content[..cut]}BDAT {content.Length - cut} LAST\r\n{content[cut..]}";
                foreach (var pieces in new[] { [Begin + wire + End], Bytes(Begin, wire, End) })
                {
                    var said = await SayAsync(server, pieces);
                    var refusedAtOnce = said[4] == "550 5.5.2";
                    Assert.True(!refusedAtOnce || kept is null, Arrangements.Show(wire));
                    string[] expected = refusedAtOnce
                        ? [.. Begun, "550 5.5.2", "503 5.5.1", "250 2.0.0", "221 2.0.0"]
                        : [.. Begun, "250 2.0.0", .. Commands(End, kept)];
                    Assert.True(said.SequenceEqual(expected), $"{Arrangements.Show(wire)}: {string.Join(", ", said)}");
                    await CheckKeptAsync(server, kept, wire);
                }
            }
        }
    }

    [Theory]
    [InlineData("BDAT 3 LAST\r\nx\r\n", "250 2.0.0")]
    [InlineData("RSET\r\nBDAT 3 LAST\r\nx\r\n", "250 2.0.0", "503 5.5.1")]
    [InlineData("BDAT 8\r\na\nb\r\nc\r\n", "550 5.5.2")]
    public async Task Behind_aChunk_everyArrangementIsCommands(string chunk, params string[] replies)
    {
        await using var server = await StartAsync(normalize: false);
        foreach (var arrangement in Arrangements.UpTo(Length))
        {
            string[] expected = [.. Begun, .. replies, .. Commands(arrangement + End)];
            foreach (var pieces in Cuts(Begin + chunk, arrangement, End))
                await CheckAsync(server, pieces, expected, replies is ["250 2.0.0"] ? "x\r\n" : null);
        }
    }

    private static Task<TestServer> StartAsync(bool normalize) =>
        TestServer.StartAsync(("domain", "example.com"), ("bare-newlines", normalize ? "normalize" : "reject"));

    // All in one, octet by octet, and in two at each octet of the part that matters.
    private static IEnumerable<string[]> Cuts(string begin, string middle, string end)
    {
        yield return [begin + middle + end];
        yield return Bytes(begin, middle, end);
        for (var cut = 0; cut <= middle.Length; cut++)
            yield return [begin + middle[..cut], middle[cut..] + end];
    }

    private static string[] Bytes(string begin, string middle, string end) => [begin, .. middle.Select(octet => octet.ToString()), end];

    private static async Task CheckAsync(TestServer server, string[] pieces, string[] expected, string? kept)
    {
        var said = await SayAsync(server, pieces);
        Assert.True(said.SequenceEqual(expected), $"{Show(pieces)}: {string.Join(", ", said)}, expected {string.Join(", ", expected)}");
        await CheckKeptAsync(server, kept, Show(pieces));
    }

    private static async Task<string[]> SayAsync(TestServer server, string[] pieces) =>
        [.. (await PipedSession.SayAsync(server, pieces)).Select(line => line[..9])];

    private static async Task CheckKeptAsync(TestServer server, string? kept, string what)
    {
        var found = await server.QueueAsync();
        Assert.True(found.Count == (kept is null ? 0 : 1), $"{what}: {found.Count} messages kept");
        if (kept is null)
            return;
        Assert.Equal(Arrangements.Show(kept), Arrangements.Show(Encoding.Latin1.GetString(await server.NewestBodyAsync())));
        await server.Store.DeleteAsync(found[0].Envelope.Id, TestContext.Current.CancellationToken);
    }

    // What is said to a message and to what stands behind it.
    private static IEnumerable<string> Commands(string text, string? kept) => [kept is null ? "550 5.5.2" : "250 2.0.0", .. Commands(text)];

    private static IEnumerable<string> Commands(string text)
    {
        while (text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var at && at + 1 < text.Length + (text[at] == '\n' ? 1 : 0))
        {
            if (text[at] == '\n' || text[at + 1] != '\n')
            {
                yield return "500 5.5.2";
                yield break;
            }

            var line = text[..at];
            text = text[(at + 2)..];
            yield return line switch { "NOOP" => "250 2.0.0", "QUIT" => "221 2.0.0", _ => "500 5.5.1" };
            if (line == "QUIT")
                yield break;
        }
    }

    private static string Show(string[] pieces) => string.Join(" | ", pieces.Select(Arrangements.Show));
}
