using System.Net;
using System.Text;

namespace Pillarbox.Peers;

/// <summary>A Postfix with a configuration, a queue and a maildir of its own; several may run at once. It needs root, as Postfix does.</summary>
public sealed class PostfixServer : MailServer
{
    private static readonly string[] _queueDirectories =
    [
        "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "pid", "private", "public", "saved", "trace",
    ];

    private PostfixServer(ChildProcess process, TempDirectory directory, PostfixSettings settings, int tlsPort)
        : base("Postfix", process, directory, settings.Address, settings.Port) => TlsPort = tlsPort;

    /// <summary>Its port for TLS from the first byte; 0 without <see cref="PostfixSettings.Tls"/>.</summary>
    public int TlsPort { get; }

    /// <inheritdoc/>
    public override string Log => File.Exists(Files["maillog"]) ? File.ReadAllText(Files["maillog"]) : "";

    /// <summary>How many messages are in its queue.</summary>
    public int QueueLength => new[] { "incoming", "active", "deferred", "hold" }
        .Sum(name => Directory.EnumerateFiles(Files[$"queue/{name}"], "*", SearchOption.AllDirectories).Count());

    /// <summary>Starts one and waits until it greets.</summary>
    public static async Task<PostfixServer> StartAsync(PostfixSettings? wanted = null)
    {
        var settings = wanted ?? new PostfixSettings();
        if (settings.Port == 0)
            settings = settings with { Port = FreePort.Take() };

        var tlsPort = settings.Tls ? FreePort.Take() : 0;
        var directory = new TempDirectory("postfix");
        ChildProcess? process = null;
        try
        {
            await LayAsync(directory, settings, tlsPort);
            process = ChildProcess.Start(Command.Find("master"), ["-c", directory["conf"], "-s"]);
            await Readiness.UntilListensAsync(new IPEndPoint(IPAddress.Parse(settings.Address), settings.Port), process);
            return new PostfixServer(process, directory, settings, tlsPort);
        }
        catch
        {
            if (File.Exists(directory["maillog"]))
                TestLog.Write("postfix", await File.ReadAllTextAsync(directory["maillog"]));
            if (process is not null)
                await process.DisposeAsync();

            directory.Dispose();
            throw;
        }
    }

    private static async Task LayAsync(TempDirectory directory, PostfixSettings settings, int tlsPort)
    {
        foreach (var name in _queueDirectories)
            Directory.CreateDirectory(directory[$"queue/{name}"]);

        Directory.CreateDirectory(directory["data"]);
        Directory.CreateDirectory(directory["mail"]);
        string[] owned = ["data", .. _queueDirectories.Where(name => name != "pid").Select(name => $"queue/{name}")];
        (await Command.RunAsync("chown", ["postfix", .. owned.Select(name => directory[name])])).Checked();
        (await Command.RunAsync("chown", ["65534:65534", directory["mail"]])).Checked();

        directory.Write("conf/master.cf", MasterCf(settings, tlsPort));
        directory.Write("conf/main.cf", MainCf(directory, settings));
    }

    private static string MasterCf(PostfixSettings settings, int tlsPort)
    {
        var text = new StringBuilder().AppendLine($"{settings.Address}:{settings.Port} inet n - n - - smtpd");
        if (tlsPort != 0)
            text.AppendLine($"{settings.Address}:{tlsPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes");

        return text.Append("""
            pickup unix n - n 60 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            verify unix - - n - 1 verify
            flush unix n - n 1000? 0 flush
            proxymap unix - - n - - proxymap
            smtp unix - - n - - smtp
            relay unix - - n - - smtp
            showq unix n - n - - showq
            error unix - - n - - error
            retry unix - - n - - error
            discard unix - - n - - discard
            virtual unix - n n - - virtual
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            postlog unix-dgram n - n - 1 postlogd

            """).ToString();
    }

    private static string MainCf(TempDirectory directory, PostfixSettings settings)
    {
        // Nothing of a message may change on its way: headers stay as they came, and no limit of size or rate stands in the way of a test.
        var text = new StringBuilder($"""
            compatibility_level = 3.6
            queue_directory = {directory["queue"]}
            data_directory = {directory["data"]}
            maillog_file = {directory["maillog"]}
            maillog_file_prefixes = {directory.Path}
            myhostname = {settings.Hostname}
            mydestination =
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            mynetworks = 127.0.0.0/8
            smtpd_peername_lookup = no
            alias_maps =
            alias_database =
            local_recipient_maps =
            local_header_rewrite_clients =
            message_size_limit = 0
            mailbox_size_limit = 0
            virtual_mailbox_limit = 0
            smtpd_client_connection_count_limit = 0
            smtputf8_enable = yes
            in_flow_delay = 0
            minimal_backoff_time = 2s
            maximal_backoff_time = 5s
            queue_run_delay = 2s

            """);
        if (settings.RelayHost is { } relay)
        {
            text.AppendLine($"relayhost = {relay}");
            text.AppendLine("default_destination_concurrency_limit = 20");
        }
        else
        {
            text.Append($"""
                virtual_mailbox_domains = static:all
                virtual_mailbox_maps = static:box/
                virtual_mailbox_base = {directory["mail"]}
                virtual_uid_maps = static:65534
                virtual_gid_maps = static:65534

                """);
        }

        if (settings.Tls)
        {
            var certificate = TestCertificate.Create(directory, settings.Hostname);
            text.AppendLine($"smtpd_tls_cert_file = {certificate.CertificateFile}");
            text.AppendLine($"smtpd_tls_key_file = {certificate.KeyFile}");
            text.AppendLine("smtpd_tls_security_level = may");
            text.AppendLine("smtpd_tls_received_header = yes");
            text.AppendLine("smtpd_tls_loglevel = 1");
        }

        if (settings.Accounts is { } accounts)
        {
            text.AppendLine("smtpd_sasl_auth_enable = yes");
            text.AppendLine("smtpd_sasl_type = dovecot");
            text.AppendLine($"smtpd_sasl_path = inet:127.0.0.1:{accounts.Port}");
            text.AppendLine("smtpd_sasl_authenticated_header = yes");
            text.AppendLine("smtpd_relay_restrictions = permit_sasl_authenticated, reject");
            text.AppendLine("smtpd_recipient_restrictions = permit_sasl_authenticated, reject");
        }

        foreach (var line in settings.Main)
            text.AppendLine(line);

        return text.ToString();
    }
}
