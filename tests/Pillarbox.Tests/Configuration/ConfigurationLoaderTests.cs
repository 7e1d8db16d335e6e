using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pillarbox.Configuration;
using Pillarbox.Delivery.Routing;
using Pillarbox.Server;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Tests.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = new() { ["HOME"] = "/home/nobody" };

    [Fact]
    public void Whole_file_reaches_each_room()
    {
        WriteCertificate();
        AccountsFile.Write(Path.Combine(_directory.Path, "people.toml"), [new Account("ann", [])]);

        var options = Sound("""
            hostname = "mx.example.org"
            data = "state"

            [[listeners]]
            name = "submission"
            address = "127.0.0.1:2587"
            role = "submission"
            tls = "starttls"
            auth = "required"
            mechanisms = ["PLAIN"]
            bare-newlines = "normalize"
            client-certificates = "none"
            relay-from = ["10.0.0.0/8", "::ffff:192.0.2.0/120", "2001:db8::/32", "192.0.2.9"]

            [[listeners]]
            name = "inbound"
            address = "[::1]:2525"
            role = "inbound"
            tls = "implicit"
            auth = "optional"
            insecure-auth = true

            [limits]
            message-size = "1GiB"
            recipients = 100
            text-line = "1KiB"
            connections = 5
            connections-per-client = 4
            errors = 3
            idle = "1h"
            future-release = "2d"
            shutdown-grace = "0s"

            [tls]
            certificate = "cert.pem"
            key = "key.pem"

            [accounts]
            source = "file"
            file = "people.toml"

            [[domains]]
            name = "Example.ORG"
            deliver = "maildir:/srv/mail/{local}"
            recipients = "accounts"

            [[domains]]
            name = "example.com"
            deliver = "smtp://127.0.0.1:2526"

            [[routes]]
            to = "*.example.net"
            via = "smtps://us%40er:pass%3Aword@relay.example:465"

            [[routes]]
            to = "*"
            via = "mx"

            [queue]
            store = "memory"
            retry = ["1s", "2d"]
            expire = "30d"
            warn = "never"

            [delivery]
            connections = 7
            connections-per-destination = 6
            port = 2526
            authorities = "cert.pem"

            [dns]
            servers = ["127.0.0.1:5353", "[::1]:53"]

            [console]
            address = "127.0.0.1:0"
            """);

        Assert.Equal("mx.example.org", options.Server.Hostname);
        Assert.Equal(Path.Combine(_directory.Path, "state"), options.Data);
        var submission = options.Server.Listeners[0];
        Assert.Equal((ListenerRole.Submission, ListenerTls.StartTls, ListenerAuth.Required, false, BareNewlines.Normalize),
            (submission.Role, submission.Tls, submission.Auth, submission.InsecureAuth, submission.BareNewlines));
        Assert.Equal(["PLAIN"], submission.Mechanisms);
        Assert.Equal(["10.0.0.0/8", "192.0.2.0/24", "2001:db8::/32", "192.0.2.9/32"], submission.RelayFrom.Select(network => network.ToString()));
        Assert.Equal((ListenerRole.Inbound, ListenerTls.Implicit, ListenerAuth.Optional, true),
            (options.Server.Listeners[1].Role, options.Server.Listeners[1].Tls, options.Server.Listeners[1].Auth, options.Server.Listeners[1].InsecureAuth));
        Assert.Equal(
            new LimitOptions
            {
                MessageSize = 1L << 30,
                Recipients = 100,
                TextLine = 1024,
                Connections = 5,
                ConnectionsPerClient = 4,
                Errors = 3,
                Idle = TimeSpan.FromHours(1),
                FutureRelease = TimeSpan.FromDays(2),
                ShutdownGrace = TimeSpan.Zero,
            },
            options.Server.Policy.Limits);
        Assert.Equal(
            [new LocalDomain("example.org", RecipientCheck.Accounts, NamesPath: true), new LocalDomain("example.com")],
            options.Server.Policy.Domains);
        Assert.Equal(new DeliveryTarget.Smarthost("127.0.0.1", 2526), options.Delivery.Domains["EXAMPLE.com"]);
        Assert.Equal(
            [new Route("*.example.net", new DeliveryTarget.Smarthost("relay.example", 465, true, "us@er", "pass:word")), new Route("*", new DeliveryTarget.Mx())],
            options.Delivery.Routes);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromDays(2)], options.Delivery.Retry);
        Assert.Equal((TimeSpan.FromDays(30), null, 7, 6, 2526),
            (options.Delivery.Expire, options.Delivery.Warn, options.Delivery.Connections, options.Delivery.ConnectionsPerDestination, options.Delivery.Port));
        Assert.Contains("BEGIN CERTIFICATE", Assert.Single(options.Delivery.Authorities).ExportCertificatePem(), StringComparison.Ordinal);
        Assert.Equal(QueueStoreKind.Memory, options.Store);
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 5353), new IPEndPoint(IPAddress.IPv6Loopback, 53)], options.DnsServers);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 0), options.Console);
        Assert.Equal(new AccountOptions(AccountSourceKind.File, Path.Combine(_directory.Path, "people.toml")), options.Accounts);
        Assert.Equal(new CertificateFiles(Path.Combine(_directory.Path, "cert.pem"), Path.Combine(_directory.Path, "key.pem")), options.Certificate);
    }

    [Fact]
    public void Without_routes_mail_goes_by_mx() =>
        Assert.Equal([new Route("*", new DeliveryTarget.Mx())], Sound(Minimal).Delivery.Routes);

    [Fact]
    public void Environment_wins_over_the_file()
    {
        _environment["PILLARBOX__QUEUE__STORE"] = "memory";
        _environment["PILLARBOX__LIMITS__MESSAGE_SIZE"] = "1MiB";
        _environment["PILLARBOX__LIMITS__RECIPIENTS"] = "200";
        _environment["PILLARBOX__QUEUE__RETRY"] = "1m, 2m";
        _environment["PILLARBOX__LISTENERS__0__ADDRESS"] = "127.0.0.1:2526";
        _environment["PILLARBOX__LISTENERS__0__RELAY_FROM"] = "[\"10.0.0.0/8\"]";
        _environment["PILLARBOX__LISTENERS__1__NAME"] = "second";
        _environment["PILLARBOX__LISTENERS__1__ADDRESS"] = "127.0.0.1:2527";
        _environment["PILLARBOX__LISTENERS__1__ROLE"] = "capture";
        _environment["PILLARBOX_HOME"] = "not ours";

        var options = Sound(Minimal);

        Assert.Equal(QueueStoreKind.Memory, options.Store);
        Assert.Equal((1L << 20, 200), (options.Server.Policy.Limits.MessageSize, options.Server.Policy.Limits.Recipients));
        Assert.Equal([TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)], options.Delivery.Retry);
        Assert.Equal(["127.0.0.1:2526", "127.0.0.1:2527"], options.Server.Listeners.Select(listener => listener.Address.ToString()));
        Assert.Equal("10.0.0.0/8", Assert.Single(options.Server.Listeners[0].RelayFrom).ToString());
    }

    [Fact]
    public void Indices_of_the_environment_are_in_order_by_value()
    {
        for (var i = 1; i <= 11; i++)
        {
            _environment[$"PILLARBOX__LISTENERS__{i}__NAME"] = $"listener-{i}";
            _environment[$"PILLARBOX__LISTENERS__{i}__ADDRESS"] = $"127.0.0.1:{2525 + i}";
            _environment[$"PILLARBOX__LISTENERS__{i}__ROLE"] = "capture";
        }

        var names = Sound(Minimal).Server.Listeners.Select(listener => listener.Name);

        Assert.Equal(Enumerable.Range(1, 11).Select(i => $"listener-{i}").Prepend("in"), names);
    }

    [Theory]
    [InlineData("PILLARBOX__QUEUE__STROE", "memory", "queue.stroe: unknown key; did you mean store?")]
    [InlineData("PILLARBOX__QUEUE__STORE", "disk", "queue.store: \"disk\" is not known; write one of rocksdb, memory")]
    [InlineData("PILLARBOX__LIMITS__ERRORS", "many", "limits.errors: a string stands where a number from 1 to 1000000 is needed")]
    [InlineData("PILLARBOX__LISTENERS__5__NAME", "x", "listeners.5.name: there is no item 5; the next one is 1")]
    [InlineData("PILLARBOX__QUEUE__CONNECTION", "x", "queue.connection: not available yet; leave it out")]
    public void Fault_of_the_environment_names_the_variable(string name, string value, string fault)
    {
        _environment[name] = value;

        Assert.Equal($"environment:{name}: {fault}", Assert.Single(Load(Minimal).Faults).ToString());
    }

    [Fact]
    public void State_goes_to_the_state_home()
    {
        Assert.Equal("/home/nobody/.local/state/pillarbox", Sound(Minimal).Data);
        _environment["XDG_STATE_HOME"] = "relative is ignored";
        Assert.Equal("/home/nobody/.local/state/pillarbox", Sound(Minimal).Data);
        _environment["XDG_STATE_HOME"] = "/var/state";
        Assert.Equal("/var/state/pillarbox", Sound(Minimal).Data);
    }

    [Fact]
    public void Evaluation_server_captures_and_takes_any_login()
    {
        var options = new ConfigurationLoader(_environment).LoadEvaluation([]).Options;

        Assert.NotNull(options);
        var listener = Assert.Single(options.Server.Listeners);
        Assert.Equal((ListenerRole.Capture, ListenerTls.StartTls, ListenerAuth.Optional, true), (listener.Role, listener.Tls, listener.Auth, listener.InsecureAuth));
        Assert.Equal(("127.0.0.1:2525", "127.0.0.1:8025"), (listener.Address.ToString(), options.Console.ToString()));
        Assert.Equal(AccountSourceKind.Any, options.Accounts.Source);
    }

    [Fact]
    public void Certificate_and_key_of_another_are_a_fault()
    {
        WriteCertificate();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _directory.Write("key.pem", other.ExportPkcs8PrivateKeyPem());

        var fault = Assert.Single(Load(Minimal + "tls = \"starttls\"\n[tls]\ncertificate = \"cert.pem\"\nkey = \"key.pem\"\n").Faults);

        Assert.Equal("tls.certificate", fault.Key);
        Assert.Contains("do not go together", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Accounts_file_without_accounts_is_a_fault_where_clients_log_in()
    {
        AccountsFile.Write(Path.Combine(_directory.Path, "accounts.toml"), []);

        var fault = Assert.Single(Load(Minimal + "auth = \"required\"\ninsecure-auth = true\n").Faults);

        Assert.Equal("accounts.file", fault.Key);
        Assert.Contains("has no account", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("submission", "required", "", true)]
    [InlineData("submission", "optional", "", true)]
    [InlineData("submission", "required", "relay-from = [\"10.0.0.0/8\"]\n", false)]
    [InlineData("submission", "optional", "relay-from = [\"10.0.0.0/8\"]\n", false)]
    [InlineData("inbound", "optional", "[[domains]]\nname = \"example.org\"\ndeliver = \"capture\"\n", false)]
    [InlineData("inbound", "none", "[[domains]]\nname = \"example.org\"\ndeliver = \"capture\"\nrecipients = \"accounts\"\n", true)]
    public void Missing_accounts_are_a_fault_where_nobody_could_send_without(string role, string auth, string more, bool isFault)
    {
        var faults = Load(Minimal.Replace("capture", role, StringComparison.Ordinal) + $"auth = \"{auth}\"\ninsecure-auth = true\n{more}").Faults;

        Assert.Equal(isFault ? ["accounts.file"] : [], faults.Select(fault => fault.Key));
    }

    [Fact]
    public void Route_behind_a_wider_one_is_no_fault() =>
        Assert.Equal(["*", "example.net", "*"], Sound(Minimal + "[[routes]]\nto = \"*\"\nvia = \"capture\"\n"
            + "[[routes]]\nto = \"example.net\"\nvia = \"mx\"\n[[routes]]\nto = \"*\"\nvia = \"mx\"\n").Delivery.Routes.Select(route => route.Pattern));

    [Fact]
    public void Password_of_a_route_is_in_no_fault()
    {
        var secret = Guid.NewGuid().ToString("n");

        var faults = Load(Minimal + $"[accounts]\nsource = \"any\"\n[[routes]]\nto = \"a.example\"\nvia = \"smtp://ann:{secret}@relay.example:99999\"\n"
            + $"[[routes]]\nto = \"b.example\"\nvia = \"smpt://ann:{secret}@relay.example\"\n[[routes]]\nto = \"c.example\"\nvia = \"smtp://ann:{secret}@relay.example:25\"\n").Faults;

        Assert.Equal(3, faults.Length);
        Assert.All(faults, fault => Assert.DoesNotContain(secret, fault.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, null, null, "en")]
    [InlineData(null, null, "th_TH.UTF-8", "th")]
    [InlineData(null, "en", "th_TH.UTF-8", "en")]
    [InlineData(null, "th-TH", null, "th")]
    [InlineData("th", "en", "en_GB.UTF-8", "th")]
    public void Language_is_that_of_the_command_line_else_of_the_file_else_of_the_environment(string? option, string? file, string? locale, string language)
    {
        if (locale is not null)
            _environment["LANG"] = locale;
        var loader = new ConfigurationLoader(_environment) { Language = option };

        var loaded = loader.LoadFile(_directory.Write("pillarbox.toml", (file is null ? "" : $"language = \"{file}\"\n") + Minimal));

        Assert.Empty(loaded.Faults);
        Assert.Equal(language, loaded.Options!.Delivery.Language);
    }

    public void Dispose() => _directory.Dispose();

    private const string Minimal = "hostname = \"mx.example.org\"\n[[listeners]]\nname = \"in\"\naddress = \"127.0.0.1:2525\"\nrole = \"capture\"\n";

    private LoadedConfiguration Load(string text) => new ConfigurationLoader(_environment).LoadFile(_directory.Write("pillarbox.toml", text));

    private PillarboxOptions Sound(string text)
    {
        var loaded = Load(text);
        Assert.Empty(loaded.Faults);
        return loaded.Options!;
    }

    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mx.example.org", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        _directory.Write("cert.pem", certificate.ExportCertificatePem());
        _directory.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
    }
}
