using System.Text;

namespace Pillarbox.Protocol.Replies;

/// <summary>A reply as another server sent it: whatever it said, kept as it said it. Read by <see cref="RemoteReplyReader"/>.</summary>
/// <param name="Code">Three digits, 200 to 599.</param>
/// <param name="Status">The enhanced status at the start of the first line, or none. Its class may contradict the code.</param>
/// <param name="Text">The text of all lines, joined by a line feed, without code and without enhanced status.</param>
public sealed record RemoteReply(int Code, EnhancedStatus Status, string Text)
{
    /// <summary>2yz.</summary>
    public bool IsPositive => Code is >= 200 and < 300;

    /// <summary>3yz.</summary>
    public bool IsIntermediate => Code is >= 300 and < 400;

    /// <summary>4yz: the same may work later.</summary>
    public bool IsTransient => Code is >= 400 and < 500;

    /// <summary>5yz: the same will not work.</summary>
    public bool IsPermanent => Code >= 500;

    /// <summary>The reply in one line, as a log or a bounce quotes it.</summary>
    public override string ToString()
    {
        var line = new StringBuilder().Append(Code);
        if (!Status.IsNone)
            line.Append(' ').Append(Status.ToString());
        if (Text.Length > 0)
            line.Append(' ').Append(Text.Replace('\n', ' '));
        return line.ToString();
    }
}
