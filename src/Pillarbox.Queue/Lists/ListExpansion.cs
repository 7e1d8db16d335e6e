using System.Collections.Immutable;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Queue.Lists;

/// <summary>One message's recipients, as its lists are expanded.</summary>
internal sealed class ListExpansion(MailingLists lists, bool fromNobody)
{
    private readonly ImmutableArray<Recipient>.Builder _all = ImmutableArray.CreateBuilder<Recipient>();
    private readonly Dictionary<Mailbox, int> _places = [];
    private readonly HashSet<Mailbox> _told = [];

    // By what is asked too, and whether an owner sends it on: what one way to a list does not bring, another may.
    private readonly HashSet<(Mailbox List, NotifyOn Notify, bool Owned)> _entered = [];
    private readonly Queue<(MailingList List, Recipient Named, int Depth)> _owned = [];

    public ImmutableArray<Recipient> Of(ImmutableArray<Recipient> named)
    {
        // Whoever was named gets the message from its sender, though a list has them too; after them those whom aliases bring, and those of
        // lists with an owner last: in which order they were named changes nothing.
        foreach (var recipient in named)
        {
            if (lists.Find(recipient.Address) is null)
                Add(recipient);
        }

        foreach (var recipient in named)
        {
            if (lists.Find(recipient.Address) is { } list)
                Enter(list, recipient, depth: 1);
        }

        while (_owned.TryDequeue(out var next))
            HandOn(next.List, next.Named, next.Depth);
        return _all.DrainToImmutable();
    }

    // All that was asked holds, but whoever was named is no other's in a report because a list has them too.
    private void Add(Recipient recipient)
    {
        if (_places.TryAdd(recipient.Address, _all.Count))
            _all.Add(recipient);
        else if (_places[recipient.Address] is var place && Equals(_all[place].Sender, recipient.Sender))
            _all[place] = _all[place].Unite(recipient with { Original = null });
    }

    // The depth is the configuration's to bound; it is here so that nothing that slips through ends the process.
    private void Enter(MailingList list, Recipient named, int depth)
    {
        if (depth > MailingLists.MostDepth || !_entered.Add((list.Address, named.Notify, named.Sender is not null)))
            return;
        if (list.Owner is not null && !fromNobody)
            _owned.Enqueue((list, named, depth));
        else
            HandOn(list, named, depth);
    }

    private void HandOn(MailingList list, Recipient named, int depth)
    {
        var outcome = list.Owner is not null ? Expansion.List : list.Members.Length > 1 ? Expansion.Alias : Expansion.None;
        if (outcome != Expansion.None && named.Notify.HasFlag(NotifyOn.Success) && !fromNobody && _told.Add(list.Address))
            _all.Add(named with { Expansion = outcome, Notify = NotifyOn.Success });

        var handed = Handed(list, named);
        foreach (var member in list.Members)
        {
            if (lists.Find(member) is { } inner)
                Enter(inner, handed with { Address = member }, depth + 1);
            else
                Add(handed with { Address = member });
        }
    }

    private Recipient Handed(MailingList list, Recipient named)
    {
        // RFC 3461 §5.2.7.1: what was asked ends at a list; what becomes of its members is its owner's business.
        if (list.Owner is { } owner && !fromNobody)
            return new Recipient(named.Address) { Sender = owner };

        // §5.2.7.2 and §5.2.7.3: through an alias it goes on, but one success, of several, would be told too early: that the alias was
        // expanded is told in its place.
        return named with
        {
            Notify = list.Members.Length > 1 ? WithoutSuccess(named.Notify) : named.Notify,
            Original = named.Original ?? Original(named.Address),
        };
    }

    private static NotifyOn WithoutSuccess(NotifyOn notify) =>
        notify == NotifyOn.Success ? NotifyOn.Never : notify & ~NotifyOn.Success;

    // §5.2.1 d: so that a report names whom the sender wrote to.
    private static OriginalRecipient? Original(Mailbox address) =>
        address.NeedsSmtpUtf8 || Xtext.Encode(address.Text) is not { Length: <= 480 } encoded ? null : new OriginalRecipient("rfc822", encoded);
}
