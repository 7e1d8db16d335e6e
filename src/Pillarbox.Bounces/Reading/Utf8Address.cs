using System.Globalization;
using System.Text;

namespace Pillarbox.Bounces.Reading;

/// <summary>An address of type utf-8, with its escapes undone (RFC 6533 §3).</summary>
internal static class Utf8Address
{
    /// <summary>Undoes <c>\x{110A1}</c>; what is no escape stays as it is.</summary>
    public static string Decode(string address)
    {
        var decoded = new StringBuilder(address.Length);
        for (var at = 0; at < address.Length; at++)
        {
            var end = address[at] == '\\' ? address.IndexOf('}', at) : -1;
            if (end > at + 3 && end - at <= 10 && address.AsSpan(at).StartsWith("\\x{", StringComparison.Ordinal)
                && int.TryParse(address.AsSpan(at + 3, end - at - 3), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
                && Rune.IsValid(value) && !Rune.IsControl(new Rune(value)))
            {
                decoded.Append(new Rune(value).ToString());
                at = end;
                continue;
            }

            decoded.Append(address[at]);
        }

        return decoded.ToString();
    }
}
