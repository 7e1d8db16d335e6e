using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Delivery.Client;

/// <summary>The connection ended, or time ran out: what follows from it is for the session to say.</summary>
internal sealed class ConnectionLostException(string message, bool timedOut = false, Exception? cause = null) : IOException(message, cause)
{
    public bool TimedOut { get; } = timedOut;
}

/// <summary>
/// Octets to a server and replies from it, in clear or over TLS. Commands gather in one buffer until <see cref="FlushAsync"/>,
/// so that what may go in one segment does. Used by one caller at a time.
/// </summary>
internal sealed class SmtpConnection : IAsyncDisposable
{
    private const int OutSize = 16 << 10;
    private const int InSize = 2 * RemoteReplyReader.MaxLine;

    private readonly Socket _socket;
    private readonly Watchdog _watchdog;
    private readonly RemoteReplyReader _replies = new();
    private readonly ISmtpObserver? _observer;
    private readonly byte[] _out = ArrayPool<byte>.Shared.Rent(OutSize);
    private readonly byte[] _in = ArrayPool<byte>.Shared.Rent(InSize);
    private Stream _stream;
    private int _outUsed;
    private int _inStart;
    private int _inEnd;
    private int _disposed;

    private SmtpConnection(Socket socket, string host, TimeProvider time, ISmtpObserver? observer)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: false);
        _observer = observer;
        Host = host;
        Remote = (IPEndPoint)socket.RemoteEndPoint!;
        _watchdog = new Watchdog(time, Abort);
    }

    /// <summary>The server's name as it was looked up.</summary>
    public string Host { get; }

    /// <summary>The address in use.</summary>
    public IPEndPoint Remote { get; }

    /// <summary>Whether the connection is encrypted.</summary>
    public bool IsEncrypted => _stream is SslStream;

    /// <summary>Whether the connection is encrypted to whom its certificate names, as a trusted authority has certified.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>Whether the server has said something unasked, or hung up: not to be used again.</summary>
    public bool HasUnexpectedInput => _inStart != _inEnd || _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Connects, or throws <see cref="SocketException"/> or <see cref="ConnectionLostException"/>.</summary>
    public static async Task<SmtpConnection> OpenAsync(
        IPEndPoint address, string host, TimeSpan timeout, TimeProvider time, ISmtpObserver? observer, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var patience = new CancellationTokenSource(timeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            await socket.ConnectAsync(address, either.Token);
            return new SmtpConnection(socket, host, time, observer);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new ConnectionLostException("connection timed out", timedOut: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Adds a command to what goes out with the next flush.</summary>
    /// <param name="line">Without its line end.</param>
    /// <param name="shown">What an observer sees in its place, where it holds a secret.</param>
    public async ValueTask WriteCommandAsync(string line, string? shown = null)
    {
        // A line end inside would be a second command; nothing upstream lets one through, and nothing gets past here.
        if (line.AsSpan().ContainsAny('\r', '\n'))
            throw new ArgumentException("a command is one line", nameof(line));
        _observer?.Command(shown ?? line);
        var length = Encoding.UTF8.GetByteCount(line) + 2;
        if (_outUsed + length > OutSize)
            await FlushAsync();
        if (length > OutSize)
            throw new ArgumentException("a command fits the buffer", nameof(line));
        _outUsed += Encoding.UTF8.GetBytes(line, _out.AsSpan(_outUsed));
        _out[_outUsed++] = (byte)'\r';
        _out[_outUsed++] = (byte)'\n';
    }

    /// <summary>Adds content. What is larger than the buffer goes out at once, uncopied.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> content)
    {
        if (content.Length > OutSize - _outUsed)
            return WriteLargeAsync(content);
        content.Span.CopyTo(_out.AsSpan(_outUsed));
        _outUsed += content.Length;
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends what has gathered.</summary>
    public async ValueTask FlushAsync()
    {
        var length = _outUsed;
        _outUsed = 0;
        if (length > 0)
            await SendAsync(_out.AsMemory(0, length));
    }

    /// <summary>Gives the server time for the steps that follow.</summary>
    public void Allow(TimeSpan timeout) => _watchdog.Arm(timeout);

    /// <summary>The server owes nothing: between messages the connection may rest for as long as its owner likes.</summary>
    public void Rest() => _watchdog.Disarm();

    /// <summary>Reads the next reply within <paramref name="timeout"/>.</summary>
    /// <exception cref="ConnectionLostException">The connection ended, or time ran out.</exception>
    /// <exception cref="FormatException">What came is not a reply.</exception>
    public async ValueTask<RemoteReply> ReadReplyAsync(TimeSpan timeout)
    {
        while (true)
        {
            if (_inStart < _inEnd && TryTakeReply(out var reply))
            {
                _observer?.Reply(reply);
                return reply;
            }

            _watchdog.Arm(timeout);
            await FillAsync();
        }
    }

    /// <summary>Encrypts. What the server sent in clear ahead of it is forgotten (RFC 3207 §4.2 and §5).</summary>
    /// <param name="options">How.</param>
    /// <param name="isVerified">Whether the certificate that was shown is the server's; asked after the handshake.</param>
    /// <param name="timeout">How long it may take.</param>
    public async Task EncryptAsync(SslClientAuthenticationOptions options, Func<bool> isVerified, TimeSpan timeout)
    {
        _inStart = _inEnd = 0;
        _watchdog.Arm(timeout);
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = tls;
        try
        {
            await tls.AuthenticateAsClientAsync(options, CancellationToken.None);
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException or System.ComponentModel.Win32Exception)
        {
            throw Lost(fault);
        }

        IsVerified = isVerified();
        _observer?.Note($"TLS started: {tls.SslProtocol}, {tls.NegotiatedCipherSuite}");
    }

    /// <summary>Breaks the connection from any thread; whoever waits on it sees it lost.</summary>
    public void Abort() => _socket.Dispose();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _watchdog.Dispose();
        _socket.Dispose();
        await _stream.DisposeAsync();
        ArrayPool<byte>.Shared.Return(_out);
        ArrayPool<byte>.Shared.Return(_in);
    }

    private async ValueTask WriteLargeAsync(ReadOnlyMemory<byte> content)
    {
        await FlushAsync();
        if (content.Length > OutSize / 2)
        {
            await SendAsync(content);
            return;
        }

        content.Span.CopyTo(_out);
        _outUsed = content.Length;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> octets)
    {
        try
        {
            await _stream.WriteAsync(octets, CancellationToken.None);
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
        {
            throw Lost(fault);
        }
    }

    private async ValueTask FillAsync()
    {
        if (_inStart > 0)
        {
            _in.AsSpan(_inStart, _inEnd - _inStart).CopyTo(_in);
            _inEnd -= _inStart;
            _inStart = 0;
        }

        var count = 0;
        try
        {
            count = await _stream.ReadAsync(_in.AsMemory(_inEnd, InSize - _inEnd), CancellationToken.None);
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
        {
            throw Lost(fault);
        }

        if (count == 0)
            throw Lost(cause: null);
        _inEnd += count;
    }

    private bool TryTakeReply([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RemoteReply? reply)
    {
        var input = new ReadOnlySequence<byte>(_in, _inStart, _inEnd - _inStart);
        var whole = _replies.TryRead(ref input, out reply);
        _inStart = _inEnd - (int)input.Length;
        return whole;
    }

    private ConnectionLostException Lost(Exception? cause) => _watchdog.Expired
        ? new ConnectionLostException("timed out", timedOut: true, cause)
        : new ConnectionLostException(cause is null ? "connection closed by the server" : $"connection lost: {Innermost(cause).Message}", cause: cause);

    private static Exception Innermost(Exception fault)
    {
        while (fault.InnerException is { } inner)
            fault = inner;
        return fault;
    }
}
