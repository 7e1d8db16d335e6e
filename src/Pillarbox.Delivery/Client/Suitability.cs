using System.Globalization;
using Pillarbox.Protocol.Commands;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Client;

/// <summary>
/// Whether a server can take a message as it is. What it cannot take is not rewritten and not tried: it comes back at once,
/// since the same server would say the same tomorrow.
/// </summary>
internal static class Suitability
{
    /// <summary>Fills in a verdict for each recipient that the message cannot go to.</summary>
    /// <param name="message">The message.</param>
    /// <param name="hop">The server.</param>
    /// <param name="verdicts">One for each recipient.</param>
    /// <returns>Whether there is a recipient left.</returns>
    public static bool Check(OutgoingMessage message, Hop hop, Verdict?[] verdicts)
    {
        var (host, capabilities) = (hop.Host, hop.Capabilities);
        var refusal = Protection(message, hop) ?? Time(message, hop) ?? Content(message, capabilities, host);
        if (refusal is not null)
        {
            Array.Fill(verdicts, refusal);
            return false;
        }

        if (capabilities.SmtpUtf8)
            return true;

        var left = 0;
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (AsciiAddress.Of(message.Recipients[i].Address) is null)
                verdicts[i] = Verdict.Fail(6, 7, $"{host} does not offer SMTPUTF8, which the recipient's address needs", host);
            else
                left++;
        }

        return left > 0;
    }

    /// <summary>Whether MAIL says SMTPUTF8 where it is offered (RFC 6531 §3.4).</summary>
    public static bool NeedsSmtpUtf8(OutgoingMessage message) =>
        message.SmtpUtf8 || message.Sender is { NeedsSmtpUtf8: true } || message.Recipients.Any(recipient => recipient.Address.NeedsSmtpUtf8);

    /// <summary>
    /// What keeps a message that asks for it from going over the session (RFC 8689 §4.2.1): no TLS, or with nobody known, 5.7.10; a server that
    /// would not keep it so, 5.7.30. Into a mailbox nothing is kept any further, and what stays on this machine is as safe as the message is here.
    /// </summary>
    public static Verdict? Protection(OutgoingMessage message, Hop hop)
    {
        if (!message.Requests.RequireTls || (hop.IsMailbox && hop.IsLocal))
            return null;
        if (!hop.IsVerified)
            return Verdict.Fail(7, 10, $"the connection to {hop.Host} is not encrypted with a certificate that is valid for it, which the sender requires (REQUIRETLS)", hop.Host);
        return hop.Capabilities.RequireTls || hop.IsMailbox ? null : Verdict.Fail(7, 30, $"{hop.Host} does not offer REQUIRETLS, which the sender requires", hop.Host);
    }

    // RFC 2852 §4.1.4: a message that is to come back rather than be late goes to nobody who would not see to that, nor to whom it is late already.
    private static Verdict? Time(OutgoingMessage message, Hop hop)
    {
        var (host, capabilities) = (hop.Host, hop.Capabilities);
        if (message.DeliverBy is not { Mode: DeliverByMode.Return } by)
            return null;
        var left = DeliveryParameters.Seconds(by.Within);
        if (left <= 0)
            return Verdict.Fail(4, 7, "the time that the sender gave for the delivery is over", host);
        if (hop.IsMailbox)
            return null;
        if (!capabilities.DeliverBy)
            return Verdict.Fail(4, 7, $"{host} does not offer DELIVERBY, and the sender wants the message back rather than late", host);
        return left < capabilities.MinDeliverBy
            ? Verdict.Fail(4, 7, string.Create(CultureInfo.InvariantCulture, $"{host} needs {capabilities.MinDeliverBy} seconds for a delivery in time; {left} are left of those that the sender gave"), host)
            : null;
    }

    private static Verdict? Content(OutgoingMessage message, SmtpCapabilities capabilities, string host)
    {
        if (capabilities.MaxSize < message.Size)
        {
            // RFC 1870 §6.1 has the client see for itself that it need not try.
            return Verdict.Fail(3, 4, string.Create(CultureInfo.InvariantCulture, $"{host} takes messages of {capabilities.MaxSize} octets; this one has {message.Size}"), host);
        }

        // RFC 3030 §3: binary content travels by BDAT, to a server that offers both; in DATA it would be another message.
        if (message.Traits.HasFlag(MessageTraits.Binary))
        {
            if (!capabilities.BinaryMime || !capabilities.Chunking)
                return Verdict.Fail(6, 3, $"{host} does not offer BINARYMIME with CHUNKING, which the message needs", host);
        }

        // RFC 6152 §3: no 8-bit content to a server that has not offered to take it. A header with raw octets that came without SMTPUTF8,
        // as old software writes it, makes no internationalized message: it is 8-bit content like the body.
        else if ((message.Traits.HasFlag(MessageTraits.EightBitBody) || (message.Traits.HasFlag(MessageTraits.EightBitHeaders) && !message.SmtpUtf8)) && !capabilities.EightBitMime)
        {
            return Verdict.Fail(6, 3, $"{host} does not offer 8BITMIME, which the message needs", host);
        }

        if (capabilities.SmtpUtf8)
            return null;

        // RFC 6531 §3.1 and §3.5: 5.6.7 speaks of addresses, 5.6.9 of the message's header.
        if (message.Sender is { } sender && AsciiAddress.Of(sender) is null)
            return Verdict.Fail(6, 7, $"{host} does not offer SMTPUTF8, which the sender's address needs", host);
        return message.SmtpUtf8 && message.Traits.HasFlag(MessageTraits.EightBitHeaders)
            ? Verdict.Fail(6, 9, $"{host} does not offer SMTPUTF8, which the message's header needs", host)
            : null;
    }
}
