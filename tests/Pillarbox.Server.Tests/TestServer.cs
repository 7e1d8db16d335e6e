using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;
using Pillarbox.Queue.Lists;
using Pillarbox.Server.Guessing;
using Pillarbox.Server.Sessions;
using Pillarbox.Trust.Accounts;
using Pillarbox.Trust.Dns;
using Pillarbox.Trust.Tls;
using Pillarbox.Trust.Tokens;

namespace Pillarbox.Server.Tests;

/// <summary>A real server on a free port of loopback, with the in-memory store, set as a dialogue asks.</summary>
internal sealed partial class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly OneAccount _account;
    private readonly LogCapture _log;
    private readonly string _directory;
    private readonly ListenerOptions _listener;

    private TestServer(WebApplication app, OneAccount account, LogCapture log, string directory, ListenerOptions listener)
    {
        _listener = listener;
        _app = app;
        _log = log;
        _account = account;
        _directory = directory;
    }

    public IPEndPoint Address => _app.Services.GetRequiredService<SmtpEndpoints>().Bound[0].Address;

    public SessionLog Sessions => _app.Services.GetRequiredService<SessionLog>();

    public IQueueStore Store => _app.Services.GetRequiredService<MailQueue>().Store;

    public PolicySource Policy => _app.Services.GetRequiredService<PolicySource>();

    /// <summary>What the server's log has.</summary>
    public IReadOnlyCollection<string> Logged => _log.Lines;

    public string Password => _account.Password;

    /// <summary>How many passwords were checked.</summary>
    public int Checks => _account.Checks;

    /// <summary>PLAIN's response in base64.</summary>
    public string Plain(string name, string? wrong = null) => Base64($"\0{name}\0{wrong ?? _account.Password}");

    public static Task<TestServer> StartAsync(params (string Key, string Value)[] settings) => StartAsync(settings, null);

    public static async Task<TestServer> StartAsync(
        IReadOnlyList<(string Key, string Value)> settings, TimeProvider? time = null, IQueueStore? store = null)
    {
        time ??= TimeProvider.System;
        var directory = Directory.CreateTempSubdirectory("pillarbox-test-").FullName;
        var options = Options(settings);
        var account = new OneAccount(settings.FirstOrDefault(setting => setting.Key == "verifies").Value?.Split(' ') ?? [.. options.Listeners[0].Mechanisms]);
        var builder = WebApplication.CreateSlimBuilder();
        var log = new LogCapture();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(new MailQueue(store ?? new MemoryQueueStore(time)));
        builder.Services.AddSingleton<IAccountSource>(account);
        builder.Services.AddSingleton<IDomainRetry>(new OneDomain());
        builder.Services.AddSingleton<IResolver>(new FewDomains());
        builder.Services.AddSingleton(ServerCertificates.LoadOrCreateEvaluation(directory, "mx.example.org", TimeProvider.System));
        if (options.Listeners[0].Mechanisms.Contains("OAUTHBEARER"))
            builder.Services.AddSingleton(new TokenVerifier(new TokenOptions { Issuer = "https://provider.invalid/", Audience = "pillarbox" }, time, _ => { }));
        builder.WebHost.UseSmtpServer(options);
        var app = builder.Build();
        await app.StartAsync();
        return new TestServer(app, account, log, directory, options.Listeners[0]);
    }

    public string Fill(string text) => AsAnother().Replace(text, match => Base64($"{match.Groups[1].Value}\0ann\0{_account.Password}"))
        .Replace("{PLAIN}", Base64($"\0ann\0{_account.Password}"), StringComparison.Ordinal)
        .Replace("{WRONG}", Base64($"\0ann\0{_account.Password}x"), StringComparison.Ordinal)
        .Replace("{USER}", Base64("ann"), StringComparison.Ordinal)
        .Replace("{PASS}", Base64(_account.Password), StringComparison.Ordinal);

    public async Task<List<QueuedMessage>> QueueAsync()
    {
        var messages = new List<QueuedMessage>();
        await foreach (var message in Store.ReadAllAsync())
            messages.Add(message);
        return messages;
    }

    public async Task<byte[]> NewestBodyAsync()
    {
        using var body = await Store.OpenBodyAsync((await QueueAsync())[^1].Envelope.Id);
        var bytes = new byte[body!.Length];
        for (var at = 0; at < bytes.Length;)
            at += await body.ReadAsync(at, bytes.AsMemory(at));
        return bytes;
    }

    /// <summary>Holds a session over any transport.</summary>
    public Task ServeAsync(ConnectionContext connection) =>
        _app.Services.GetRequiredService<SmtpConnectionHandler>().HandleAsync(connection, _listener);

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        var store = Store;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        await store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static SmtpServerOptions Options(IReadOnlyList<(string Key, string Value)> settings)
    {
        var listener = new ListenerOptions { Name = "test", Address = new IPEndPoint(IPAddress.Loopback, 0) };
        var limits = new LimitOptions();
        var guessing = new GuessingOptions();
        var domains = new List<LocalDomain>();
        var lists = new List<MailingList>();
        foreach (var (key, value) in settings)
        {
            switch (key)
            {
                case "role": listener = listener with { Role = Enum.Parse<ListenerRole>(value, ignoreCase: true) }; break;
                case "auth": listener = listener with { Auth = Enum.Parse<ListenerAuth>(value, ignoreCase: true) }; break;
                case "tls": listener = listener with { Tls = Enum.Parse<ListenerTls>(value, ignoreCase: true) }; break;
                case "mechanisms": listener = listener with { Mechanisms = [.. value.Split(' ')] }; break;
                case "verifies": break;
                case "insecure-auth": listener = listener with { InsecureAuth = bool.Parse(value) }; break;
                case "check-from": listener = listener with { CheckFrom = bool.Parse(value) }; break;
                case "received-account": listener = listener with { ReceivedAccount = bool.Parse(value) }; break;
                case "bare-newlines": listener = listener with { BareNewlines = Enum.Parse<BareNewlines>(value, ignoreCase: true) }; break;
                case "proxy-from": listener = listener with { ProxyFrom = [IPNetwork.Parse(value)] }; break;
                case "xclient-from": listener = listener with { XclientFrom = [IPNetwork.Parse(value)] }; break;
                case "etrn-from": listener = listener with { EtrnFrom = [IPNetwork.Parse(value)] }; break;
                case "expand": listener = listener with { Expand = bool.Parse(value) }; break;
                case "refuse-null-mx": listener = listener with { RefuseNullMx = bool.Parse(value) }; break;
                case "verify": listener = listener with { Verify = bool.Parse(value) }; break;
                case "relay-from": listener = listener with { RelayFrom = [IPNetwork.Parse(value)] }; break;
                case "message-size": limits = limits with { MessageSize = Number(value) }; break;
                case "text-line": limits = limits with { TextLine = Number(value) }; break;
                case "recipients": limits = limits with { Recipients = Number(value) }; break;
                case "errors": limits = limits with { Errors = Number(value) }; break;
                case "connections": limits = limits with { Connections = Number(value) }; break;
                case "connections-per-client": limits = limits with { ConnectionsPerClient = Number(value) }; break;
                case "transactions": limits = limits with { Transactions = Number(value) }; break;
                case "chatter": limits = limits with { Chatter = Number(value) }; break;
                case "data-rate": limits = limits with { DataRate = Number(value) }; break;
                case "idle": limits = limits with { Idle = TimeSpan.FromSeconds(Number(value)) }; break;
                case "transaction": limits = limits with { Transaction = TimeSpan.FromSeconds(Number(value)) }; break;
                case "handshake": limits = limits with { Handshake = TimeSpan.FromSeconds(Number(value)) }; break;
                case "failures": guessing = guessing with { Failures = Number(value) }; break;
                case "window": guessing = guessing with { Window = TimeSpan.FromSeconds(Number(value)) }; break;
                case "ban": guessing = guessing with { Ban = TimeSpan.FromSeconds(Number(value)) }; break;
                case "never": guessing = guessing with { Never = value.Length == 0 ? [] : [IPNetwork.Parse(value)] }; break;
                case "tell-disabled": guessing = guessing with { TellDisabled = bool.Parse(value) }; break;
                case "shutdown-grace": limits = limits with { ShutdownGrace = TimeSpan.FromSeconds(Number(value)) }; break;
                case "list": lists.Add(List(value.Split(' '))); break;
                case "domain":
                    var words = value.Split(' ');
                    domains.Add(new LocalDomain(words[0],
                        words.Contains("accounts") ? RecipientCheck.Accounts : RecipientCheck.Any, words.Contains("path")));
                    break;
                default: throw new FormatException($"@ {key}");
            }
        }

        return new SmtpServerOptions
        {
            Hostname = "mx.example.org",
            Listeners = [listener],
            Policy = new ServerPolicy(limits, [.. domains]) { Lists = new MailingLists(lists), Guessing = guessing },
        };
    }

    // ADDRESS MEMBER…, the owner as owner=ADDRESS.
    private static MailingList List(string[] words) => new(
        Mailbox.Parse(words[0]),
        [.. words.Skip(1).Where(word => !word.StartsWith("owner=", StringComparison.Ordinal)).Select(Mailbox.Parse)],
        words.FirstOrDefault(word => word.StartsWith("owner=", StringComparison.Ordinal)) is { } owner ? Mailbox.Parse(owner[6..]) : null);

    [GeneratedRegex("{AS ([a-z]+)}")]
    private static partial Regex AsAnother();

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private sealed class LogCapture : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(exception is null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception.Message}");

        public void Dispose()
        {
        }
    }

    /// <summary>Has three messages for waiting.example and one for each domain below it.</summary>
    private sealed class OneDomain : IDomainRetry
    {
        public Task<int> RetryAsync(string domain, bool withSubdomains, CancellationToken cancellationToken = default) => domain switch
        {
            "waiting.example" => Task.FromResult(withSubdomains ? 4 : 3),
            "broken.example" => Task.FromException<int>(new IOException("the store is gone")),
            _ => Task.FromResult(0),
        };
    }

    /// <summary>Knows a domain that takes no mail, one whose servers are broken, and one of which it says nothing ever.</summary>
    private sealed class FewDomains : IResolver
    {
        public async ValueTask<DnsAnswer<MailExchanger>> ResolveMxAsync(string domain, CancellationToken cancellationToken = default)
        {
            if (domain == "silent.example")
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return domain switch
            {
                "null.example" => new(DnsOutcome.Found, [new(0, "")]),
                "both.example" => new(DnsOutcome.Found, [new(0, ""), new(10, "mx.both.example")]),
                "broken.example" => new(DnsOutcome.Failed, [], Error: "SERVFAIL"),
                "faulty.example" => throw new InvalidOperationException("a fault of the resolver"),
                _ => new(DnsOutcome.NoSuchName, []),
            };
        }

        public ValueTask<DnsAnswer<IPAddress>> ResolveAddressesAsync(string host, CancellationToken cancellationToken = default) =>
            new(new DnsAnswer<IPAddress>(DnsOutcome.NoSuchName, []));
    }
}
