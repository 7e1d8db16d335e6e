using System.Text;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Delivery.Client;

/// <summary>
/// An address for a server without SMTPUTF8: its domain in A-labels, which name the same domain (RFC 5890 §2.3.2.1). A local part outside ASCII
/// has no such form: it means what its own server says (RFC 6531 §3.2).
/// </summary>
internal static class AsciiAddress
{
    /// <summary>The address in ASCII, or <see langword="null"/> where it has no such form.</summary>
    public static string? Of(Mailbox mailbox)
    {
        if (!mailbox.NeedsSmtpUtf8)
            return mailbox.Text;
        return Ascii.IsValid(mailbox.LocalPart) && DomainNames.TryToAscii(mailbox.Domain.ToString(), out var domain) ? $"{mailbox.LocalPart}@{domain}" : null;
    }

    /// <summary>The address as a server takes it. <see cref="Suitability"/> has seen to it that there is a form.</summary>
    public static string? For(Mailbox? mailbox, SmtpCapabilities capabilities) =>
        mailbox is null || capabilities.SmtpUtf8 ? mailbox?.Text : Of(mailbox);
}
