using System.Text;

namespace Pillarbox.Peers;

/// <summary>Exim's configuration file.</summary>
internal static class EximConfiguration
{
    /// <summary>Where the program is in its namespace.</summary>
    public const string Program = "/var/lib/exim4/exim4";

    public static string Of(TempDirectory directory, PeerSettings settings)
    {
        // Nothing of a message may change on its way: headers stay as they came, and no limit of size stands in the way of a test.
        var text = new StringBuilder($"""
            primary_hostname = {settings.Hostname}
            qualify_domain = {settings.Hostname}
            exim_path = {Program}
            spool_directory = {directory["spool"]}
            log_file_path = {directory["spool"]}/log/%slog
            log_selector = +all
            daemon_smtp_ports = {settings.Port}
            local_interfaces = {settings.Address}
            smtp_accept_max = 0
            message_size_limit = 200M
            keep_environment =
            host_lookup =
            dsn_advertise_hosts = *
            smtputf8_advertise_hosts = *
            acl_smtp_rcpt = rcpt
            acl_smtp_data = accept
            {Tls(directory, settings)}

            begin acl
            rcpt:
              deny message = 5.1.1 There is nobody here
                condition = ${"{if eq{$local_part@$domain}{"}{settings.Refused}{"}}"}
              {(settings.Account is null ? "accept" : "accept authenticated = *")}

            begin routers

            """);
        text.Append(settings.Relay is { } relay ? RelayTo(relay) : Keep(directory));
        return text.Append($"""

            begin retry
            * * F,1h,2s

            begin authenticators
            {Authenticators(settings)}
            """).ToString();
    }

    private static string Tls(TempDirectory directory, PeerSettings settings)
    {
        if (!settings.Tls)
            return "tls_advertise_hosts =";

        var certificate = TestCertificate.Create(directory, settings.Hostname);
        File.SetUnixFileMode(certificate.KeyFile, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return $"""
            tls_advertise_hosts = *
            tls_certificate = {certificate.CertificateFile}
            tls_privatekey = {certificate.KeyFile}
            auth_advertise_hosts = ${"{if eq{$tls_in_cipher}{}{}{*}}"}
            """;
    }

    // host:: port, and it may be this machine.
    private static string RelayTo(PeerRelay relay) => $"""
        relay:
          driver = manualroute
          route_list = * 127.0.0.1::{relay.Port}
          self = send
          transport = relay

        begin transports
        relay:
          driver = smtp
          allow_localhost
          {(relay.Account is null ? "hosts_avoid_tls = *" : "hosts_require_tls = *\n  hosts_require_auth = *")}

        """;

    private static string Keep(TempDirectory directory) => $"""
        keep:
          driver = accept
          transport = keep

        begin transports
        keep:
          driver = appendfile
          directory = {directory["mail/box"]}
          maildir_format
          create_directory
          return_path_add
          envelope_to_add
          user = {EximServer.User}
          group = {EximServer.User}

        """;

    private static string Authenticators(PeerSettings settings)
    {
        if (settings.Relay?.Account is { } client)
        {
            return $"""
                PLAIN:
                  driver = plaintext
                  public_name = PLAIN
                  client_send = ^{client.User}^{client.Password}
                LOGIN:
                  driver = plaintext
                  public_name = LOGIN
                  client_send = : {client.User} : {client.Password}
                CRAM:
                  driver = cram_md5
                  public_name = CRAM-MD5
                  client_name = {client.User}
                  client_secret = {client.Password}

                """;
        }

        if (settings.Account is not { } account)
            return "";

        var (prompts, user, password) = settings.Mechanism == "PLAIN" ? (":", "$auth2", "$auth3") : ("<| Username: | Password:", "$auth1", "$auth2");
        return $"""
            {settings.Mechanism}:
              driver = plaintext
              public_name = {settings.Mechanism}
              server_prompts = {prompts}
              server_condition = ${"{if and{{eq{" + user + "}{"}{account.User}{"}}{eq{" + password + "}{"}{account.Password}{"}}}}"}
              server_set_id = {user}

            """;
    }
}
