using System.Globalization;
using System.Text;
using Pillarbox.Protocol.Commands;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Client;

/// <summary>What MAIL passes on of the sender's wishes for the delivery, to a server that knows them. Notifications aside.</summary>
internal static class DeliveryParameters
{
    private const long MaxSeconds = 999_999_999;

    /// <summary>Appends the parameters.</summary>
    public static void Append(StringBuilder command, OutgoingMessage message, SmtpCapabilities capabilities)
    {
        if (message.Traits.HasFlag(MessageTraits.Binary))
            command.Append(" BODY=BINARYMIME");
        else if (capabilities.EightBitMime && message.Traits != MessageTraits.None)
            command.Append(" BODY=8BITMIME");
        if (capabilities.DeliverBy && message.DeliverBy is { } by)
            command.Append(CultureInfo.InvariantCulture, $" BY={Seconds(by.Within)};{(by.Mode == DeliverByMode.Return ? 'R' : 'N')}{(by.Trace ? "T" : "")}");
        if (capabilities.MtPriority && message.Requests.Priority != 0)
            command.Append(CultureInfo.InvariantCulture, $" MT-PRIORITY={message.Requests.Priority}");
        if (capabilities.RequireTls && message.Requests.RequireTls)
            command.Append(" REQUIRETLS");
    }

    /// <summary>Whole seconds that are left, never more than there are; below zero once the time is over (RFC 2852 §4.1.4).</summary>
    public static long Seconds(TimeSpan left) => Math.Clamp((long)Math.Floor(left.TotalSeconds), -MaxSeconds, MaxSeconds);
}
