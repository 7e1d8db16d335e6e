using System.Buffers;
using System.Text;

namespace Pillarbox.Bounces.Reading;

/// <summary>Tells a message from a reply or a line of a log.</summary>
internal static class MessageStart
{
    private const int MaxStart = 16 << 10;

    private static readonly SearchValues<char> Names =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    private static readonly string[] Known =
        ["From", "To", "Subject", "Date", "Received", "Return-Path", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted", "Delivered-To", "X-Failed-Recipients"];

    /// <summary>Whether it begins as a message does: two header fields or more, of which one is known from mail.</summary>
    public static bool IsMessage(ReadOnlySpan<byte> octets)
    {
        var text = Encoding.UTF8.GetString(octets[..Math.Min(octets.Length, MaxStart)]);
        text = text.TrimStart('\ufeff', '\r', '\n');
        var (fields, known) = (0, false);
        foreach (var line in text.Split('\n'))
        {
            var field = line.TrimEnd('\r');
            if (field.Length == 0)
                break;
            if (field[0] is ' ' or '\t' || (fields == 0 && field.StartsWith("From ", StringComparison.Ordinal)))
                continue;
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || field.AsSpan(0, colon).ContainsAnyExcept(Names))
                return false;
            fields++;
            known |= Known.Contains(field[..colon], StringComparer.OrdinalIgnoreCase);
        }

        return fields >= 2 && known;
    }
}
