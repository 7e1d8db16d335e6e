using System.Buffers;
using System.Text;

namespace Pillarbox.Server.Sessions;

/// <summary>
/// Lines that are no command, but were meant to announce a chunk: what follows such a line is a message's, and must never be read as
/// commands (RFC 3030 §2).
/// </summary>
internal static class BdatLine
{
    /// <summary>Whether a line that is too long was meant so. Where its beginning is white space alone nobody can tell, and it may have been.</summary>
    /// <param name="line">As much of it as has come, which is more than the limit.</param>
    /// <param name="limit">Octets allowed; what lies past them is not looked at, so that it does not matter how much has come at once.</param>
    public static bool MayBeMeant(in ReadOnlySequence<byte> line, int limit) => Begins(line.Slice(0, limit + 1)) ?? true;

    /// <summary>Whether a whole line was meant so.</summary>
    public static bool IsMeant(in ReadOnlySequence<byte> line) => Begins(line) ?? false;

    // Null where there is nothing but white space.
    private static bool? Begins(in ReadOnlySequence<byte> line)
    {
        Span<byte> word = stackalloc byte[4];
        var length = 0;
        foreach (var segment in line)
        {
            foreach (var octet in segment.Span)
            {
                if (length == 0 && octet <= (byte)' ')
                    continue;
                word[length++] = octet;
                if (length == word.Length)
                    return Ascii.EqualsIgnoreCase(word, "BDAT"u8);
            }
        }

        return length == 0 ? null : false;
    }
}
