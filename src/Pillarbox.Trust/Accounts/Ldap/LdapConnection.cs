using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pillarbox.Trust.Accounts.Ldap;

/// <summary>A connection to a directory, for one login: a question at a time, and the first message that makes no sense ends it.</summary>
internal sealed class LdapConnection : IAsyncDisposable
{
    private const int MaxMessage = 1 << 20;
    private const int MaxReferences = 100;

    private readonly LdapOptions _options;
    private Stream _stream;
    private int _lastId;

    private LdapConnection(LdapOptions options, Socket socket)
    {
        _options = options;
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Connects, and speaks TLS where the options say so.</summary>
    public static async Task<LdapConnection> OpenAsync(LdapOptions options, CancellationToken cancellationToken)
    {
        var connection = new LdapConnection(options, await ConnectAsync(options.Server, cancellationToken));
        try
        {
            if (options.Server.IsTls)
                await connection.EncryptAsync(cancellationToken);
            else if (options.StartTls)
                await connection.StartTlsAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Binds. A bind with a name and no password would succeed and prove nothing (RFC 4513 §5.1.2): it is never sent.</summary>
    public async Task<LdapMessage> BindAsync(string dn, string password, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(dn);
        ArgumentException.ThrowIfNullOrEmpty(password);
        await SendAsync(LdapMessages.Bind(++_lastId, dn, password), cancellationToken);
        return await ReceiveAsync(LdapMessages.BindResponse, cancellationToken);
    }

    /// <summary>Searches; more entries than the limit come to a fault.</summary>
    public async Task<ImmutableArray<LdapEntry>> SearchAsync(
        string under, LdapScope scope, int limit, string filter, string? attribute, int seconds, CancellationToken cancellationToken)
    {
        await SendAsync(LdapMessages.Search(++_lastId, under, scope, limit, seconds, filter, attribute), cancellationToken);
        var entries = ImmutableArray.CreateBuilder<LdapEntry>();
        for (var others = 0; others < MaxReferences;)
        {
            var message = await ReceiveAsync(null, cancellationToken);
            if (message.Entry is { } entry && entries.Count < limit)
                entries.Add(entry);
            else if (message.Operation == LdapMessages.SearchDone)
            {
                if (message.Result is LdapResult.Success || (message.Result == LdapResult.SizeLimitExceeded && entries.Count == limit))
                    return entries.ToImmutable();
                throw Refused($"the search below \"{under}\"", message);
            }
            else
                others++;
        }

        throw new SourceException("a search gives more than was asked for");
    }

    /// <summary>The fault that a result is, where it tells nothing of the account.</summary>
    public static SourceException Refused(string what, LdapMessage message) => new(
        $"{what} gets {(int)message.Result}{(message.Diagnostic.Length > 0 ? $" ({message.Diagnostic[..Math.Min(message.Diagnostic.Length, 200)]})" : "")}");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static async Task<Socket> ConnectAsync(LdapServer server, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server.Host, server.Port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task StartTlsAsync(CancellationToken cancellationToken)
    {
        await SendAsync(LdapMessages.StartTls(++_lastId), cancellationToken);
        var message = await ReceiveAsync(LdapMessages.ExtendedResponse, cancellationToken);
        if (message.Result != LdapResult.Success)
            throw Refused("StartTLS", message);
        await EncryptAsync(cancellationToken);
    }

    private async Task EncryptAsync(CancellationToken cancellationToken)
    {
        var tls = new SslStream(_stream);
        _stream = tls;
        var settings = new SslClientAuthenticationOptions { TargetHost = _options.Server.Host };
        if (!_options.Authorities.IsEmpty)
        {
            settings.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            settings.CertificateChainPolicy.CustomTrustStore.AddRange(_options.Authorities.ToArray());
        }

        await tls.AuthenticateAsClientAsync(settings, cancellationToken);
    }

    private async Task SendAsync(byte[] message, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(message, cancellationToken);
        CryptographicOperations.ZeroMemory(message);
    }

    // Nothing is read beyond a message, so that nothing said ahead of TLS counts as said under it.
    private async Task<LdapMessage> ReceiveAsync(int? operation, CancellationToken cancellationToken)
    {
        var head = new byte[6];
        await _stream.ReadExactlyAsync(head.AsMemory(0, 2), cancellationToken);
        var more = head[1] < 0x80 ? 0 : head[1] - 0x80;
        if (head[0] != 0x30 || head[1] == 0x80 || more > 4)
            throw new SourceException("what answers does not speak LDAP");
        await _stream.ReadExactlyAsync(head.AsMemory(2, more), cancellationToken);
        var length = more == 0 ? head[1] : head.AsSpan(2, more).ToArray().Aggregate(0L, (sum, octet) => (sum << 8) | octet);
        if (length > MaxMessage)
            throw new SourceException($"a message has more than {MaxMessage} octets");

        var octets = new byte[2 + more + (int)length];
        head.AsSpan(0, 2 + more).CopyTo(octets);
        await _stream.ReadExactlyAsync(octets.AsMemory(2 + more), cancellationToken);
        try
        {
            var message = LdapMessages.Read(octets);
            if (message.Id == 0)
                throw Refused("the connection", message);
            return message.Id == _lastId && (operation is null || message.Operation == operation)
                ? message
                : throw new SourceException("a message answers what was not asked");
        }
        catch (AsnContentException cause)
        {
            throw new SourceException("a message cannot be read", cause);
        }
    }
}
