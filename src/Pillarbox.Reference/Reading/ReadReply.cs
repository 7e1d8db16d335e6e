namespace Pillarbox.Reference.Reading;

/// <summary>A reply as found in pasted text.</summary>
/// <param name="Code">The basic code, or null where an enhanced code stands alone.</param>
/// <param name="Enhanced">The enhanced code, or null.</param>
/// <param name="Text">What the server says beside them; lines are joined by a space.</param>
/// <param name="OtherCode">A code that another line of the same reply has: RFC 5321 §4.2.1 wants one code in all lines.</param>
internal sealed record ReadReply(int? Code, string? Enhanced, string Text, int? OtherCode);
