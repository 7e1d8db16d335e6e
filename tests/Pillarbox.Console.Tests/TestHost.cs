using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pillarbox.Delivery;
using Pillarbox.Delivery.Routing;
using Pillarbox.Queue;
using Pillarbox.Queue.RocksDb;
using Pillarbox.Server;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.WebConsole.Tests;

/// <summary>A whole server on free ports of the loopback: SMTP, the queue, delivery, the capture, and the console over HTTP.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _data;
    private readonly int _consolePort;

    private TestHost(WebApplication app, string data, int consolePort)
    {
        (_app, _data, _consolePort) = (app, data, consolePort);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{consolePort}"), Timeout = TimeSpan.FromMinutes(1) };
    }

    public HttpClient Http { get; }

    public string TokenFile => Path.Combine(_data, "console.token");

    public string Token => File.ReadAllText(TokenFile).Trim();

    public IPEndPoint Console => new(IPAddress.Loopback, _consolePort);

    public IPEndPoint Smtp(string listener) => _app.Services.GetRequiredService<SmtpEndpoints>().Bound.First(one => one.Listener == listener).Address;

    /// <summary>A server with a listener <c>capture</c>, which keeps all, and one <c>relay</c>, whose mail finds no server to go to.</summary>
    public static async Task<TestHost> StartAsync(bool captureIsBroken = false, Action<WebApplication>? app = null)
    {
        var data = Directory.CreateTempSubdirectory("pillarbox-console-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var loopback = new IPEndPoint(IPAddress.Loopback, 0);
        ListenOptions? console = null;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(loopback, listen => console = listen));
        builder.WebHost.UseSmtpServer(new SmtpServerOptions
        {
            Hostname = "mx.example.org",
            InlineScheduling = true,
            Listeners =
            [
                new ListenerOptions { Name = "capture", Address = loopback, Role = ListenerRole.Capture, Auth = ListenerAuth.Optional, InsecureAuth = true },
                new ListenerOptions { Name = "relay", Address = loopback, Role = ListenerRole.Submission, RelayFrom = [IPNetwork.Parse("127.0.0.0/8")] },
            ],
        });
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IQueueStore>(provider => RocksDbQueueStore.Open(
            new RocksDbQueueOptions { Directory = Path.Combine(data, "queue") }, TimeProvider.System, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<MailQueue>();
        services.AddSingleton<IAccountSource, AnyAccountSource>();
        if (captureIsBroken)
            File.WriteAllText(Path.Combine(data, "captured"), "a file where the directory should be");
        services.AddPillarboxCapture(new() { Directory = Path.Combine(data, "captured") });
        services.AddPillarboxDelivery(new DeliveryOptions { Hostname = "mx.example.org", Routes = [new Route("*", Nowhere())] });
        services.AddPillarboxConsole(new ConsoleOptions
        {
            Address = new IPEndPoint(IPAddress.Loopback, 8025),
            TokenFile = Path.Combine(data, "console.token"),
            IsEvaluation = true,
        });
        var built = builder.Build();
        built.MapPillarboxConsole();
        app?.Invoke(built);
        await built.StartAsync(TestContext.Current.CancellationToken);
        return new TestHost(built, data, console!.IPEndPoint!.Port);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>Gets a path as text; the answer is 200.</summary>
    public async Task<string> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Asks something with headers of one's own.</summary>
    public async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Announces a body without sending it, and gives the first line of the answer.</summary>
    public async Task<string?> AnnounceAsync(string path, string type, int octets) => (await AnnounceAndReadAsync(path, type, octets)).Split("\r\n")[0];

    /// <summary>Announces a body without sending it, and gives the whole answer; the server hangs up behind it.</summary>
    public async Task<string> AnnounceAndReadAsync(string path, string type, int octets)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Console, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: {octets}\r\n\r\n"),
            TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The header that lets changes through.</summary>
    public (string Name, string Value) Authorization => ("Authorization", $"Bearer {Token}");

    /// <summary>Hands in a message; its lines end in CRLF.</summary>
    /// <returns>The queue id of the 250.</returns>
    public async Task<string> SendAsync(string message, string from = "ann@example.org", string to = "bob@example.net", string listener = "capture")
    {
        using var client = await SmtpClient.ConnectAsync(Smtp(listener));
        await client.SayAsync("EHLO client.example.com", "250");
        await client.SayAsync($"MAIL FROM:<{from}>", "250");
        foreach (var recipient in to.Split(' '))
            await client.SayAsync($"RCPT TO:<{recipient}>", "250");
        await client.SayAsync("DATA", "354");
        var reply = await client.SayAsync(message.Replace("\r\n.", "\r\n..", StringComparison.Ordinal) + "\r\n.", "250");
        await client.SayAsync("QUIT", "221");
        return reply.Split(' ')[^1];
    }

    /// <summary>Hands in a message and waits until it is captured.</summary>
    public async Task<string> CaptureAsync(string message, string from = "ann@example.org", string to = "bob@example.net")
    {
        var id = await SendAsync(message, from, to);
        while ((await Http.GetAsync($"/api/messages/{id}/raw", TestContext.Current.CancellationToken)).StatusCode == HttpStatusCode.NotFound)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        return id;
    }

    // A port that was free a moment ago, and refuses.
    private static DeliveryTarget.Smarthost Nowhere()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new DeliveryTarget.Smarthost("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
    }
}

/// <summary>A client that says what it is told, octet for octet.</summary>
internal sealed class SmtpClient : IDisposable
{
    private readonly TcpClient _tcp;
    private readonly StreamReader _reader;

    private SmtpClient(TcpClient tcp)
    {
        _tcp = tcp;
        _reader = new StreamReader(tcp.GetStream(), Encoding.UTF8);
    }

    public static async Task<SmtpClient> ConnectAsync(IPEndPoint address)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(address, TestContext.Current.CancellationToken);
        var client = new SmtpClient(tcp);
        await client.ReadAsync("220");
        return client;
    }

    /// <summary>Says a line and reads the reply, which begins as expected.</summary>
    public async Task<string> SayAsync(string line, string expected)
    {
        await _tcp.GetStream().WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), TestContext.Current.CancellationToken);
        return await ReadAsync(expected);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _tcp.Dispose();
    }

    private async Task<string> ReadAsync(string expected)
    {
        while (true)
        {
            var line = await _reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new IOException("the server hung up");
            if (line.Length > 3 && line[3] == '-')
                continue;
            Assert.StartsWith(expected, line, StringComparison.Ordinal);
            return line;
        }
    }
}
