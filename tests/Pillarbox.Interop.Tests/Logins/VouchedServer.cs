using System.Text;

using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Logins;

/// <summary>
/// A server that takes a provider's tokens and an authority's certificates: listeners <c>starttls</c>, which asks for certificates, <c>implicit</c>, which
/// demands them, and <c>clear</c>, which lets clients log in without TLS. Ann may send as herself alone, bob as anybody; bob's account is closed.
/// </summary>
public sealed class VouchedServer : IAsyncLifetime
{
    private readonly TempDirectory _directory = new("vouched");
    private readonly Dictionary<string, int> _ports = [];
    private PillarboxProcess? _process;

    public VouchedServer()
    {
        Authority = new TestAuthority(_directory, "authority");
        OtherAuthority = new TestAuthority(_directory, "another");
    }

    /// <summary>Where tokens come from.</summary>
    public OpenIdProvider Provider { get; private set; } = null!;

    /// <summary>Who signs clients' certificates.</summary>
    public TestAuthority Authority { get; }

    /// <summary>Who would like to.</summary>
    public TestAuthority OtherAuthority { get; }

    /// <summary>What the server has logged.</summary>
    public string Log => _process!.Process.Output;

    /// <summary>The port of a listener.</summary>
    public int PortOf(string listener) => _ports[listener];

    /// <summary>Waits until a message is in the maildir of local@local.test.</summary>
    public Task WaitForAsync(string subject) => Readiness.UntilAsync(
        () => Directory.Exists(_directory["mail/local/new"]) && Directory.GetFiles(_directory["mail/local/new"]).Any(file => StoredMessage.Read(file).Header("Subject") == subject),
        $"{subject} in the maildir");

    /// <summary>Waits until a line is in the log.</summary>
    public Task WaitForLogAsync(string text) => Readiness.UntilAsync(() => Log.Contains(text, StringComparison.Ordinal), $"\"{text}\" in the log");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Provider = await OpenIdProvider.StartAsync();
        var configuration = Configuration(Provider.Issuer);
        _directory.Write("pillarbox.toml", configuration);
        await AccountAsync("add", "ann@example.org", "--sender", "ann@example.org");
        await AccountAsync("add", "bob@example.org");
        (await PillarboxProcess.RunAsync(["account", "change", "bob@example.org", "--disable", "--config", _directory["pillarbox.toml"]])).Checked();
        _process = await PillarboxProcess.ServeAsync(_directory, configuration, new PillarboxSettings { Ports = [.. _ports.Values] });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        await Provider.DisposeAsync();
        Authority.Dispose();
        OtherAuthority.Dispose();
        _directory.Dispose();
    }

    private async Task AccountAsync(params string[] arguments) => (await PillarboxProcess.RunAsync(
        ["account", .. arguments, "--config", _directory["pillarbox.toml"]], Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N") + "\n"))).Checked();

    private string Configuration(string issuer)
    {
        foreach (var name in (string[])["starttls", "implicit", "clear", "console"])
            _ports[name] = FreePort.Take();
        var certificate = TestCertificate.Create(_directory, "submission.test");
        return $$"""
            hostname = "submission.test"
            data = "{{_directory["data"]}}"

            [[listeners]]
            name = "starttls"
            address = "127.0.0.1:{{_ports["starttls"]}}"
            role = "submission"
            tls = "starttls"
            auth = "required"
            client-certificates = "optional"
            xclient-from = ["127.0.0.0/8"]

            [[listeners]]
            name = "implicit"
            address = "127.0.0.1:{{_ports["implicit"]}}"
            role = "submission"
            tls = "implicit"
            auth = "required"
            client-certificates = "required"

            [[listeners]]
            name = "clear"
            address = "127.0.0.1:{{_ports["clear"]}}"
            role = "submission"
            tls = "starttls"
            auth = "required"
            insecure-auth = true

            [tls]
            certificate = "{{certificate.CertificateFile}}"
            key = "{{certificate.KeyFile}}"
            client-authorities = "{{Authority.File}}"

            [accounts]
            source = "file"
            file = "{{_directory["accounts.toml"]}}"

            [accounts.oauth]
            issuer = "{{issuer}}"
            audience = "pillarbox"
            scope = ["smtp"]

            [[domains]]
            name = "local.test"
            deliver = "maildir:{{_directory["mail"]}}/{local}"

            [console]
            address = "127.0.0.1:{{_ports["console"]}}"
            """;
    }
}
