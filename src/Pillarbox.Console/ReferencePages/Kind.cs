using Pillarbox.Reference;

namespace Pillarbox.WebConsole.ReferencePages;

/// <summary>The colour of a reply.</summary>
internal static class Kind
{
    public static string Of(Explanation meaning) => meaning.Class switch
    {
        ReplyClass.PositiveIntermediate => "on",
        ReplyClass.TransientFailure => "later",
        ReplyClass.PermanentFailure => "no",
        _ => "yes",
    };
}
