using System.Globalization;
using System.Text;

namespace Pillarbox.Delivery.Client;

/// <summary>MAIL and RCPT, with the parameters that the message needs and the server knows; <c>utf8</c> is whether the transaction is one with SMTPUTF8.</summary>
internal static class EnvelopeCommands
{
    /// <summary>MAIL.</summary>
    public static string Mail(OutgoingMessage message, SmtpCapabilities capabilities, bool utf8)
    {
        var command = new StringBuilder("MAIL FROM:<").Append(AsciiAddress.For(message.Sender, capabilities)).Append('>');
        if (capabilities.Size)
            command.Append(CultureInfo.InvariantCulture, $" SIZE={message.Size}");
        DeliveryParameters.Append(command, message, capabilities);
        if (utf8)
            command.Append(" SMTPUTF8");
        if (capabilities.Dsn)
            DsnParameters.Append(command, message.Requests);
        return command.ToString();
    }

    /// <summary>RCPT for a recipient.</summary>
    public static string Rcpt(OutgoingMessage message, int index, SmtpCapabilities capabilities, bool utf8)
    {
        var recipient = message.Recipients[index];
        var command = $"RCPT TO:<{AsciiAddress.For(recipient.Address, capabilities)}>";
        return capabilities.Dsn ? command + DsnParameters.Of(recipient, utf8) : command;
    }
}
