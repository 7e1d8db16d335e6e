using System.Net;

namespace Pillarbox.Delivery.Client;

/// <summary>What is at the other end of a session.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Capabilities">What it offers.</param>
/// <param name="IsVerified">Whether the session is encrypted to the server that its certificate names.</param>
/// <param name="IsMailbox">Whether it is no further server but the mailboxes themselves (LMTP): who takes the message there has delivered it.</param>
/// <param name="IsLocal">Whether it is on this machine.</param>
internal sealed record Hop(string Host, SmtpCapabilities Capabilities, bool IsVerified, bool IsMailbox, bool IsLocal)
{
    /// <summary>The other end of a connection.</summary>
    public static Hop Of(SmtpConnection connection, SmtpClientOptions options, SmtpCapabilities capabilities) =>
        new(connection.Host, capabilities, connection.IsVerified, options.Lmtp, IPAddress.IsLoopback(connection.Remote.Address));
}
