using System.Text.RegularExpressions;

namespace Pillarbox.WebConsole.ReferencePages;

/// <summary>Where a definition can be read: <c>RFC 5321 §4.2.3</c> is a section of a page of the RFC Editor's.</summary>
internal static partial class ReferenceAddress
{
    public static string? Of(string reference)
    {
        if (Rfc().Match(reference) is { Success: true } rfc)
        {
            var page = $"https://www.rfc-editor.org/rfc/rfc{rfc.Groups["number"].Value}";
            return rfc.Groups["section"] is { Success: true } section ? $"{page}#section-{section.Value}" : page;
        }

        return reference switch
        {
            "IANA enhanced status codes" => "https://www.iana.org/assignments/smtp-enhanced-status-codes/smtp-enhanced-status-codes.xhtml",
            "Microsoft Exchange Online NDR list" =>
                "https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online",
            _ => null,
        };
    }

    [GeneratedRegex(@"^RFC (?<number>\d{3,5})(?: §(?<section>\d+(?:\.\d+)*))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Rfc();
}
