using System.Net;

namespace Pillarbox.Delivery.Client;

/// <summary>A server to connect to.</summary>
/// <param name="Host">Its name as looked up: for the certificate, for logs and reports.</param>
/// <param name="Address">One of its addresses.</param>
public sealed record SmtpServerAddress(string Host, IPEndPoint Address);
