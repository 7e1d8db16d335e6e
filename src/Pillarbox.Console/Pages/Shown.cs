using System.Globalization;

namespace Pillarbox.WebConsole.Pages;

/// <summary>How values look on a page.</summary>
internal static class Shown
{
    public static string Size(long octets) => octets switch
    {
        < 1 << 10 => $"{octets} B",
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{octets / 1024.0:0.#} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{octets / 1048576.0:0.#} MiB"),
    };

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>For a machine, in a time element.</summary>
    public static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string After(DateTimeOffset start, DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"+{Math.Max(0, (time - start).TotalSeconds):0.000}");

    /// <summary>The null reverse-path as it stands on the wire.</summary>
    public static string Sender(string address) => address.Length == 0 ? "<>" : address;

    public static string Subject(string subject) => subject.Length == 0 ? "(no subject)" : subject;

    /// <summary>The first few of many.</summary>
    public static string Several(IReadOnlyList<string> values, int most = 3) =>
        values.Count <= most ? string.Join(", ", values) : $"{string.Join(", ", values.Take(most))} and {values.Count - most} more";
}
