using System.Globalization;

namespace Pillarbox.Delivery.Client;

/// <summary>What a server says that it takes at most (RFC 9422 §4); <see langword="null"/> where it says nothing of it.</summary>
/// <param name="MailMax">Transactions in a session.</param>
/// <param name="RecipientMax">Recipients in a transaction.</param>
/// <param name="DomainMax">Domains of recipients in a session.</param>
public readonly record struct SmtpLimits(int? MailMax, int? RecipientMax, int? DomainMax)
{
    /// <summary>Reads what stands behind LIMITS. A malformed limit is as good as none, and an unknown one is passed over (RFC 9422 §3).</summary>
    public static SmtpLimits Parse(ReadOnlySpan<string> words)
    {
        var found = new SmtpLimits();
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || ParseValue(word.AsSpan(equals + 1)) is not { } value)
                continue;
            found = word[..equals].ToUpperInvariant() switch
            {
                "MAILMAX" => found with { MailMax = value },
                "RCPTMAX" => found with { RecipientMax = value },
                "RCPTDOMAINMAX" => found with { DomainMax = value },
                _ => found,
            };
        }

        return found;
    }

    // RFC 9422 §4: one to six digits, the first of which is no zero.
    private static int? ParseValue(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= 6 && text[0] != '0' && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}

/// <summary>Keeps a session within what its server takes.</summary>
internal sealed class HopLimits(SmtpLimits limits, string host)
{
    // Only where they count: RFC 9422 §4.3 counts them over the session.
    private readonly HashSet<string> _domains = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the session takes another message, and at least one of its recipients.</summary>
    public bool Take(OutgoingMessage message, int messages) =>
        !(messages >= limits.MailMax) && (limits.DomainMax is null || message.Recipients.Any(recipient => HasRoom(Domain(recipient))));

    /// <summary>Keeps back the recipients that are more than the server takes: they go in another transaction.</summary>
    public void KeepBack(OutgoingMessage message, Verdict?[] verdicts)
    {
        if (limits is { RecipientMax: null, DomainMax: null })
            return;

        var count = 0;
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i] is not null)
                continue;
            if (count >= limits.RecipientMax)
                verdicts[i] = Kept(string.Create(CultureInfo.InvariantCulture, $"{host} takes {limits.RecipientMax} recipients of a message"));
            else if (limits.DomainMax is not null && !Enter(Domain(message.Recipients[i])))
                verdicts[i] = Kept(string.Create(CultureInfo.InvariantCulture, $"{host} takes recipients of {limits.DomainMax} domains in a session"));
            else
                count++;
        }
    }

    private bool HasRoom(string domain) => _domains.Count < limits.DomainMax || _domains.Contains(domain);

    private bool Enter(string domain)
    {
        if (!HasRoom(domain))
            return false;
        _domains.Add(domain);
        return true;
    }

    private Verdict Kept(string why) => Verdict.Defer(5, 3, $"{why} (LIMITS); this one goes separately", host) with { Untried = true };

    private static string Domain(Protocol.Commands.Recipient recipient) => recipient.Address.Domain.ToString();
}
