namespace Pillarbox.Delivery.Client;

/// <summary>
/// Finds where a message needs a dot more (RFC 5321 §4.5.2): at the start of each line that begins with one. It copies
/// nothing: it cuts the content into runs that go out as they are, and says before which a dot goes. Keeps the position in
/// the line across pieces.
/// </summary>
internal struct DotStuffer
{
    private bool _insideLine;

    /// <summary>Whether all that was seen ends in a line end (or nothing was seen).</summary>
    public readonly bool AtLineStart => !_insideLine;

    /// <summary>Takes the next run off the front of <paramref name="content"/>, which is not empty.</summary>
    /// <param name="content">What is left; on return, what is left after the run.</param>
    /// <param name="dotFirst">Whether a dot goes ahead of the run.</param>
    public ReadOnlyMemory<byte> Next(ref ReadOnlyMemory<byte> content, out bool dotFirst)
    {
        var span = content.Span;
        dotFirst = !_insideLine && span[0] == (byte)'.';

        // A run ends behind the LF of a line whose next begins with a dot; the vectorised search looks for both at once.
        var at = span.IndexOf("\n."u8);
        var length = at < 0 ? span.Length : at + 1;
        _insideLine = span[length - 1] != (byte)'\n';
        var run = content[..length];
        content = content[length..];
        return run;
    }
}
