using System.Net;

namespace Pillarbox.Peers;

/// <summary>Dovecot with nothing but its authentication service, which a Postfix asks over TCP.</summary>
public sealed class DovecotAuth : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly TempDirectory _directory;

    private DovecotAuth(ChildProcess process, TempDirectory directory, int port)
    {
        _process = process;
        _directory = directory;
        Port = port;
    }

    /// <summary>Where it is asked, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts one that knows one account.</summary>
    public static async Task<DovecotAuth> StartAsync(string user, string password)
    {
        var directory = new TempDirectory("dovecot");
        var port = FreePort.Take();
        var users = directory.Write("users", $"{user}:{{PLAIN}}{password}\n");
        var configuration = directory.Write("dovecot.conf", $$"""
            base_dir = {{directory["run"]}}
            state_dir = {{directory["state"]}}
            log_path = /dev/stderr
            protocols =
            ssl = no
            disable_plaintext_auth = no
            auth_mechanisms = plain login
            auth_verbose = yes
            default_internal_user = root
            default_login_user = root
            passdb {
              driver = passwd-file
              args = {{users}}
            }
            userdb {
              driver = static
              args = uid=65534 gid=65534 home=/nonexistent
            }
            service auth {
              inet_listener {
                address = 127.0.0.1
                port = {{port}}
              }
            }
            service anvil {
              chroot =
            }
            service stats {
              chroot =
            }
            """);
        var process = ChildProcess.Start(Command.Find("dovecot"), ["-F", "-c", configuration]);
        try
        {
            await Readiness.UntilListensAsync(new IPEndPoint(IPAddress.Loopback, port), process);
            return new DovecotAuth(process, directory, port);
        }
        catch
        {
            await process.DisposeAsync();
            directory.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Dispose();
    }
}
