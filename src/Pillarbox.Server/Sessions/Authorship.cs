using MimeKit;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Server.Sessions;

/// <summary>Whether a message is by whom it says: every mailbox of From, and that of Sender where there is one, must be the account's.</summary>
internal static class Authorship
{
    private static readonly ParserOptions Strict = new()
    {
        AddressParserComplianceMode = RfcComplianceMode.Strict,
        AllowAddressesWithoutDomain = false,
        AllowUnquotedCommasInAddresses = false,
    };

    /// <summary>Whether the fields are as RFC 5322 §3.6.2 has them, and within these rights.</summary>
    /// <param name="scanner">What was seen of the message; one that keeps its <see cref="MessageScanner.Authors"/>.</param>
    /// <param name="rights">The account's.</param>
    public static bool IsWithin(MessageScanner scanner, SenderRights rights)
    {
        if (scanner.Authors is not { IsTooLong: false } fields || scanner.StartsWithSpace)
            return false;

        // Two of a kind are shown differently by different readers.
        if (fields.From is not [var from] || fields.Sender.Count > 1)
            return false;
        if (!TryRead(from, out var authors) || !authors.All(rights.Allow))
            return false;
        if (fields.Sender is [var sender])
            return TryRead(sender, out var senders) && senders is [var one] && rights.Allow(one);

        // Of several authors one must be said to have sent it; each of them is the account's own, so that it may be passed over.
        return true;
    }

    private static bool TryRead(ReadOnlyMemory<byte> body, out List<Mailbox> mailboxes)
    {
        mailboxes = [];
        if (body.Span.Contains((byte)0) || !InternetAddressList.TryParse(Strict, body.ToArray(), out var list))
            return false;
        foreach (var address in list.Mailboxes)
        {
            if (address.Route.Count > 0 || !Mailbox.TryParse(address.Address, out var mailbox) || mailbox.Domain.IsEmpty)
                return false;
            mailboxes.Add(mailbox);
        }

        return mailboxes.Count > 0;
    }
}
