using System.Net;

namespace Pillarbox.Trust.Accounts;

/// <summary>Who wants to log in, for sources that weigh it.</summary>
/// <param name="Address">The client's address; <see langword="null"/> where it is not known.</param>
/// <param name="IsEncrypted">Whether the way to it is under TLS.</param>
public readonly record struct LoginClient(IPAddress? Address, bool IsEncrypted);
