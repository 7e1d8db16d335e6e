using System.Buffers.Text;
using System.Text;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Protocol.Commands;

/// <summary>BDAT (RFC 3030 §2): so many octets follow the command line at once.</summary>
/// <param name="Size">Octets of the chunk.</param>
/// <param name="Last">Whether the message ends with it.</param>
public readonly record struct BdatCommand(long Size, bool Last)
{
    /// <summary>Reads what stands behind BDAT.</summary>
    /// <returns>The fault, or <see langword="null"/>. After a fault nobody knows how much follows, so the session cannot go on.</returns>
    public static Reply? Read(ReadOnlySpan<byte> argument, out BdatCommand command)
    {
        command = default;
        var space = argument.IndexOf((byte)' ');
        var size = space < 0 ? argument : argument[..space];
        var last = space < 0 ? default : argument[space..].TrimStart((byte)' ');
        if (size.IsEmpty || size.Length > 18 || size.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || !Utf8Parser.TryParse(size, out long octets, out var used) || used != size.Length
            || !(last.IsEmpty || Ascii.EqualsIgnoreCase(last, "LAST"u8)))
            return ReplyCatalogue.BadBdat;
        command = new BdatCommand(octets, !last.IsEmpty);
        return null;
    }
}
