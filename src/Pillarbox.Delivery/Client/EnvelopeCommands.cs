using System.Globalization;
using System.Text;

namespace Pillarbox.Delivery.Client;

/// <summary>MAIL and RCPT, with the parameters that the message needs and the server knows.</summary>
internal static class EnvelopeCommands
{
    /// <summary>MAIL.</summary>
    public static string Mail(OutgoingMessage message, SmtpCapabilities capabilities)
    {
        var command = new StringBuilder("MAIL FROM:<").Append(AsciiAddress.For(message.Sender, capabilities)).Append('>');
        if (capabilities.Size)
            command.Append(CultureInfo.InvariantCulture, $" SIZE={message.Size}");
        DeliveryParameters.Append(command, message, capabilities);
        if (capabilities.SmtpUtf8 && Suitability.NeedsSmtpUtf8(message))
            command.Append(" SMTPUTF8");
        if (capabilities.Dsn)
            DsnParameters.Append(command, message.Requests);
        return command.ToString();
    }

    /// <summary>RCPT for a recipient.</summary>
    public static string Rcpt(OutgoingMessage message, int index, SmtpCapabilities capabilities)
    {
        var recipient = message.Recipients[index];
        var command = $"RCPT TO:<{AsciiAddress.For(recipient.Address, capabilities)}>";
        return capabilities.Dsn ? command + DsnParameters.Of(recipient, capabilities.SmtpUtf8 && Suitability.NeedsSmtpUtf8(message)) : command;
    }
}
