using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pillarbox.Queue;
using Pillarbox.Server;
using Pillarbox.Server.Sessions;
using Pillarbox.Trust.Accounts;
using Pillarbox.Trust.Tls;

namespace Pillarbox.Fuzzing.Sessions;

/// <summary>A server as the program puts it together, but for sockets: sessions run over pipes in memory.</summary>
internal sealed class FuzzServer
{
    /// <summary>Its name.</summary>
    public const string Hostname = "mx.example.org";

    /// <summary>Octets of a message that it takes.</summary>
    public const int MessageSize = 20_000;

    /// <summary>Recipients of a message that it takes.</summary>
    public const int Recipients = 20;

    // What a session may owe a client that does not read, and what it may hold of one that does not wait.
    private const int MostHeld = 64 << 10;

    private readonly SmtpConnectionHandler _handler;
    private readonly MailQueue _queue;
    private readonly ListenerOptions _listener;
    private readonly Faults _faults = new();

    public FuzzServer(ListenerOptions listener)
    {
        _listener = listener;
        var options = new SmtpServerOptions
        {
            Hostname = Hostname,
            Listeners = [listener],
            Policy = new ServerPolicy(
                new LimitOptions { MessageSize = MessageSize, TextLine = 2000, Recipients = Recipients, Connections = int.MaxValue, ConnectionsPerClient = int.MaxValue },
                [new LocalDomain("example.com"), new LocalDomain("example.org", RecipientCheck.Accounts), new LocalDomain("path.example", NamesPath: true)]),
            KeptSessions = 1,
        };
        var time = new StillTime();
        _queue = new MailQueue(new MemoryQueueStore(time));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(new FaultLogs(_faults));
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton(_queue);
        builder.Services.AddSingleton<IAccountSource>(new Ann());
        var directory = Directory.CreateTempSubdirectory("pillarbox-fuzz-");
        builder.Services.AddSingleton(ServerCertificates.LoadOrCreateEvaluation(directory.FullName, Hostname, TimeProvider.System));
        directory.Delete(recursive: true);
        builder.WebHost.UseSmtpServer(options);
        _handler = builder.Build().Services.GetRequiredService<SmtpConnectionHandler>();
    }

    /// <summary>Holds a session with a client that says just that, piece by piece, and then closes its side.</summary>
    public async Task<ReplyCheck> RunAsync(IEnumerable<byte[]> pieces)
    {
        var options = new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: MostHeld, resumeWriterThreshold: MostHeld / 2, useSynchronizationContext: false);
        var (input, output) = (new Pipe(options), new Pipe(options));
        await using var connection = new PipeConnection { Transport = new Duplex(input.Reader, output.Writer) };
        var check = new ReplyCheck(Hostname, _listener.Tls == ListenerTls.Implicit) { MayBeCut = !_listener.ProxyFrom.IsEmpty };
        var reading = ReadAsync(output.Reader, check);
        var session = ServeAsync(connection, input.Reader, output.Writer);
        await SayAsync(input.Writer, pieces);
        await session;
        await reading;
        _faults.Raise();
        await CheckStoreAsync(check);
        return check;
    }

    private async Task ServeAsync(ConnectionContext connection, PipeReader input, PipeWriter output)
    {
        try
        {
            await _handler.HandleAsync(connection, _listener);
        }
        finally
        {
            await input.CompleteAsync();
            await output.CompleteAsync();
        }
    }

    private static async Task SayAsync(PipeWriter writer, IEnumerable<byte[]> pieces)
    {
        foreach (var piece in pieces)
        {
            if ((await writer.WriteAsync(piece)).IsCompleted)
                break;
        }

        await writer.CompleteAsync();
    }

    private static async Task ReadAsync(PipeReader reader, ReplyCheck check)
    {
        while (true)
        {
            var result = await reader.ReadAsync();
            FuzzTarget.Require(result.Buffer.Length <= 2 * MostHeld, "more is held for the client than may be");
            foreach (var part in result.Buffer)
                check.Take(part.Span);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                break;
        }

        await reader.CompleteAsync();
        check.End();
    }

    // A message is there for each 250 that said so, and no other; nothing in it could be taken for an end by whoever gets it next.
    private async Task CheckStoreAsync(ReplyCheck check)
    {
        var found = new HashSet<string>();
        await foreach (var message in _queue.Store.ReadAllAsync())
        {
            var envelope = message.Envelope;
            found.Add(envelope.Id.ToString());
            FuzzTarget.Require(envelope.Recipients.Length is > 0 and <= Recipients, "recipients beyond the limit, or none");
            FuzzTarget.Require(envelope.BodySize <= MessageSize, "a message beyond the limit");
            using (var body = await _queue.Store.OpenBodyAsync(envelope.Id))
                await CheckBodyAsync(body!, envelope);
            await _queue.Store.DeleteAsync(envelope.Id);
        }

        FuzzTarget.Require(check.IsTls || found.SetEquals(check.Queued), $"{found.Count} messages are stored, {check.Queued.Count} were said to be");
    }

    private static async Task CheckBodyAsync(MessageBody body, Envelope envelope)
    {
        var octets = new byte[body.Length];
        for (var at = 0; at < octets.Length;)
            at += await body.ReadAsync(at, octets.AsMemory(at));
        FuzzTarget.Require(octets.Length == envelope.BodySize, "a body of another size");
        if (envelope.Traits.HasFlag(MessageTraits.Binary))
            return;
        for (var at = 0; at < octets.Length; at++)
        {
            var bare = octets[at] == '\n' ? at == 0 || octets[at - 1] != '\r' : octets[at] == '\r' && (at + 1 == octets.Length || octets[at + 1] != '\n');
            FuzzTarget.Require(!bare, "a bare CR or LF was let in");
        }
    }

    // The session's side; there is no socket to be cut.
    private sealed class PipeConnection : ConnectionContext
    {
        public override string ConnectionId { get; set; } = "fuzz";

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public override required IDuplexPipe Transport { get; set; }

        public override EndPoint? RemoteEndPoint { get; set; } = new IPEndPoint(IPAddress.Loopback, 25);

        public override EndPoint? LocalEndPoint { get; set; } = new IPEndPoint(IPAddress.Loopback, 25);

        public override void Abort(ConnectionAbortedException abortReason)
        {
        }
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    private sealed class Ann : IAccountSource
    {
        public IReadOnlySet<string> Mechanisms { get; } = new HashSet<string>(StringComparer.Ordinal) { "PLAIN", "LOGIN" };

        public ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, CancellationToken cancellationToken = default) =>
            new(name == "ann" && password == "secret" ? new LoginAnswer(LoginOutcome.Verified, name) : new LoginAnswer(LoginOutcome.Refused));

        public ValueTask<bool> HasRecipientAsync(string localPart, string domain, CancellationToken cancellationToken = default) => new(localPart == "ann");
    }

    // Errors in the log are faults of the server.
    private sealed class Faults : ILogger
    {
        private readonly ConcurrentQueue<string> _faults = new();

        public void Raise()
        {
            if (_faults.TryDequeue(out var fault))
                throw new FuzzException(fault);
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
                _faults.Enqueue($"{formatter(state, exception)}: {exception}");
        }
    }

    private sealed class FaultLogs(Faults faults) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => faults;

        public void Dispose()
        {
        }
    }
}
