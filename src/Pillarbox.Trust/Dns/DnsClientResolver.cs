using System.Collections.Immutable;
using System.Net;
using DnsClient;
using DnsClient.Protocol;

namespace Pillarbox.Trust.Dns;

/// <summary>
/// Asks recursive resolvers, with the DnsClient library: over UDP with EDNS, over TCP where the answer does not fit, with a cache by the
/// records' time to live. Chains of CNAME are the resolver's to follow. Thread-safe.
/// </summary>
public sealed class DnsClientResolver : IResolver
{
    /// <summary>Mail exchangers used of one domain, those preferred first; no zone needs as many, and a hostile one could list hundreds.</summary>
    public const int MaxExchangers = 20;

    /// <summary>Addresses of each family used of one host.</summary>
    public const int MaxAddresses = 10;

    // What fits a datagram on every path: the size agreed on at DNS Flag Day 2020.
    private const int DatagramSize = 1232;

    private readonly DnsOptions _options;
    private readonly TimeProvider _time;
    private readonly Lazy<LookupClient> _client;

    /// <param name="options">Whom to ask.</param>
    /// <param name="time">Measures <see cref="DnsOptions.Total"/>.</param>
    public DnsClientResolver(DnsOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        // Made at the first question: a system without resolvers is a fault of that question, not of the start.
        _client = new Lazy<LookupClient>(Create);
    }

    /// <inheritdoc/>
    public async ValueTask<DnsAnswer<MailExchanger>> ResolveMxAsync(string domain, CancellationToken cancellationToken = default)
    {
        var answer = await AskAsync<MxRecord>(domain, QueryType.MX, cancellationToken);
        if (answer.Outcome != DnsOutcome.Found)
            return new(answer.Outcome, [], answer.Authenticated, answer.Error);

        var exchangers = answer.Records.OrderBy(record => record.Preference).Take(MaxExchangers)
            .Select(record => new MailExchanger(record.Preference, Plain(record.Exchange)));
        return new(DnsOutcome.Found, [.. exchangers], answer.Authenticated);
    }

    /// <inheritdoc/>
    public async ValueTask<DnsAnswer<IPAddress>> ResolveAddressesAsync(string host, CancellationToken cancellationToken = default)
    {
        var six = AskAsync<AaaaRecord>(host, QueryType.AAAA, cancellationToken);
        var four = AskAsync<ARecord>(host, QueryType.A, cancellationToken);
        var (v6, v4) = (await six, await four);
        ImmutableArray<IPAddress> all =
        [
            .. v6.Records.Select(record => record.Address).Take(MaxAddresses),
            .. v4.Records.Select(record => record.Address).Take(MaxAddresses),
        ];
        var authenticated = v6.Authenticated && v4.Authenticated;
        if (all.Length > 0)
            return new(DnsOutcome.Found, all, authenticated);

        // Of two answers without an address the less certain one counts.
        if (v6.Outcome == DnsOutcome.Failed || v4.Outcome == DnsOutcome.Failed)
            return new(DnsOutcome.Failed, [], false, v4.Error ?? v6.Error);
        return new(v4.Outcome == DnsOutcome.NoData ? v6.Outcome : v4.Outcome, [], authenticated);
    }

    private async Task<DnsAnswer<TRecord>> AskAsync<TRecord>(string name, QueryType type, CancellationToken cancellationToken)
        where TRecord : DnsResourceRecord
    {
        if (!DomainNames.TryToAscii(name, out var ascii))
            return new(DnsOutcome.NoSuchName, [], Error: $"{name} is not a domain name");

        using var patience = new CancellationTokenSource(_options.Total, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return Read<TRecord>(await _client.Value.QueryAsync(ascii + ".", type, QueryClass.IN, either.Token));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault)
        {
            // The library reports time-outs, refusals and answers that it cannot parse by exceptions of many types. The answer is a
            // stranger's, so whatever it provokes is a failure to get one, and says nothing about the name.
            return new(DnsOutcome.Failed, [], Error: $"{type} of {ascii}: {fault.Message}");
        }
    }

    private static DnsAnswer<TRecord> Read<TRecord>(IDnsQueryResponse response)
        where TRecord : DnsResourceRecord
    {
        var authenticated = response.Header.IsAuthenticData;
        switch (response.Header.ResponseCode)
        {
            case DnsHeaderResponseCode.NoError:
                ImmutableArray<TRecord> records = [.. response.Answers.OfType<TRecord>()];
                return new(records.IsEmpty ? DnsOutcome.NoData : DnsOutcome.Found, records, authenticated);
            case DnsHeaderResponseCode.NotExistentDomain:
                return new(DnsOutcome.NoSuchName, [], authenticated);
            default:
                return new(DnsOutcome.Failed, [], Error: $"the resolver {response.NameServer} answers {response.Header.ResponseCode}");
        }
    }

    private LookupClient Create()
    {
        var options = _options.Servers.IsDefaultOrEmpty ? new LookupClientOptions() : new LookupClientOptions([.. _options.Servers]);
        options.AutoResolveNameServers = _options.Servers.IsDefaultOrEmpty;
        options.Timeout = _options.Timeout;
        options.Retries = _options.Retries;
        options.UseCache = true;
        options.MaximumCacheTimeout = TimeSpan.FromHours(1);
        options.UseTcpFallback = true;
        options.ExtendedDnsBufferSize = DatagramSize;
        options.ThrowDnsErrors = false;
        // The DO bit has a validating resolver say whether it vouches for the answer (RFC 4035 §3.2.3).
        options.RequestDnsSecRecords = true;
        options.ContinueOnDnsError = true;
        return new LookupClient(options);
    }

    // The root, of a null MX, becomes the empty name.
    private static string Plain(DnsString name) => name.Value.TrimEnd('.');
}
