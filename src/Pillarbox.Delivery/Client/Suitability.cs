using System.Globalization;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Client;

/// <summary>
/// Whether a server can take a message as it is. What it cannot take is not rewritten and not tried: it comes back at once,
/// since the same server would say the same tomorrow.
/// </summary>
internal static class Suitability
{
    /// <summary>Fills in a verdict for each recipient that the message cannot go to.</summary>
    /// <returns>Whether there is a recipient left.</returns>
    public static bool Check(OutgoingMessage message, SmtpCapabilities capabilities, string host, Verdict?[] verdicts)
    {
        if (OfWhole(message, capabilities, host) is { } verdict)
        {
            Array.Fill(verdicts, verdict);
            return false;
        }

        if (capabilities.SmtpUtf8)
            return true;

        var left = 0;
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (message.Recipients[i].Address.NeedsSmtpUtf8)
                verdicts[i] = Verdict.Fail(6, 7, $"{host} does not offer SMTPUTF8, which the recipient's address needs", host);
            else
                left++;
        }

        return left > 0;
    }

    /// <summary>Whether MAIL says SMTPUTF8 where it is offered (RFC 6531 §3.4).</summary>
    public static bool NeedsSmtpUtf8(OutgoingMessage message) =>
        message.SmtpUtf8 || message.Sender is { NeedsSmtpUtf8: true } || message.Recipients.Any(recipient => recipient.Address.NeedsSmtpUtf8);

    private static Verdict? OfWhole(OutgoingMessage message, SmtpCapabilities capabilities, string host)
    {
        if (capabilities.MaxSize < message.Size)
        {
            // RFC 1870 §6.1 has the client see for itself that it need not try.
            return Verdict.Fail(3, 4, string.Create(CultureInfo.InvariantCulture, $"{host} takes messages of {capabilities.MaxSize} octets; this one has {message.Size}"), host);
        }

        // RFC 6152 §3: no 8-bit content to a server that has not offered to take it. A header with raw octets that came without SMTPUTF8,
        // as old software writes it, makes no internationalized message: it is 8-bit content like the body.
        if ((message.Traits.HasFlag(MessageTraits.EightBitBody) || (message.Traits.HasFlag(MessageTraits.EightBitHeaders) && !message.SmtpUtf8)) && !capabilities.EightBitMime)
            return Verdict.Fail(6, 3, $"{host} does not offer 8BITMIME, which the message needs", host);
        if (capabilities.SmtpUtf8)
            return null;

        // RFC 6531 §3.1 and §3.5: 5.6.7 speaks of addresses, 5.6.9 of the message's header.
        if (message.Sender is { NeedsSmtpUtf8: true })
            return Verdict.Fail(6, 7, $"{host} does not offer SMTPUTF8, which the sender's address needs", host);
        return message.SmtpUtf8 && message.Traits.HasFlag(MessageTraits.EightBitHeaders)
            ? Verdict.Fail(6, 9, $"{host} does not offer SMTPUTF8, which the message's header needs", host)
            : null;
    }
}
