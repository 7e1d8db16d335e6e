using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Pillarbox.Protocol.Commands;
using Pillarbox.Queue;

namespace Pillarbox.Server.Tests.Dialogues;

public enum Pace
{
    Whole,
    ByLine,
    ByByte,
}

public sealed class DialogueTests
{
    public static TheoryData<string, Pace> All()
    {
        var data = new TheoryData<string, Pace>();
        foreach (var name in Dialogue.Names())
        {
            foreach (var pace in Enum.GetValues<Pace>())
                data.Add(name, pace);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Dialogue_replayed_isAnsweredLineForLine(string name, Pace pace)
    {
        var dialogue = Dialogue.Load(name);
        await using var server = await TestServer.StartAsync(dialogue.Settings);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(server.Address, TestContext.Current.CancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        Stream stream = client.GetStream();
        var lines = new LineReader(stream, limit.Token);
        var mayGoOn = false;
        var reply = new List<string>();

        for (var at = 0; at < dialogue.Lines.Count;)
        {
            var line = dialogue.Lines[at];
            var where = $"{name}.smtp:{line.Number} ({pace})";
            switch (line.Kind)
            {
                case "C:" or "R:":
                    var turn = dialogue.Lines.Skip(at).TakeWhile(next => next.Kind is "C:" or "R:").ToList();
                    await SendAsync(stream, turn.Select(next => Bytes(next, server)), pace, limit.Token);
                    at += turn.Count;
                    continue;
                case "S:":
                    var said = await ReadAsync();
                    while (mayGoOn && said is [_, _, _, '-', ..] && !Matches(line.Text, said))
                        said = await ReadAsync();
                    mayGoOn = false;
                    Assert.True(said is not null, $"{where}: closed, expected {line.Text}");
                    Assert.True(Matches(line.Text, said), $"{where}: expected {line.Text}, got {said}");
                    break;
                case "S!":
                    Assert.False(reply.Exists(each => Matches(line.Text, each)), $"{where}: {line.Text} is in {string.Join(", ", reply)}");
                    break;
                case "S-":
                    mayGoOn = true;
                    break;
                case "T.":
                    stream = await StartTlsAsync(stream, limit.Token);
                    lines = new LineReader(stream, limit.Token);
                    break;
                case "S.":
                    Assert.True(await lines.ReadAsync() is null, $"{where}: not closed");
                    break;
                case "Q:":
                    var queued = await server.QueueAsync();
                    Assert.True(queued.Count == int.Parse(line.Text, System.Globalization.CultureInfo.InvariantCulture), $"{where}: the queue has {queued.Count}");
                    break;
                case "P:":
                    var prologue = Encoding.UTF8.GetString((await server.QueueAsync())[^1].Envelope.Prologue.Span);
                    Assert.True(Matches($"*{line.Text}*", prologue), $"{where}: no {line.Text} in {prologue}");
                    break;
                case "P!":
                    prologue = Encoding.UTF8.GetString((await server.QueueAsync())[^1].Envelope.Prologue.Span);
                    Assert.False(Matches($"*{line.Text}*", prologue), $"{where}: {line.Text} in {prologue}");
                    break;
                case "E:":
                    var envelopes = dialogue.Lines.Skip(at).TakeWhile(next => next.Kind == "E:").Select(next => next.Text).ToList();
                    Assert.Equal(envelopes, Addressed((await server.QueueAsync())[^1].Envelope));
                    at += envelopes.Count;
                    continue;
                case "B:":
                    var expected = Encoding.Latin1.GetString(Dialogue.Unescape(line.Text));
                    Assert.Equal(expected, Encoding.Latin1.GetString(await server.NewestBodyAsync()));
                    break;
                default:
                    throw new FormatException($"{where}: {line.Kind}");
            }

            at++;
        }

        async Task<string?> ReadAsync()
        {
            if (reply is [.., not [_, _, _, '-', ..]])
                reply.Clear();
            var said = await lines.ReadAsync();
            if (said is null)
                return null;
            reply.Add(said);
            Assert.True(HasItsStatus(said, reply[0]), $"{name}: no enhanced status of its class: {said}");
            return said;
        }
    }

    // RFC 2034 §4: every 2xx, 4xx and 5xx but the greeting and what answers EHLO and HELO, each of which begins with the host's name.
    private static bool HasItsStatus(string line, string first) =>
        line[0] == '3' || first[4..].StartsWith("mx.example.org", StringComparison.Ordinal)
        || Regex.IsMatch(line, @"^([245])\d\d[ -]\1\.\d{1,3}\.\d{1,3} ");

    private static async Task<Stream> StartTlsAsync(Stream stream, CancellationToken cancellationToken)
    {
        var tls = new SslStream(stream, false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "mx.example.org" }, cancellationToken);
        return tls;
    }

    private static byte[] Bytes(Dialogue.Line line, TestServer server) => line.Kind == "R:"
        ? Dialogue.Unescape(line.Text)
        : Encoding.UTF8.GetBytes(server.Fill(line.Text) + "\r\n");

    private static async Task SendAsync(Stream stream, IEnumerable<byte[]> turn, Pace pace, CancellationToken cancellationToken)
    {
        var writes = pace switch
        {
            Pace.Whole => [turn.SelectMany(bytes => bytes).ToArray()],
            Pace.ByLine => turn,
            _ => turn.SelectMany(bytes => bytes).Chunk(1),
        };
        try
        {
            foreach (var bytes in writes)
                await stream.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException)
        {
            // The server has closed already, as some dialogues want; what it said before is still there to be read.
        }
    }

    private static IEnumerable<string> Addressed(Envelope envelope) => envelope.Recipients.Select((recipient, index) => string.Join(' ', new[]
    {
        $"<{envelope.To(index).Sender}> <{recipient.Text}>",
        recipient.Notify == NotifyOn.Unsaid ? null : $"NOTIFY={recipient.Notify.ToString().Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant()}",
        recipient.Original is null ? null : $"ORCPT={recipient.Original}",
        recipient.Expansion == Expansion.None ? null : recipient.Expansion == Expansion.Alias ? "expanded" : "delivered",
    }.OfType<string>()));

    private static bool Matches(string pattern, string line) =>
        Regex.IsMatch(line, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.Singleline);

    private sealed class LineReader(Stream stream, CancellationToken cancellationToken)
    {
        private readonly byte[] _one = new byte[1];

        public async Task<string?> ReadAsync()
        {
            var bytes = new List<byte>();
            while (bytes is not [.., 13, 10])
            {
                try
                {
                    if (await stream.ReadAsync(_one, cancellationToken) == 0)
                        return bytes.Count == 0 ? null : throw new EndOfStreamException();
                }
                catch (IOException) when (bytes.Count == 0)
                {
                    return null;
                }

                bytes.Add(_one[0]);
            }

            return Encoding.UTF8.GetString([.. bytes]).TrimEnd('\r', '\n');
        }
    }
}
