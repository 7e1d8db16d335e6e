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
    private readonly FrozenDictionary<MailingList, int> _sizes;

    /// <param name="lists">The lists. Of two with one address the first counts.</param>
    public MailingLists(IEnumerable<MailingList> lists)
    {
        ArgumentNullException.ThrowIfNull(lists);
        var byAddress = new Dictionary<string, MailingList>(StringComparer.OrdinalIgnoreCase);
        foreach (var list in lists)
            byAddress.TryAdd(Plain(list.Address), list);
        _byAddress = byAddress.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _sizes = byAddress.Values.ToFrozenDictionary(list => list, Count);
    }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _byAddress.Count == 0;

    /// <summary>The list of that address, or <see langword="null"/>. Whose the domain is, decides how a local part is read (RFC 5321 §2.3.11): here letters are the same in either case.</summary>
    public MailingList? Find(Mailbox address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return IsEmpty ? null : _byAddress.GetValueOrDefault(Plain(address));
    }

    /// <summary>How many addresses come into an envelope with this one: those whom a list stands for in all, with the lists in it; for any other address 1.</summary>
    public int SizeOf(Mailbox address) => Find(address) is { } list ? _sizes[list] : 1;

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

    // Each list in it is gone through once, so that one within itself comes to an end.
    private int Count(MailingList list)
    {
        var members = new HashSet<Mailbox>();
        var entered = new HashSet<MailingList>(ReferenceEqualityComparer.Instance) { list };
        var open = new Stack<MailingList>(entered);
        while (open.TryPop(out var next))
        {
            foreach (var member in next.Members)
            {
                if (Find(member) is not { } inner)
                    members.Add(member);
                else if (entered.Add(inner))
                    open.Push(inner);
            }
        }

        return members.Count;
    }

    // An address without what quotes it needs not, its domain in A-labels (RFC 5890 §2.3.2.1): in most it is the text itself.
    private static string Plain(Mailbox address)
    {
        var ascii = Ascii.IsValid(address.Domain);
        return ascii && address.LocalPart is not ['"', ..]
            ? address.Text
            : $"{address.UnquotedLocalPart()}@{(ascii ? address.Domain : ToAscii(address.Domain.ToString()))}";
    }

    // As the server finds its domains, or an address would be of a domain of ours and yet not the list.
    private static string ToAscii(string domain)
    {
        try
        {
            // Capital letters of other scripts have no A-label; who types them means the small ones (RFC 5895 §2).
            return Mapping.GetAscii(domain.ToLowerInvariant().Normalize(NormalizationForm.FormC));
        }
        catch (ArgumentException)
        {
            // What has no such form is no list's.
            return domain;
        }
    }
}
