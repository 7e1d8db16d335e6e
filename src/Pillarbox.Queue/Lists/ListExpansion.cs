using System.Collections.Immutable;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Queue.Lists;

/// <summary>One message's recipients, as its lists are expanded.</summary>
internal sealed class ListExpansion(MailingLists lists, bool fromNobody)
{
    private readonly ImmutableArray<Recipient>.Builder _all = ImmutableArray.CreateBuilder<Recipient>();
    private readonly HashSet<Mailbox> _seen = [];
    private readonly HashSet<Mailbox> _entered = [];

    public ImmutableArray<Recipient> Of(ImmutableArray<Recipient> named)
    {
        // Whoever was named gets the message as it was asked for them, though a list has them too.
        foreach (var recipient in named)
        {
            if (lists.Find(recipient.Address) is null && _seen.Add(recipient.Address))
                _all.Add(recipient);
        }

        foreach (var recipient in named)
        {
            if (lists.Find(recipient.Address) is { } list)
                Enter(list, recipient, depth: 1);
        }

        return _all.DrainToImmutable();
    }

    // The depth is the configuration's to bound; it is here so that nothing that slips through ends the process.
    private void Enter(MailingList list, Recipient named, int depth)
    {
        if (depth > MailingLists.MostDepth || !_entered.Add(list.Address))
            return;
        var outcome = list.Owner is not null ? Expansion.List : list.Members.Length > 1 ? Expansion.Alias : Expansion.None;
        if (outcome != Expansion.None && named.Notify.HasFlag(NotifyOn.Success) && !fromNobody)
            _all.Add(named with { Expansion = outcome, Notify = NotifyOn.Success });

        var handed = Handed(list, named);
        foreach (var member in list.Members)
        {
            if (lists.Find(member) is { } inner)
                Enter(inner, handed with { Address = member }, depth + 1);
            else if (_seen.Add(member))
                _all.Add(handed with { Address = member });
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
