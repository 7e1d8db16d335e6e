namespace Pillarbox.Queue;

/// <summary>
/// What a message is called from its 250 to its last outcome: 64 bits, increasing in the order in which messages began to come in, shown as
/// 13 characters of Crockford's base 32 (no I, L, O, U), so that it can be read aloud and never spells a flag or a path.
/// </summary>
public readonly record struct QueueId(ulong Value) : IComparable<QueueId>
{
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>How many characters an id has.</summary>
    public const int TextLength = 13;

    /// <summary>Reads what <see cref="ToString"/> wrote, in either case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out QueueId id)
    {
        id = default;
        if (text.Length != TextLength)
            return false;

        UInt128 value = 0;
        foreach (var c in text)
        {
            var digit = Digits.IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal);
            if (digit < 0)
                return false;
            value = (value << 5) | (uint)digit;
        }

        if (value > ulong.MaxValue)
            return false;
        id = new QueueId((ulong)value);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(QueueId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => string.Create(TextLength, Value, static (text, value) =>
    {
        for (var i = text.Length - 1; i >= 0; i--, value >>= 5)
            text[i] = Digits[(int)(value & 31)];
    });

    public static bool operator <(QueueId left, QueueId right) => left.Value < right.Value;

    public static bool operator >(QueueId left, QueueId right) => left.Value > right.Value;

    public static bool operator <=(QueueId left, QueueId right) => left.Value <= right.Value;

    public static bool operator >=(QueueId left, QueueId right) => left.Value >= right.Value;
}
