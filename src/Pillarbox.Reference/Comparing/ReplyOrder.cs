using Pillarbox.Reference.Data;

namespace Pillarbox.Reference.Comparing;

/// <summary>The order of codes: basic ones by number, then enhanced ones by their numbers.</summary>
internal sealed class ReplyOrder : IComparer<Explanation>
{
    public static ReplyOrder Instance { get; } = new();

    public int Compare(Explanation? x, Explanation? y) => Key(x!).CompareTo(Key(y!));

    private static (int Code, int Class, int Subject, int Detail) Key(Explanation one) =>
        EnhancedCode.TryParse(one.Enhanced, out var enhanced)
            ? (one.Code ?? int.MaxValue, enhanced.Class, enhanced.Subject, enhanced.Detail)
            : (one.Code ?? int.MaxValue, -1, -1, -1);
}
