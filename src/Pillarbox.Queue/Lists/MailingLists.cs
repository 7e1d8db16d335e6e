using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Queue.Lists;

/// <summary>The lists there are. Immutable; a reload makes a new one.</summary>
public sealed class MailingLists
{
    /// <summary>How many addresses a list may stand for in all, so that no message can grow without end.</summary>
    public const int MostMembers = 1000;

    /// <summary>How deep lists may lie in each other.</summary>
    public const int MostDepth = 10;

    /// <summary>No lists.</summary>
    public static readonly MailingLists None = new([]);

    private static readonly IdnMapping Mapping = new();

    private readonly FrozenDictionary<string, MailingList> _byAddress;

    /// <param name="lists">The lists, their domains in ASCII. Of two with one address the first counts.</param>
    public MailingLists(IEnumerable<MailingList> lists)
    {
        ArgumentNullException.ThrowIfNull(lists);
        var byAddress = new Dictionary<string, MailingList>(StringComparer.OrdinalIgnoreCase);
        foreach (var list in lists)
        {
            byAddress.TryAdd(Plain(list.Address), list);

            // The same domain in U-labels (RFC 5890 §2.3.2.1), as MAIL with SMTPUTF8 may have it.
            if (ToUnicode(list.Address.Domain.ToString()) is { } domain)
                byAddress.TryAdd($"{list.Address.UnquotedLocalPart()}@{domain}", list);
        }

        _byAddress = byAddress.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _byAddress.Count == 0;

    /// <summary>The list of that address, or <see langword="null"/>. Whose the domain is, decides how a local part is read (RFC 5321 §2.3.11): here letters are the same in either case.</summary>
    public MailingList? Find(Mailbox address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return IsEmpty ? null : _byAddress.GetValueOrDefault(Plain(address));
    }

    /// <summary>Puts those whom a list stands for in its place.</summary>
    /// <param name="recipients">The recipients as they were named.</param>
    /// <param name="fromNobody">Whether the message has the null reverse-path, which no list changes: a report that met another report would have no end.</param>
    /// <returns>Each once; the same array where no list is among them.</returns>
    public ImmutableArray<Recipient> Expand(ImmutableArray<Recipient> recipients, bool fromNobody)
    {
        if (IsEmpty || !recipients.Any(recipient => Find(recipient.Address) is not null))
            return recipients;
        return new ListExpansion(this, fromNobody).Of(recipients);
    }

    // An address without what quotes it needs not: in most it is the text itself.
    private static string Plain(Mailbox address) =>
        address.LocalPart is ['"', ..] ? $"{address.UnquotedLocalPart()}@{address.Domain}" : address.Text;

    private static string? ToUnicode(string domain)
    {
        try
        {
            var unicode = Mapping.GetUnicode(domain);
            return Ascii.IsValid(unicode) ? null : unicode;
        }
        catch (ArgumentException)
        {
            // An xn-- label that stands for nothing has no other form.
            return null;
        }
    }
}
