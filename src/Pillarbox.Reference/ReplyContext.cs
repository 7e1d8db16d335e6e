namespace Pillarbox.Reference;

/// <summary>What is known around a reply; it picks between meanings of one code.</summary>
/// <param name="Command">
/// The command that was answered: a verb such as <c>RCPT</c>; <c>connection</c> for the greeting; <c>endOfData</c> for the dot after a
/// message. Null where unknown.
/// </param>
/// <param name="Language">The language of the explanation as a BCP 47 tag; one that is not there gives English.</param>
public sealed record ReplyContext(string? Command = null, string Language = "en")
{
    internal static readonly ReplyContext Default = new();
}
