using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using Pillarbox.Trust.Tls;

namespace Pillarbox.Server.Transport;

/// <summary>A pair of pipes over TLS over a pair of pipes; what implicit TLS and STARTTLS both swap in.</summary>
internal sealed class TlsTransport : IDuplexPipe, IAsyncDisposable
{
    private readonly SslStream _stream;

    private TlsTransport(SslStream stream, ReadOnlyMemory<byte> serverEndPoint, ClientCertificateCheck? client)
    {
        Client = client;
        _stream = stream;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        Description = $"{Version(stream.SslProtocol)} {stream.NegotiatedCipherSuite}";
        ServerEndPoint = serverEndPoint;
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Version and cipher suite.</summary>
    public string Description { get; }

    /// <summary>The hash of the certificate that the server showed (tls-server-end-point, RFC 5929 §4).</summary>
    public ReadOnlyMemory<byte> ServerEndPoint { get; }

    /// <summary>What became of the client's certificate, where it was asked for one.</summary>
    public ClientCertificateCheck? Client { get; }

    /// <summary>Shakes hands. How long that may take is the caller's to watch: it cuts the connection.</summary>
    /// <param name="transport">The connection's pipes.</param>
    /// <param name="certificates">What the server shows.</param>
    /// <param name="client">Asks the client for a certificate; <see langword="null"/> where it is not asked.</param>
    /// <param name="wasCut">Whether the caller has cut the connection, once it is.</param>
    /// <returns>The pipes, or what went wrong.</returns>
    public static async ValueTask<(TlsTransport? Secured, string? Cause)> AcceptAsync(
        IDuplexPipe transport, ServerCertificates certificates, ClientCertificateCheck? client, Func<bool> wasCut)
    {
        var witness = new HandshakeWitness();
        var inner = new DuplexPipeStream(transport) { Witness = witness };
        var stream = new SslStream(inner, leaveInnerStreamOpen: true);
        try
        {
            var shown = certificates.Current;
            await stream.AuthenticateAsServerAsync(client is null ? shown.Options : shown.Asking(client));
            inner.Witness = null;
            return (new TlsTransport(stream, shown.EndPoint, client), null);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or OperationCanceledException
            or InvalidOperationException or InvalidDataException)
        {
            await stream.DisposeAsync();
            return (null, client?.Fault ?? witness.Explain(exception, wasCut()));
        }
    }

    /// <summary>Says that TLS ends (close_notify) and lets go.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Input.CompleteAsync();
            await Output.CompleteAsync();
            await _stream.ShutdownAsync();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The client went first: nobody is left to be told.
        }
        finally
        {
            await _stream.DisposeAsync();
        }
    }

    private static string Version(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls12 => "TLSv1.2",
        SslProtocols.Tls13 => "TLSv1.3",
        _ => protocol.ToString(),
    };
}
