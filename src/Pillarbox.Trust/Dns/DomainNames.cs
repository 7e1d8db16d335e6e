using System.Globalization;
using System.Text;

namespace Pillarbox.Trust.Dns;

/// <summary>Domain names as the DNS has them.</summary>
public static class DomainNames
{
    private static readonly IdnMapping Mapping = new() { AllowUnassigned = false, UseStd3AsciiRules = false };

    /// <summary>A name in A-labels (RFC 5890 §2.3.2.1), in lower case and without a last dot.</summary>
    /// <returns>Whether the name has such a form: no empty label, none over 63 octets, no more than 253 in all.</returns>
    public static bool TryToAscii(string name, out string ascii)
    {
        ArgumentNullException.ThrowIfNull(name);
        ascii = name.EndsWith('.') ? name[..^1] : name;
        if (!Ascii.IsValid(ascii))
        {
            try
            {
                // Capital letters of other scripts have no A-label; who types them means the small ones (RFC 5895 §2).
                ascii = Mapping.GetAscii(ascii.ToLowerInvariant().Normalize(NormalizationForm.FormC));
            }
            catch (ArgumentException)
            {
                return false;
            }
        }

        ascii = ascii.ToLowerInvariant();
        return ascii.Length is > 0 and <= 253 && Array.TrueForAll(ascii.Split('.'), label => label.Length is > 0 and <= 63);
    }
}
