using System.Collections.Immutable;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Trust.Accounts;

/// <summary>The addresses that an account may send from: whole ones, and <c>@example.net</c> for all of a domain.</summary>
/// <param name="Patterns">At least one; domains in any case.</param>
public sealed record SenderRights(ImmutableArray<string> Patterns)
{
    /// <summary>Whether a text is such a pattern.</summary>
    public static bool IsPattern(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Mailbox.TryParse(text.StartsWith('@') ? "x" + text : text, out var mailbox) && !mailbox.Domain.IsEmpty;
    }

    /// <summary>Whether mail may come from this address; the null sender may be used by anybody, for reports.</summary>
    public bool Allow(Mailbox? sender)
    {
        if (sender is null)
            return true;
        foreach (var pattern in Patterns)
        {
            var at = pattern.LastIndexOf('@');
            if (SameDomain(pattern.AsSpan(at + 1), sender.Domain) && (at == 0 || pattern.AsSpan(0, at).Equals(sender.LocalPart, StringComparison.OrdinalIgnoreCase)))
                return true;
        }

        return false;
    }

    private static bool SameDomain(ReadOnlySpan<char> one, ReadOnlySpan<char> other) =>
        one.Equals(other, StringComparison.OrdinalIgnoreCase)
        || (DomainNames.TryToAscii(one.ToString(), out var a) && DomainNames.TryToAscii(other.ToString(), out var b) && a.Equals(b, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public bool Equals(SenderRights? other) => other is not null && Patterns.SequenceEqual(other.Patterns);

    /// <inheritdoc/>
    public override int GetHashCode() => Patterns.Length;
}
