using System.Buffers;
using System.Text;

namespace Pillarbox.Bounces.Reading;

/// <summary>What gateways append to all that goes out: that it was scanned, that it is confidential. It speaks of viruses, and of none that was found.</summary>
internal static class Disclaimers
{
    private const int MaxLines = 4000;

    private static readonly SearchValues<string> Marks = SearchValues.Create(
    [
        "has been scanned", "was scanned", "been scanned for", "scanned by", "scanned for", "scanned with", "checked for viruses",
        "checked by", "virus-free", "virus free", "free of viruses", "free from viruses", "believed to be clean", "has been swept",
        "certified virus", "no virus found",
        "not the intended recipient", "of the intended recipient", "the named recipient", "the individual or entity", "intended solely",
        "intended only for", "strictly confidential", "is confidential", "are confidential", "confidentiality", "legally privileged",
        "disclaimer", "consider the environment", "anti-virus service", "computer viruses",
        "auf viren geprüft", "virengeprüft", "virenfrei", "vertraulich", "vérifié par", "analysé par", "confidentiel", "analizado",
        "libre de virus", "confidencial", "verificato", "controllato da", "riservat", "verificada", "gescand op", "vertrouwelijk",
        "przeskanowan", "poufn", "проверено", "конфиденциальн",
    ], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Findings = SearchValues.Create(
        ["infected", "detected", "was found", "were found", "has found", "contained", "contains", "rejected", "not delivered", "undeliver", "could not be delivered", "cannot be delivered", "quarantined", "was blocked", "been blocked"], StringComparison.OrdinalIgnoreCase);

    /// <summary>The text without the paragraphs that are such.</summary>
    public static string Without(string text)
    {
        if (!text.AsSpan().ContainsAny(Marks))
            return text;
        var kept = new StringBuilder(text.Length);
        var paragraph = new StringBuilder();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n', MaxLines).Append(""))
        {
            if (line.AsSpan().Trim(" \t_-*=").Length > 0)
            {
                paragraph.Append(line).Append('\n');
                continue;
            }

            var words = paragraph.ToString();
            if (!words.AsSpan().ContainsAny(Marks) || words.AsSpan().ContainsAny(Findings) || words.Split('\n').Any(one => AddressLine.Find(one) is not null))
                kept.Append(words);
            kept.Append(line).Append('\n');
            paragraph.Clear();
        }

        return kept.ToString();
    }
}
