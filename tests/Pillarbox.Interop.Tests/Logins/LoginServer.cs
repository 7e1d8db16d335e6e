using System.Text;

using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Logins;

/// <summary>
/// A server with an account that <c>pillarbox account add</c> made, and a listener for each way of offering mechanisms: <c>default</c>, <c>all</c> but PLUS,
/// <c>plus</c> with PLUS, and one for each mechanism alone.
/// </summary>
public sealed class LoginServer : IAsyncLifetime
{
    private readonly TempDirectory _directory = new("logins");
    private readonly Dictionary<string, int> _ports = [];
    private PillarboxProcess? _process;

    /// <summary>Ann's.</summary>
    public string Password { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The port of a listener.</summary>
    public int PortOf(string listener) => _ports[listener];

    /// <summary>The subjects of the messages in bob's maildir.</summary>
    public IReadOnlyList<string?> Delivered() =>
        Directory.Exists(_directory["mail/bob/new"]) ? [.. Directory.GetFiles(_directory["mail/bob/new"]).Select(file => StoredMessage.Read(file).Header("Subject"))] : [];

    /// <summary>Waits until a message is in bob's maildir.</summary>
    public Task WaitForAsync(string subject) => Readiness.UntilAsync(() => Delivered().Contains(subject), $"{subject} in the maildir");

    /// <summary>Adds an account, as an administrator would; it is there with the next login.</summary>
    public Task AddAccountAsync(string name, string password) => AccountAsync(["add", name, "--readable"], password);

    /// <summary>Runs <c>pillarbox account</c>, with a line on its standard input.</summary>
    public async Task AccountAsync(IEnumerable<string> arguments, string line = "") =>
        (await PillarboxProcess.RunAsync(["account", .. arguments, "--config", _directory["pillarbox.toml"]], Encoding.UTF8.GetBytes(line + "\n"))).Checked();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var plain = LoginMatrix.Mechanisms.Where(mechanism => !mechanism.EndsWith("-PLUS", StringComparison.Ordinal)).ToList();
        var configuration = new StringBuilder(Configuration());
        AddListener(configuration, "default", null);
        AddListener(configuration, "all", plain);
        AddListener(configuration, "plus", LoginMatrix.Mechanisms);
        foreach (var mechanism in plain)
            AddListener(configuration, mechanism, [mechanism]);

        var console = FreePort.Take();
        configuration.Append($"\n[console]\naddress = \"127.0.0.1:{console}\"\n");
        _directory.Write("pillarbox.toml", configuration.ToString());
        await AddAccountAsync("ann", Password);
        _process = await PillarboxProcess.ServeAsync(_directory, configuration.ToString(), new PillarboxSettings { Ports = [.. _ports.Values, console] });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();

        _directory.Dispose();
    }

    private string Configuration()
    {
        var certificate = TestCertificate.Create(_directory, "submission.test");
        var text = new StringBuilder($$"""
            hostname = "submission.test"
            data = "{{_directory["data"]}}"

            [tls]
            certificate = "{{certificate.CertificateFile}}"
            key = "{{certificate.KeyFile}}"

            [accounts]
            source = "file"
            file = "{{_directory["accounts.toml"]}}"

            """);
        foreach (var domain in LoginMatrix.Mechanisms.Select(DomainOf).Append("local.test"))
            text.Append($"\n[[domains]]\nname = \"{domain}\"\ndeliver = \"maildir:{_directory["mail"]}/{{local}}\"\n");
        return text.ToString();
    }

    /// <summary>A domain that is received here, for servers that go by it.</summary>
    internal static string DomainOf(string mechanism) => mechanism.ToLowerInvariant() + ".test";

    private void AddListener(StringBuilder configuration, string name, IReadOnlyList<string>? mechanisms)
    {
        _ports[name] = FreePort.Take();
        configuration.Append($"""

            [[listeners]]
            name = "{name}"
            address = "127.0.0.1:{_ports[name]}"
            role = "submission"
            tls = "starttls"
            auth = "required"
            {(mechanisms is null ? "" : $"mechanisms = [{string.Join(", ", mechanisms.Select(mechanism => $"\"{mechanism}\""))}]")}

            """);
    }
}
