using System.Text;

namespace Pillarbox.Peers;

/// <summary>A message as a maildir holds it: trace headers of those who delivered it, then what was sent, with LF.</summary>
/// <param name="Content">All of it.</param>
public sealed record StoredMessage(byte[] Content)
{
    private static readonly string[] _trace = ["Return-Path:", "X-Original-To:", "Envelope-To:", "Delivered-To:", "Received:"];

    /// <summary>Reads a file of a maildir.</summary>
    public static StoredMessage Read(string path) => new(File.ReadAllBytes(path));

    /// <summary>What stands before the message that was sent: Return-Path, Delivered-To, Received and the like, at the very top.</summary>
    public string Trace => Encoding.Latin1.GetString(Content, 0, TraceLength);

    /// <summary>The message without what its deliverers put on top, with CRLF as on the wire.</summary>
    public byte[] AsSent => WithCrlf(Content.AsSpan(TraceLength));

    /// <summary>All of it as text, a character a byte.</summary>
    public string Text => Encoding.Latin1.GetString(Content);

    /// <summary>The value of the first header field of that name, folds kept.</summary>
    public string? Header(string name)
    {
        var lines = Text.Split('\n');
        for (var index = 0; index < lines.Length && lines[index].Length > 0; index++)
        {
            if (!lines[index].StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
                continue;

            var value = lines[index][(name.Length + 1)..];
            while (index + 1 < lines.Length && lines[index + 1] is [' ' or '\t', ..])
                value += "\n" + lines[++index];

            return value.Trim();
        }

        return null;
    }

    private int TraceLength
    {
        get
        {
            var position = 0;
            var inTrace = true;
            while (position < Content.Length)
            {
                var line = Content.AsSpan(position);
                var end = line.IndexOf((byte)'\n');
                var length = end < 0 ? line.Length : end + 1;
                var folded = line[0] is (byte)' ' or (byte)'\t';
                if (!folded)
                    inTrace = IsTrace(line[..length]);
                if (!inTrace || length == 1)
                    break;

                position += length;
            }

            return position;
        }
    }

    private static bool IsTrace(ReadOnlySpan<byte> line)
    {
        foreach (var name in _trace)
        {
            if (line.Length >= name.Length && Encoding.Latin1.GetString(line[..name.Length]).Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static byte[] WithCrlf(ReadOnlySpan<byte> text)
    {
        var result = new byte[text.Length + text.Count((byte)'\n')];
        var length = 0;
        foreach (var octet in text)
        {
            if (octet == '\n')
                result[length++] = (byte)'\r';

            result[length++] = octet;
        }

        return result;
    }
}
