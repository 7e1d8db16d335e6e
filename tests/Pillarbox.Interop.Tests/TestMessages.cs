using System.Text;

namespace Pillarbox.Interop.Tests;

/// <summary>Messages that servers have been seen to change on their way.</summary>
internal static class TestMessages
{
    private const string _mime = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n";

    /// <summary>The names of those that every hop of a test can carry.</summary>
    public static IEnumerable<string> Names => _bodies.Keys;

    private static readonly Dictionary<string, Func<byte[]>> _bodies = new()
    {
        ["plain text"] = () => "One line.\r\nAnother.\r\n"u8.ToArray(),
        ["leading dots"] = () => ".\r\n..\r\n...\r\n.hidden\r\n. \r\n..\r\n\r\n.\r\n"u8.ToArray(),
        ["lines of 998 octets"] = () => Repeat(Encoding.ASCII.GetBytes(new string('x', 998) + "\r\n" + "." + new string('y', 997) + "\r\n"), 20),
        ["8-bit octets"] = () => [.. "สวัสดี, Grüße, 你好\r\n"u8, .. AllHighOctets(), .. "\r\n"u8],
        ["a last line without text"] = () => "Text.\r\n\r\n\r\n"u8.ToArray(),
        ["no body"] = () => [],
        ["trailing blanks and tabs"] = () => "trailing  \r\n\t\r\n \r\n\tleading\t\r\nFrom the start\r\n"u8.ToArray(),
        ["20 MB"] = () => Random(20 << 20),
    };

    /// <summary>A message with that body and a subject of its own.</summary>
    public static byte[] Create(string name, string subject)
    {
        var header =
            $"From: <ann@source.test>\r\nTo: <bob@destination.test>\r\nDate: Tue, 03 Nov 2026 09:00:00 +0000\r\n" +
            $"Message-ID: <{subject}@source.test>\r\nSubject: {subject}\r\n" + _mime;
        return [.. Encoding.ASCII.GetBytes(header), .. "\r\n"u8, .. _bodies[name]()];
    }

    /// <summary>A subject that no other message has.</summary>
    public static string NewSubject() => $"interop-{Guid.NewGuid():N}";

    /// <summary>Lines of random printable octets, about so many in all.</summary>
    public static byte[] Random(int length)
    {
        var body = new byte[length / 80 * 80];
        new Random(length).NextBytes(body);
        for (var index = 0; index < body.Length; index++)
        {
            body[index] = (index % 80) switch
            {
                78 => (byte)'\r',
                79 => (byte)'\n',
                _ => (byte)(' ' + (body[index] % 95)),
            };
        }

        return body;
    }

    private static byte[] Repeat(byte[] block, int times) => [.. Enumerable.Repeat(block, times).SelectMany(octets => octets)];

    private static byte[] AllHighOctets() => [.. Enumerable.Range(128, 128).Select(value => (byte)value)];
}
