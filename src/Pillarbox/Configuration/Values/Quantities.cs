using System.Globalization;

namespace Pillarbox.Configuration.Values;

/// <summary>A time span: a whole number and <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>. <c>never</c>, where allowed, is <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
internal sealed class Duration(TimeSpan min, TimeSpan max, bool orNever = false)
    : TextKind($"a duration such as 30s, 5m, 4h or 5d{(orNever ? ", or \"never\"" : "")}")
{
    protected override Reading Read(string text, ReadingContext context)
    {
        if (orNever && text == "never")
            return Reading.Of(Timeout.InfiniteTimeSpan);
        if (Parse(text) is not { } duration)
            return Reading.Wrong($"\"{text}\" is no duration; write {Form}");
        return duration >= min && duration <= max
            ? Reading.Of(duration)
            : Reading.Wrong($"\"{text}\" is out of range; write a duration from {Format(min)} to {Format(max)}");
    }

    private static TimeSpan? Parse(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' when number <= 10_000_000 => TimeSpan.FromDays(number),
            _ => null,
        };
    }

    private static string Format(TimeSpan span) => span switch
    {
        { Ticks: 0 } => "0s",
        _ when span.Ticks % TimeSpan.TicksPerDay == 0 => $"{span.Days}d",
        _ when span.Ticks % TimeSpan.TicksPerHour == 0 => $"{(int)span.TotalHours}h",
        _ when span.Ticks % TimeSpan.TicksPerMinute == 0 => $"{(int)span.TotalMinutes}m",
        _ => $"{(long)span.TotalSeconds}s",
    };
}

/// <summary>A number of octets: a whole number and <c>B</c>, <c>KiB</c>, <c>MiB</c> or <c>GiB</c>.</summary>
internal sealed class Size(long min, long max) : TextKind("a size such as 10KiB, 25MiB or 1GiB")
{
    private static readonly (string Unit, int Shift)[] Units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("B", 0)];

    protected override Reading Read(string text, ReadingContext context)
    {
        if (Parse(text) is not { } size)
            return Reading.Wrong($"\"{text}\" is no size; write {Form}");
        return size >= min && size <= max ? Reading.Of(size) : Reading.Wrong($"\"{text}\" is out of range; write a size from {Format(min)} to {Format(max)}");
    }

    private static long? Parse(string text)
    {
        foreach (var (unit, shift) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal))
            {
                return int.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? (long)number << shift
                    : null;
            }
        }

        return null;
    }

    private static string Format(long size)
    {
        foreach (var (unit, shift) in Units.OrderByDescending(u => u.Shift))
        {
            if (size >= 1L << shift && size % (1L << shift) == 0)
                return $"{size >> shift}{unit}";
        }

        return $"{size}B";
    }
}
