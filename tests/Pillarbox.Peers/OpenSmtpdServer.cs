using System.Net;
using System.Text;

namespace Pillarbox.Peers;

/// <summary>An OpenSMTPD with a configuration, a spool and a maildir of its own; several may run at once. It needs root.</summary>
public sealed class OpenSmtpdServer : MailServer
{
    private const int _user = 65534;
    private static readonly Dictionary<string, int> _users = new() { ["opensmtpd"] = 64001, ["opensmtpq"] = 64002, ["mail"] = _user };

    private OpenSmtpdServer(ChildProcess process, TempDirectory directory, PeerSettings settings)
        : base("OpenSMTPD", process, directory, settings.Address, settings.Port)
    {
    }

    /// <inheritdoc/>
    public override string Log => Output;

    /// <summary>Starts one and waits until it listens.</summary>
    public static async Task<OpenSmtpdServer> StartAsync(PeerSettings? wanted = null)
    {
        var settings = wanted ?? new PeerSettings();
        if (settings.Tls || settings.Account is not null)
            throw new NotSupportedException("Debian's build of it, with OpenSSL 3, cannot use its own key, and asks for no password in clear.");
        if (settings.Port == 0)
            settings = settings with { Port = FreePort.Take() };

        var directory = new TempDirectory("opensmtpd");
        ChildProcess? process = null;
        try
        {
            var configuration = directory.Write("smtpd.conf", ConfigurationOf(directory, settings));
            Directory.CreateDirectory(directory["mail"]);
            (await Command.RunAsync("chown", [$"{_user}:{_user}", directory["mail"]])).Checked();
            var package = UnpackedPackage.Find("opensmtpd");
            process = UnpackedPackage.Start("opensmtpd", directory, _users, directory["mail"], $"""
                mount -t tmpfs none /usr/libexec
                cp -r {package}/usr/libexec/opensmtpd /usr/libexec/opensmtpd
                mkdir -p /var/lib/opensmtpd/empty
                mount -t tmpfs none /var/spool
                mkdir -m 711 /var/spool/smtpd
                exec {package}/usr/sbin/smtpd -d -T smtp -f {configuration}
                """);
            await Readiness.UntilListensAsync(new IPEndPoint(IPAddress.Parse(settings.Address), settings.Port), process);
            return new OpenSmtpdServer(process, directory, settings);
        }
        catch
        {
            if (process is not null)
                await process.DisposeAsync();

            directory.Dispose();
            throw;
        }
    }

    private static string ConfigurationOf(TempDirectory directory, PeerSettings settings)
    {
        var text = new StringBuilder("smtp max-message-size 200M\n");
        text.AppendLine($"listen on {settings.Address} port {settings.Port} hostname {settings.Hostname}");
        text.AppendLine(settings.Relay is { } relay ? RelayTo(relay) : $"""
            table everybody {"{"} "@" = mail {"}"}
            action handle maildir "{directory["mail/box"]}" virtual <everybody>
            """);
        return text.Append($"""
            match from any for rcpt-to "{settings.Refused}" reject
            match from any for any action handle

            """).ToString();
    }

    private static string RelayTo(PeerRelay relay) => relay.Account is not { } account
        ? $"action handle relay host \"smtp+notls://127.0.0.1:{relay.Port}\""
        : $"""
            table secrets {"{"} "pillarbox" = "{account.User}:{account.Password}" {"}"}
            action handle relay host "smtp+tls://pillarbox@127.0.0.1:{relay.Port}" tls no-verify auth <secrets>
            """;
}
