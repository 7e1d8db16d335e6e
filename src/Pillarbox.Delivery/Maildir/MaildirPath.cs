using System.Text;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Delivery.Maildir;

/// <summary>Makes a Maildir's path from a template and an address.</summary>
internal static class MaildirPath
{
    /// <summary>
    /// The path, or <see langword="null"/> where the address would not be one safe segment. The session has refused such a recipient
    /// already; this is the second lock on the same door, for messages from an older configuration too.
    /// </summary>
    public static string? Expand(string template, Mailbox recipient)
    {
        // Upper and lower case are one mailbox, as senders mean it (RFC 5321 §2.4 discourages telling them apart).
        var local = recipient.UnquotedLocalPart().ToLowerInvariant();
        var domain = recipient.Domain.ToString().ToLowerInvariant();
        if (!Ascii.IsValid(domain) && DomainNames.TryToAscii(domain, out var ascii))
            domain = ascii; // one domain, one directory, whichever way the client writes it
        if ((template.Contains("{local}", StringComparison.Ordinal) && !PathSegment.IsSafe(local))
            || (template.Contains("{domain}", StringComparison.Ordinal) && !PathSegment.IsSafe(domain)))
            return null;

        // In one pass: a local part that reads {domain} stays what it is.
        var parts = template.Split("{local}");
        return string.Join(local, parts.Select(part => part.Replace("{domain}", domain, StringComparison.Ordinal)));
    }
}
