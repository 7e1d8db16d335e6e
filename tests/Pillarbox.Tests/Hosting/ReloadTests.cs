namespace Pillarbox.Tests.Hosting;

public sealed class ReloadTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _password = Guid.NewGuid().ToString();
    private string _config = "";
    private RunningServer? _server;

    private RunningServer Server => _server ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        Configure("example.org");
        var added = await BuiltProgram.RunAsync(["account", "add", "ann", "--config", _config], _password + "\n");
        Assert.Equal(("", 0), (added.Error, added.ExitCode));
        _server = await RunningServer.StartAsync("--config", _config);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Changed_file_takes_effect_without_dropping_a_connection()
    {
        using var client = await OpenAsync();
        Assert.StartsWith("550 5.7.1", await client.SayAsync("RCPT TO:<bob@example.com>"), StringComparison.Ordinal);

        Configure("example.com");
        await Server.WaitForLogAsync("configuration reloaded");

        Assert.StartsWith("250 2.1.5", await client.SayAsync("RCPT TO:<bob@example.com>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faulty_file_is_refused_on_sighup_and_the_running_configuration_stays()
    {
        Configure("example.com", "colour = \"red\"\n");
        Server.Signal("HUP");
        await Server.WaitForLogAsync("configuration refused, the running one stays");

        using var client = await OpenAsync();
        Assert.StartsWith("250 2.1.5", await client.SayAsync("RCPT TO:<bob@example.org>"), StringComparison.Ordinal);
        Assert.StartsWith("550 5.7.1", await client.SayAsync("RCPT TO:<bob@example.com>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sighup_reloads_and_says_what_waits_for_a_restart()
    {
        Configure("example.com", hostname: "other.example.org");
        Server.Signal("HUP");

        await Server.WaitForLogAsync("in force only after a restart: hostname");
        await Server.WaitForLogAsync("configuration reloaded");
    }

    [Fact]
    public async Task New_account_logs_in_at_once()
    {
        Assert.False(await CanLogInAsync("bob"));

        await BuiltProgram.RunAsync(["account", "add", "bob", "--config", _config], _password + "\n");

        Assert.True(await CanLogInAsync("bob"));
        Assert.True(await CanLogInAsync("ann"));
    }

    private async Task<bool> CanLogInAsync(string name)
    {
        var passwordFile = _directory.Write("password", _password + "\n");
        var sent = await BuiltProgram.RunAsync(
            ["send", "--server", $"{Server.Smtp[1]}", "--from", "a@example.net", "--to", "b@example.net", "--user", name, "--password-file", passwordFile]);
        return sent.ExitCode == 0;
    }

    private async Task<SmtpDialogue> OpenAsync()
    {
        var client = await SmtpDialogue.ConnectAsync(Server.Smtp[0]);
        await client.ReadAsync();
        await client.SayAsync("EHLO client.example.net");
        await client.SayAsync("MAIL FROM:<ann@example.net>");
        return client;
    }

    private void Configure(string domain, string extra = "", string hostname = "mx.example.org") => _config = _directory.Write(
        "pillarbox.toml",
        $$"""
        hostname = "{{hostname}}"
        data = "state"
        {{extra}}
        [[listeners]]
        name = "inbound"
        address = "127.0.0.1:0"
        role = "inbound"

        [[listeners]]
        name = "submission"
        address = "127.0.0.1:0"
        role = "submission"
        auth = "required"
        insecure-auth = true

        [[domains]]
        name = "{{domain}}"
        deliver = "capture"

        [[routes]]
        to = "*"
        via = "discard"

        [console]
        address = "127.0.0.1:0"
        """);
}
