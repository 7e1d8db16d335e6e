using System.Globalization;
using System.Net;

namespace Pillarbox.Peers;

/// <summary>A record that a <see cref="DnsServer"/> gives, as an argument of dnsmasq.</summary>
public sealed record DnsRecord
{
    private DnsRecord(string argument) => Argument = argument;

    /// <summary>The argument.</summary>
    public string Argument { get; }

    /// <summary>A host that receives a domain's mail.</summary>
    public static DnsRecord Mx(string domain, int preference, string host) => new(string.Create(CultureInfo.InvariantCulture, $"--mx-host={domain},{host},{preference}"));

    /// <summary>A domain that takes no mail (RFC 7505).</summary>
    public static DnsRecord NullMx(string domain) => new($"--dns-rr={domain},15,000000");

    /// <summary>A host's address.</summary>
    public static DnsRecord Address(string host, string address) => new($"--host-record={host},{address}");

    /// <summary>A record of any type, its data in hexadecimal.</summary>
    public static DnsRecord Raw(string name, int type, string data) => new(string.Create(CultureInfo.InvariantCulture, $"--dns-rr={name},{type},{data}"));
}

/// <summary>dnsmasq, on a port of its own, for names that end in <c>.test</c>; names it was not given do not exist.</summary>
public sealed class DnsServer : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private DnsServer(ChildProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Its port on 127.0.0.1, UDP and TCP.</summary>
    public int Port { get; }

    /// <summary>What it was asked so far.</summary>
    public string Log => _process.Output;

    /// <summary>Starts one.</summary>
    public static async Task<DnsServer> StartAsync(params IEnumerable<DnsRecord> records)
    {
        var port = FreePort.Take();
        string[] arguments =
        [
            "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--bind-interfaces", "--listen-address=127.0.0.1",
            $"--port={port}", "--pid-file=", $"--user={Environment.UserName}", "--log-facility=-", "--log-queries", "--local=/test/", "--cache-size=0",
            .. records.Select(record => record.Argument),
        ];
        var process = ChildProcess.Start(Command.Find("dnsmasq"), arguments);
        try
        {
            await Readiness.UntilListensAsync(new IPEndPoint(IPAddress.Loopback, port), process);
            return new DnsServer(process, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
