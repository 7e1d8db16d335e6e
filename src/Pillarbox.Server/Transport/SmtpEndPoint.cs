using System.Net;

namespace Pillarbox.Server.Transport;

/// <summary>An address that the SMTP transport binds, told from those of HTTP by its type.</summary>
internal sealed class SmtpEndPoint(IPEndPoint address) : IPEndPoint(address.Address, address.Port);
