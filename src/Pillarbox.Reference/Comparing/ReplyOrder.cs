using Pillarbox.Reference.Data;

namespace Pillarbox.Reference.Comparing;

/// <summary>The order of codes: basic ones by number, then enhanced ones by subject, detail and class.</summary>
internal sealed class ReplyOrder : IComparer<Explanation>
{
    public static ReplyOrder Instance { get; } = new();

    public int Compare(Explanation? x, Explanation? y) => Key(x!).CompareTo(Key(y!));

    private static (int Code, int Subject, int Detail, int Class) Key(Explanation one) =>
        EnhancedCode.TryParse(one.Enhanced, out var enhanced)
            ? (one.Code ?? int.MaxValue, enhanced.Subject, enhanced.Detail, enhanced.Class)
            : (one.Code ?? int.MaxValue, -1, -1, -1);
}
