using System.Globalization;
using System.Text;

namespace Pillarbox.Commands.Send;

/// <summary>The message that is sent where none is given.</summary>
internal static class FirstMessage
{
    public static byte[] Compose(string from, IEnumerable<string> to, DateTimeOffset now)
    {
        var date = now.ToString("ddd, dd MMM yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture).Remove(29, 1);
        return Encoding.UTF8.GetBytes(
            $"""
            From: <{from.Trim('<', '>')}>
            To: {string.Join(",\n ", to.Select(address => $"<{address.Trim('<', '>')}>"))}
            Date: {date}
            Message-ID: <{Guid.NewGuid():n}@pillarbox.invalid>
            Subject: A first message
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8

            Sent by pillarbox send. If you read this, the way works.

            """);
    }
}
