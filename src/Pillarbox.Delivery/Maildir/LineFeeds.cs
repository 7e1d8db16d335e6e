using Microsoft.Win32.SafeHandles;

namespace Pillarbox.Delivery.Maildir;

/// <summary>Writes content to a file with each CRLF as an LF; what is not a line end stays. Or as it is.</summary>
internal sealed class LineFeeds(SafeFileHandle file, bool asIs = false)
{
    private long _offset;
    private bool _pendingReturn;

    private void WriteAsIs(ReadOnlySpan<byte> content)
    {
        RandomAccess.Write(file, content, _offset);
        _offset += content.Length;
    }

    /// <summary>Takes the next piece; a CRLF may be cut in two.</summary>
    public void Write(ReadOnlySpan<byte> content)
    {
        if (asIs)
        {
            WriteAsIs(content);
            return;
        }

        Span<byte> shortened = new byte[content.Length + 1];
        var length = 0;
        if (_pendingReturn && !content.IsEmpty)
        {
            _pendingReturn = false;
            if (content[0] != (byte)'\n')
                shortened[length++] = (byte)'\r';
        }

        while (!content.IsEmpty)
        {
            var at = content.IndexOf((byte)'\r');
            var run = at < 0 ? content : content[..at];
            run.CopyTo(shortened[length..]);
            length += run.Length;
            if (at < 0)
                break;

            content = content[(at + 1)..];
            if (content.IsEmpty)
                _pendingReturn = true;
            else if (content[0] != (byte)'\n')
                shortened[length++] = (byte)'\r';
        }

        WriteAsIs(shortened[..length]);
    }

    /// <summary>All was written.</summary>
    public void End()
    {
        if (_pendingReturn)
            WriteAsIs("\r"u8);
    }
}
