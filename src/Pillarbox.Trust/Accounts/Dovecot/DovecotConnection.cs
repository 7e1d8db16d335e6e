using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Pillarbox.Trust.Accounts.Dovecot;

/// <summary>
/// A connection to Dovecot's authentication service, on which many logins wait at once. The first line that makes no sense ends it: whose
/// login an answer is for would be a guess.
/// </summary>
internal sealed class DovecotConnection : IAsyncDisposable
{
    // Dovecot's own limit (AUTH_CLIENT_MAX_LINE_LENGTH and its like are 8 KiB), for what it sends and what it takes.
    private const int MaxLine = 8192;

    // It tells of itself in a handful of lines, one for each mechanism.
    private const int MaxGreeting = 200;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly PipeReader _reader;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<DovecotReply>> _waiting = new();
    private SourceException? _ended;
    private uint _lastId;
    private long _heard;

    private DovecotConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = PipeReader.Create(_stream);
    }

    /// <summary>Whether it can be used.</summary>
    public bool IsOpen => Volatile.Read(ref _ended) is null;

    /// <summary>Connects, and waits until the service has said what it has.</summary>
    /// <exception cref="SourceException">It is no such service, or has not PLAIN.</exception>
    /// <exception cref="SocketException">Nothing listens there.</exception>
    public static async Task<DovecotConnection> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var connection = new DovecotConnection(socket);
        try
        {
            // A process id names a client; two connections of one process, as after a break, must not have the same.
            await connection.WriteAsync(
                string.Create(CultureInfo.InvariantCulture, $"VERSION\t1\t2\nCPID\t{RandomNumberGenerator.GetInt32(1, int.MaxValue)}\n"), cancellationToken);
            await connection.GreetAsync(cancellationToken);
            _ = connection.ReadAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has a name and a password verified.</summary>
    /// <exception cref="SourceException">The connection broke, or answered what makes no sense.</exception>
    public async Task<DovecotReply> AskAsync(string name, string password, LoginClient client, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId);
        var line = Line(id, name, password, client);
        if (line.Length > MaxLine)
            return new DovecotReply("FAIL", []);

        // Continuations run on the thread that reads the socket, as everywhere: none of them blocks.
        var answer = new TaskCompletionSource<DovecotReply>();
        var heard = Volatile.Read(ref _heard);
        _waiting[id] = answer;
        try
        {
            if (Volatile.Read(ref _ended) is { } ended)
                throw ended;
            await WriteAsync(line, cancellationToken);
            return await answer.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Where it said nothing at all meanwhile, others would wait in vain too: the next login makes another connection.
            if (Volatile.Read(ref _heard) == heard)
                End(new SourceException("it says nothing any more"));
            else if (IsOpen)
                await WriteAsync(string.Create(CultureInfo.InvariantCulture, $"CANCEL\t{id}\n"), CancellationToken.None);
            throw;
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        End(new SourceException("the connection was closed"));
        await _stream.DisposeAsync();
    }

    private static string Line(uint id, string name, string password, LoginClient client)
    {
        var text = new StringBuilder(256);
        text.Append(CultureInfo.InvariantCulture, $"AUTH\t{id}\tPLAIN\tservice=smtp");
        if (client.IsEncrypted)
            text.Append("\tsecured");
        // Its own delays would be ours twice.
        text.Append("\tnologin\tno-penalty");
        if (client.Address is { } address)
            text.Append("\trip=").Append(DovecotLine.Escaped(address.ToString()));
        var response = Encoding.UTF8.GetBytes($"\0{name}\0{password}");
        text.Append("\tresp=").Append(Convert.ToBase64String(response)).Append('\n');
        CryptographicOperations.ZeroMemory(response);
        return text.ToString();
    }

    private async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        await _writing.WaitAsync(cancellationToken);
        try
        {
            // Half a line would make the next one part of it: what is begun is written, or the connection ends.
            await _stream.WriteAsync(octets, CancellationToken.None).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception cause) when (cause is IOException or ObjectDisposedException or OperationCanceledException)
        {
            End(new SourceException("the connection broke", cause));
            throw;
        }
        finally
        {
            _writing.Release();
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        var (hasVersion, hasPlain) = (false, false);
        for (var lines = 0; lines < MaxGreeting; lines++)
        {
            var fields = DovecotLine.Split(await ReadLineAsync(cancellationToken) ?? throw new SourceException("the connection ended before Dovecot said what it has"));
            switch (fields)
            {
                case ["VERSION", "1", ..]:
                    hasVersion = true;
                    break;
                case ["VERSION", ..]:
                    throw new SourceException("speaks another version of the protocol than 1");
                case ["MECH", var mechanism, ..]:
                    hasPlain |= mechanism.Equals("PLAIN", StringComparison.OrdinalIgnoreCase);
                    break;
                case ["DONE", ..]:
                    if (!hasVersion)
                        throw new SourceException("is no authentication service of Dovecot: it names no version");
                    if (!hasPlain)
                        throw new SourceException("does not have PLAIN: write auth_mechanisms = plain in its configuration");
                    return;
                default:
                    if (!hasVersion)
                        throw new SourceException("is no authentication service of Dovecot: it begins with something else than its version");
                    break;
            }
        }

        throw new SourceException("says more of itself than makes sense");
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await ReadLineAsync(CancellationToken.None) is { } line)
                Take(DovecotLine.Split(line));
            End(new SourceException("the connection ended"));
        }
        catch (SourceException fault)
        {
            End(fault);
        }
        catch (Exception cause) when (cause is IOException or SocketException or ObjectDisposedException)
        {
            End(new SourceException("the connection broke", cause));
        }

        await _stream.DisposeAsync();
    }

    private void Take(string[] fields)
    {
        Interlocked.Increment(ref _heard);

        // Of mechanisms that change while it runs, and of what later versions say, nothing is needed.
        if (fields is not ["OK" or "FAIL" or "CONT", ..])
            return;
        if (fields.Length < 2 || !uint.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            throw new SourceException($"a reply {fields[0]} is for no login");
        if (id == 0 || id > Volatile.Read(ref _lastId))
            throw new SourceException($"a reply {fields[0]} is for a login that was never asked about");
        if (_waiting.TryRemove(id, out var waiting))
            waiting.TrySetResult(new DovecotReply(fields[0], [.. fields[2..]]));
    }

    // Null at the end.
    private async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                if (line.Length > MaxLine)
                    throw new SourceException($"a line has more than {MaxLine} octets");
                var text = Encoding.UTF8.GetString(line);
                _reader.AdvanceTo(buffer.GetPosition(1, end));
                return text;
            }

            if (buffer.Length > MaxLine)
                throw new SourceException($"a line has more than {MaxLine} octets");
            _reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
                return null;
        }
    }

    private void End(SourceException why)
    {
        Interlocked.CompareExchange(ref _ended, why, null);
        foreach (var id in _waiting.Keys)
        {
            if (_waiting.TryRemove(id, out var waiting))
                waiting.TrySetException(why);
        }

        _socket.Dispose();
    }
}
