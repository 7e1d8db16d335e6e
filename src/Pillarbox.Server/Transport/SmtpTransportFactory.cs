using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Pillarbox.Server.Transport;

/// <summary>
/// Kestrel's sockets with settings of our own, for SMTP listeners alone: whatever else the program serves keeps its settings.
/// With inline scheduling, a session runs on the thread that saw its bytes arrive, and so must never block.
/// </summary>
internal sealed class SmtpTransportFactory : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private const int MaxReadBuffer = 128 << 10;
    private const int MaxWriteBuffer = 64 << 10;

    private readonly SocketTransportFactory _sockets;

    public SmtpTransportFactory(SmtpServerOptions options, ILoggerFactory loggers)
    {
        var settings = new SocketTransportOptions
        {
            UnsafePreferInlineScheduling = options.InlineScheduling,
            WaitForDataBeforeAllocatingBuffer = true,
            MaxReadBufferSize = MaxReadBuffer,
            MaxWriteBufferSize = MaxWriteBuffer,
            Backlog = 1024,
        };
        _sockets = new SocketTransportFactory(Options.Create(settings), loggers);
    }

    public bool CanBind(EndPoint endpoint) => endpoint is SmtpEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        _sockets.BindAsync(endpoint, cancellationToken);
}
