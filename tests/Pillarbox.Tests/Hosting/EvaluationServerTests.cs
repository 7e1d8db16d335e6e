using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Pillarbox.Tests.Hosting;

public sealed class EvaluationServerTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private RunningServer? _server;

    private RunningServer Server => _server ?? throw new InvalidOperationException("not started");

    private IPEndPoint Smtp => Server.Smtp[0];

    public async ValueTask InitializeAsync() =>
        _server = await RunningServer.StartAsync("--data", _directory.Path, "--smtp", "127.0.0.1:0", "--console", "127.0.0.1:0");

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Any_login_is_accepted_and_the_message_is_captured()
    {
        using (var client = await SmtpDialogue.ConnectAsync(Smtp))
        {
            Assert.StartsWith("220 ", await client.ReadAsync(), StringComparison.Ordinal);
            var capabilities = await client.SayAsync("EHLO client.example.org");
            Assert.Contains("STARTTLS", capabilities, StringComparison.Ordinal);
            Assert.Contains("AUTH PLAIN LOGIN", capabilities, StringComparison.Ordinal);
            Assert.Equal("235 2.7.0", (await client.SayAsync($"AUTH PLAIN {Base64($"\0{Guid.NewGuid()}\0{Guid.NewGuid()}")}"))[..9]);
            Assert.StartsWith("250 ", await client.SayAsync("MAIL FROM:<ann@example.org>"), StringComparison.Ordinal);
            Assert.StartsWith("250 ", await client.SayAsync("RCPT TO:<bob@elsewhere.example>"), StringComparison.Ordinal);
            Assert.StartsWith("354 ", await client.SayAsync("DATA"), StringComparison.Ordinal);
            Assert.Matches("^250 2.0.0 .*queued as [0-9A-Z]{13}$", await client.SayAsync("Subject: captured\r\n\r\nHello\r\n."));
            Assert.StartsWith("221 2.0.0", await client.SayAsync("QUIT"), StringComparison.Ordinal);
            Assert.Equal("", await client.ReadAsync());
        }

        var message = await FirstCapturedAsync();
        Assert.Equal("captured", message.GetProperty("subject").GetString());
        Assert.Equal("ann@example.org", message.GetProperty("from").GetString());
        Assert.Equal(["bob@elsewhere.example"], message.GetProperty("to").EnumerateArray().Select(to => to.GetString()));
    }

    [Fact]
    public async Task Send_shows_the_session_and_the_message_arrives()
    {
        var finished = await BuiltProgram.RunAsync(
            ["send", "--server", $"{Smtp}", "--from", "ann@example.org", "--to", "bob@example.net", "--to", "cid@example.net", "-"],
            "Subject: sent\n\nline\n.dot\n");

        Assert.Equal((0, ""), (finished.ExitCode, finished.Error));
        Assert.Contains("C: RCPT TO:<cid@example.net>", finished.Output, StringComparison.Ordinal);
        Assert.Contains("-- TLS started", finished.Output, StringComparison.Ordinal);
        Assert.Contains("250 2.1.5: ", finished.Output, StringComparison.Ordinal);
        var message = await FirstCapturedAsync();
        using var http = new HttpClient();
        var raw = await http.GetStringAsync(new Uri(Server.Console, $"/api/messages/{message.GetProperty("id").GetString()}/raw"), TestContext.Current.CancellationToken);
        Assert.EndsWith("Subject: sent\r\n\r\nline\r\n.dot\r\n", raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_as_json_masks_the_password_and_explains_each_reply()
    {
        var password = Guid.NewGuid().ToString();
        var passwordFile = _directory.Write("password", password + "\n");

        var finished = await BuiltProgram.RunAsync(
            ["send", "--server", $"{Smtp}", "--from", "<>", "--to", "bob@example.net", "--user", "ann", "--password-file", passwordFile, "--json"]);

        Assert.Equal((0, ""), (finished.ExitCode, finished.Error));
        Assert.DoesNotContain(password, finished.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Base64($"\0ann\0{password}"), finished.Output, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(finished.Output);
        var lines = document.RootElement.GetProperty("lines").EnumerateArray().ToList();
        Assert.True(document.RootElement.GetProperty("sent").GetBoolean());
        Assert.Contains(lines, line => line.GetProperty("from").GetString() == "server"
            && line.TryGetProperty("explanation", out var explanation) && explanation.GetProperty("code").GetInt32() == 235);
    }

    [Fact]
    public async Task Sigterm_says_421_and_ends_with_0()
    {
        using var client = await SmtpDialogue.ConnectAsync(Smtp);
        await client.ReadAsync();
        await client.SayAsync("EHLO client.example.org");

        Server.Signal("TERM");

        Assert.StartsWith("421 4.3.2", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("", await client.ReadAsync());
        Assert.Equal(0, await Server.WaitAsync());
    }

    [Fact]
    public async Task Sigterm_lets_a_transaction_end()
    {
        using var client = await SmtpDialogue.ConnectAsync(Smtp);
        await client.ReadAsync();
        await client.SayAsync("EHLO client.example.org");
        await client.SayAsync("MAIL FROM:<ann@example.org>");

        Server.Signal("TERM");

        Assert.StartsWith("250 ", await client.SayAsync("RCPT TO:<bob@example.net>"), StringComparison.Ordinal);
        Assert.StartsWith("354 ", await client.SayAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.0.0", await client.SayAsync("Subject: last\r\n\r\nbye\r\n."), StringComparison.Ordinal);
        Assert.StartsWith("421 4.3.2", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await Server.WaitAsync());
    }

    [Fact]
    public async Task Certificate_is_made_once_and_kept()
    {
        var file = Path.Combine(_directory.Path, "tls", "evaluation.pem");
        var first = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Server.Signal("TERM");
        await Server.WaitAsync();

        await using var again = await RunningServer.StartAsync("--data", _directory.Path, "--smtp", "127.0.0.1:0", "--console", "127.0.0.1:0");

        Assert.Equal(first, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Address_in_use_is_said_in_one_line()
    {
        using var other = new TemporaryDirectory();

        var finished = await BuiltProgram.RunAsync(["serve", "--data", other.Path, "--smtp", $"{Smtp}", "--console", "127.0.0.1:0"]);

        Assert.Equal(1, finished.ExitCode);
        Assert.StartsWith($"pillarbox: listener evaluation cannot listen on {Smtp}: another program has it; ", finished.Error, StringComparison.Ordinal);
        Assert.Single(finished.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task State_of_a_running_server_is_not_shared()
    {
        var finished = await BuiltProgram.RunAsync(["serve", "--data", _directory.Path, "--smtp", "127.0.0.1:0", "--console", "127.0.0.1:0"]);

        Assert.Equal(1, finished.ExitCode);
        Assert.StartsWith("pillarbox: the queue in ", finished.Error, StringComparison.Ordinal);
        Assert.Single(finished.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Console_off_loopback_is_refused()
    {
        var finished = await BuiltProgram.RunAsync(["serve", "--data", _directory.Path, "--console", "0.0.0.0:0"]);

        Assert.Equal(1, finished.ExitCode);
        Assert.StartsWith("--console: console.address: 0.0.0.0:0 can be reached from other machines", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blocked_console_request_does_not_delay_a_reply()
    {
        // Requests that never end: the server waits for the rest of each.
        var stuck = new List<System.Net.Sockets.TcpClient>();
        try
        {
            for (var i = 0; i < 64; i++)
            {
                var client = new System.Net.Sockets.TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Server.Console.Port, TestContext.Current.CancellationToken);
                await client.GetStream().WriteAsync(
                    Encoding.ASCII.GetBytes($"POST /api/queue HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n\r\nx"), TestContext.Current.CancellationToken);
                stuck.Add(client);
            }

            using var dialogue = await SmtpDialogue.ConnectAsync(Smtp);
            Assert.StartsWith("220 ", await dialogue.ReadAsync(), StringComparison.Ordinal);
            Assert.StartsWith("250", await dialogue.SayAsync("EHLO client.example.org"), StringComparison.Ordinal);
        }
        finally
        {
            stuck.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Queue_commands_find_the_server_and_its_token()
    {
        string[] where = ["--console", $"{Server.Console}", "--data", _directory.Path];

        var list = await BuiltProgram.RunAsync(["queue", "list", .. where]);
        var delete = await BuiltProgram.RunAsync(["queue", "delete", "06A0S4B1M0G00", .. where]);
        var token = Path.Combine(_directory.Path, "console.token");

        Assert.Equal((0, "the queue is empty\n", ""), (list.ExitCode, list.Output, list.Error));
        Assert.Equal((1, "pillarbox: there is no message 06A0S4B1M0G00 in the queue\n"), (delete.ExitCode, delete.Error));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(token));
    }

    [Fact]
    public async Task Changes_without_the_token_are_refused()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Guid.NewGuid().ToString("n"));

        using var response = await http.DeleteAsync(new Uri(Server.Console, "/api/queue/06A0S4B1M0G00"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private async Task<JsonElement> FirstCapturedAsync()
    {
        using var http = new HttpClient { BaseAddress = Server.Console };
        using var limit = new CancellationTokenSource(BuiltProgram.Patience);
        while (true)
        {
            var document = JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync(new Uri("/api/messages", UriKind.Relative), limit.Token));
            if (document.GetProperty("messages").EnumerateArray().ToList() is [var first, ..])
                return first;
            await Task.Delay(50, limit.Token);
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
