using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Pillarbox.Delivery.Routing;
using Pillarbox.Delivery.Scheduling;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Delivery.Tests;

/// <summary>A queue with delivery on it, as the program has them, on the clock and the store that a test gives.</summary>
internal sealed class Rig : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TimeProvider _time;

    public Rig(DeliveryOptions options, TimeProvider? time = null, IQueueStore? store = null, IResolver? resolver = null, CaptureSink? capture = null)
    {
        _time = time ?? TimeProvider.System;
        Store = store ?? new MemoryQueueStore(_time);
        Queue = new MailQueue(Store);
        Routing = new RoutingSource(new RoutingTable(options.Routes, options.Domains, options.Lists));
        Service = new DeliveryService(options, Queue, Routing, resolver ?? new FixedResolver(), _time, new Chance(new Random(1)), Log, capture);
    }

    public IQueueStore Store { get; }

    public MailQueue Queue { get; }

    public RoutingSource Routing { get; }

    public DeliveryService Service { get; }

    public LinesLog Log { get; } = new();

    public static CancellationToken Patience => TestContext.Current.CancellationToken;

    /// <summary>Delivery with one route for everything.</summary>
    public static DeliveryOptions To(string target) => new()
    {
        Hostname = "relay.test",
        Routes = [new Route("*", Target(target))],
    };

    public static DeliveryTarget Target(string text) =>
        DeliveryTarget.TryParse(text, out var target, out var error) ? target : throw new ArgumentException(error);

    public async Task StartAsync()
    {
        await Service.StartAsync(Patience);
        await Service.StartedAsync(Patience);
    }

    public async Task<QueueId> SubmitAsync(string? from, string to, string content, bool captured = false, Func<Envelope, Envelope>? change = null)
    {
        var id = Store.NextId();
        var octets = Encoding.UTF8.GetBytes(content);
        var body = Store.BeginBody(id);
        octets.CopyTo(body.GetSpan(octets.Length));
        body.Advance(octets.Length);
        await body.FlushAsync(Patience);
        var envelope = new Envelope
        {
            Id = id,
            Sender = from is null ? null : Mailbox.Parse(from),
            Recipients = [.. to.Split(',').Select(Mailbox.Parse)],
            Accepted = _time.GetUtcNow(),
            BodySize = octets.Length,
            Prologue = "Received: by relay.test\r\n"u8.ToArray(),
            Destination = captured ? Pillarbox.Queue.Destination.Captured : Pillarbox.Queue.Destination.Routed,
        };
        await Queue.AcceptAsync(change?.Invoke(envelope) ?? envelope, body, Patience);
        return id;
    }

    public async Task<ImmutableArray<QueuedMessage>> ListAsync()
    {
        var all = ImmutableArray.CreateBuilder<QueuedMessage>();
        await foreach (var message in Store.ReadAllAsync(cancellationToken: Patience))
            all.Add(message);
        return all.ToImmutable();
    }

    /// <summary>Waits until the queue is empty.</summary>
    public Task UntilEmptyAsync() => Until.TrueAsync(async () => (await ListAsync()).IsEmpty);

    /// <summary>Waits until a message's recipient has the number of attempts.</summary>
    public async Task<RecipientStatus> UntilTriedAsync(QueueId id, int attempts, int recipient = 0)
    {
        RecipientStatus? status = null;
        await Until.TrueAsync(async () =>
        {
            status = (await Store.ReadAsync(id, Patience))?.Recipients[recipient];

            // It is in the index last of all: a clock that goes on before would be ahead of its timer.
            return status is not null && status.Attempts >= attempts && Service.Context.Active.Find(id) is null && Service.Context.Due.Count > 0;
        });
        return status!;
    }

    public async ValueTask DisposeAsync()
    {
        await Service.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
        Service.Dispose();
        await Store.DisposeAsync();
    }
}

internal static class Clock
{
    /// <summary>
    /// Lets time pass. The fake clock falls over a timer that another thread disposes of in the very moment in which it is woken; the time has
    /// passed all the same, and its other timers are woken the next time.
    /// </summary>
    public static void GoOn(this FakeTimeProvider time, TimeSpan by)
    {
        try
        {
            time.Advance(by);
        }
        catch (NullReferenceException)
        {
            time.Advance(TimeSpan.Zero);
        }
    }
}

internal static class Until
{
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException("what was waited for did not come within a minute");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));
}

/// <summary>Answers from a table, for tests that are not about the DNS.</summary>
internal sealed class FixedResolver : IResolver
{
    public Dictionary<string, DnsAnswer<MailExchanger>> Exchangers { get; } = [];

    public Dictionary<string, DnsAnswer<System.Net.IPAddress>> Addresses { get; } = [];

    public ConcurrentQueue<string> Asked { get; } = new();

    public ValueTask<DnsAnswer<MailExchanger>> ResolveMxAsync(string domain, CancellationToken cancellationToken = default)
    {
        Asked.Enqueue(domain);
        return new(Exchangers.GetValueOrDefault(domain) ?? new(DnsOutcome.NoSuchName, []));
    }

    public ValueTask<DnsAnswer<System.Net.IPAddress>> ResolveAddressesAsync(string host, CancellationToken cancellationToken = default) =>
        new(Addresses.GetValueOrDefault(host) ?? new(DnsOutcome.NoSuchName, []));

    public FixedResolver Mx(string domain, params (ushort Preference, string Host)[] hosts)
    {
        Exchangers[domain] = new(DnsOutcome.Found, [.. hosts.Select(host => new MailExchanger(host.Preference, host.Host))]);
        return this;
    }

    public FixedResolver Host(string host, params string[] addresses)
    {
        Addresses[host] = new(DnsOutcome.Found, [.. addresses.Select(System.Net.IPAddress.Parse)]);
        return this;
    }
}

/// <summary>Keeps the lines of a log.</summary>
internal sealed class LinesLog : ILogger<DeliveryService>
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}".TrimEnd());
}
