using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pillarbox.Delivery.Tests;

/// <summary>A server that does what a test says, a script a connection, for what no real server does.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<Exception> _faults = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;
    private readonly List<Task> _connections = [];

    /// <param name="scripts">For the first connection, the second and so on; the last one serves all others.</param>
    public ScriptedServer(params Func<Peer, Task>[] scripts)
    {
        _listener.Start();
        _serving = Task.Run(() => ServeAsync(scripts));
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IPEndPoint Address => new(IPAddress.Loopback, Port);

    public int Connections { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving;
        await Task.WhenAll(_connections);
        _end.Dispose();
        if (_faults.TryDequeue(out var fault))
            throw new InvalidOperationException($"the script failed: {fault.Message}", fault);
    }

    private async Task ServeAsync(Func<Peer, Task>[] scripts)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_end.Token);
                var script = scripts[Math.Min(Connections++, scripts.Length - 1)];
                _connections.Add(Task.Run(() => RunAsync(socket, script)));
            }
        }
        catch (Exception) when (_end.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task RunAsync(Socket socket, Func<Peer, Task> script)
    {
        using (socket)
        {
            try
            {
                await script(new Peer(socket, _end.Token));
            }
            catch (OperationCanceledException)
            {
                // The test ended first.
            }
            catch (Exception fault)
            {
                _faults.Enqueue(fault);
            }
        }
    }
}

/// <summary>The script's side of a connection.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The server closes the socket.")]
internal sealed class Peer(Socket socket, CancellationToken end)
{
    private readonly StringBuilder _line = new();
    private Stream _stream = new NetworkStream(socket, ownsSocket: false);

    public CancellationToken End => end;

    public async Task SayAsync(params string[] lines)
    {
        foreach (var line in lines)
            await _stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), end);
    }

    public Task RawAsync(string text) => _stream.WriteAsync(Encoding.UTF8.GetBytes(text), end).AsTask();

    /// <summary>The next line without its CRLF, or <see langword="null"/> at the end.</summary>
    public async Task<string?> HearAsync()
    {
        _line.Clear();
        var octet = new byte[1];
        while (true)
        {
            int count;
            try
            {
                count = await _stream.ReadAsync(octet, end);
            }
            catch (IOException)
            {
                return null;
            }

            if (count == 0)
                return null;
            if (octet[0] == '\n')
                return _line.ToString().TrimEnd('\r');
            _line.Append((char)octet[0]);
        }
    }

    public async Task ExpectAsync(params string[] lines)
    {
        foreach (var line in lines)
        {
            var heard = await HearAsync();
            if (heard is null || !heard.StartsWith(line, StringComparison.Ordinal))
                throw new InvalidOperationException($"expected {line}, heard {heard ?? "the end"}");
        }
    }

    /// <summary>Hears <paramref name="expected"/>, then says the reply.</summary>
    public async Task AnswerAsync(string expected, params string[] reply)
    {
        await ExpectAsync(expected);
        await SayAsync(reply);
    }

    /// <summary>Greets, and offers the capabilities.</summary>
    public async Task OpenAsync(params string[] capabilities)
    {
        await SayAsync("220 scripted.test ESMTP");
        await ExpectAsync("EHLO relay.test");
        await OfferAsync(capabilities);
    }

    public async Task OfferAsync(params string[] capabilities)
    {
        string[] lines = ["scripted.test", .. capabilities];
        for (var i = 0; i < lines.Length; i++)
            await SayAsync($"250{(i == lines.Length - 1 ? ' ' : '-')}{lines[i]}");
    }

    /// <summary>The message up to the final dot, undone of its stuffing.</summary>
    public async Task<string> MessageAsync()
    {
        var message = new StringBuilder();
        while (await HearAsync() is { } line)
        {
            if (line == ".")
                return message.ToString();
            message.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        throw new InvalidOperationException("the end before the final dot");
    }

    /// <summary>What comes up to the first CRLF.CRLF, or a dot at once, just as it comes.</summary>
    public async Task<string> RawMessageAsync()
    {
        // The CRLF of DATA is the first where the message is empty.
        var raw = new StringBuilder("\r\n");
        var octet = new byte[1];
        while (raw.Length < 5 || raw.ToString(raw.Length - 5, 5) != "\r\n.\r\n")
        {
            if (await _stream.ReadAsync(octet, end) == 0)
                throw new InvalidOperationException("the end before the final dot");
            raw.Append((char)octet[0]);
        }

        return raw.ToString(2, raw.Length - 2);
    }

    /// <summary>Takes a whole message, one command at a time.</summary>
    public async Task<string> TakeAsync()
    {
        await AnswerAsync("MAIL FROM:", "250 2.1.0 ok");
        await AnswerAsync("RCPT TO:", "250 2.1.5 ok");
        await AnswerAsync("DATA", "354 go on");
        var message = await MessageAsync();
        await SayAsync("250 2.0.0 taken");
        return message;
    }

    /// <summary>Whether anything comes within a moment: only for what must not come, so a slow machine cannot make it fail.</summary>
    public async Task<bool> HearsMoreAsync()
    {
        await Task.Delay(150, end);
        return socket.Available > 0;
    }

    /// <summary>Opens under TLS, with what is offered in clear and what is offered then.</summary>
    public async Task OpenTlsAsync(params string[] capabilities)
    {
        await OpenAsync("STARTTLS");
        await AnswerAsync("STARTTLS", "220 go on");
        await EncryptAsync();
        await ExpectAsync("EHLO relay.test");
        await OfferAsync(capabilities);
    }

    /// <summary>As many octets as asked for, read as they come.</summary>
    public async Task<byte[]> OctetsAsync(int count)
    {
        var octets = new byte[count];
        await _stream.ReadExactlyAsync(octets, end);
        return octets;
    }

    public async Task EncryptAsync()
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, end);
        _stream = tls;
    }

    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public void HangUp() => socket.Shutdown(SocketShutdown.Both);

    /// <summary>Waits for the end, and for the goodbye where there is one.</summary>
    public async Task UntilClosedAsync()
    {
        while (await HearAsync() is { } line)
        {
            if (line == "QUIT")
                await SayAsync("221 bye");
        }
    }

    /// <summary>What a script shows: of the server's own making, in the name of scripted.test. Whoever trusts in it as an authority takes it for valid.</summary>
    public static X509Certificate2 Certificate { get; } = MakeCertificate();

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=scripted.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("scripted.test");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
