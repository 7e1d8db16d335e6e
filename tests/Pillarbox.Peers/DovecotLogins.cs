namespace Pillarbox.Peers;

/// <summary>Dovecot with nothing but its authentication service, asked over a UNIX socket.</summary>
public sealed class DovecotLogins : IAsyncDisposable
{
    private readonly TempDirectory _directory;
    private readonly string _configuration;
    private ChildProcess? _process;

    private DovecotLogins(TempDirectory directory, string configuration)
    {
        _directory = directory;
        _configuration = configuration;
    }

    /// <summary>Its socket.</summary>
    public string Socket => _directory["run/logins"];

    /// <summary>What it logged.</summary>
    public string Log => _process?.Output ?? "";

    /// <summary>
    /// Starts one. <c>ann</c> may send as ann@example.org and @example.net, <c>near</c> comes from 127.0.0.1 alone, <c>gone</c> may not log in, all with that password;
    /// with any password <c>away</c> is on another server, for which this one is a proxy, <c>closed</c> is disabled, <c>stale</c> has an expired password, <c>ill</c> cannot be looked up now.
    /// </summary>
    public static async Task<DovecotLogins> StartAsync(string password)
    {
        var directory = new TempDirectory("dovecot");
        var users = directory.Write("users", $"ann:{{PLAIN}}{password}::::::senders=ann@example.org,@example.net\nnear:{{PLAIN}}{password}::::::allow_nets=127.0.0.1\nbob:{{PLAIN}}{password}\ngone:{{PLAIN}}{password}::::::nologin=y\naway:::::::proxy=y nopassword=y host=127.0.0.1\n");
        var script = directory.Write("logins.lua", """
            function auth_password_verify(request, password)
              if request.user == "closed" then return dovecot.auth.PASSDB_RESULT_USER_DISABLED, "" end
              if request.user == "stale" then return dovecot.auth.PASSDB_RESULT_PASS_EXPIRED, "" end
              if request.user == "ill" then return dovecot.auth.PASSDB_RESULT_INTERNAL_FAILURE, "" end
              return dovecot.auth.PASSDB_RESULT_USER_UNKNOWN, ""
            end
            """);
        var configuration = directory.Write("dovecot.conf", $$"""
            base_dir = {{directory["run"]}}
            state_dir = {{directory["state"]}}
            log_path = /dev/stderr
            protocols =
            ssl = no
            disable_plaintext_auth = no
            auth_mechanisms = plain login
            auth_verbose = yes
            auth_failure_delay = 0
            auth_username_format = %Lu
            default_internal_user = root
            default_login_user = root
            passdb {
              driver = passwd-file
              args = {{users}}
            }
            passdb {
              driver = lua
              args = file={{script}} blocking=no
            }
            userdb {
              driver = static
              args = uid=65534 gid=65534 home=/nonexistent
            }
            service auth {
              unix_listener {{directory["run/logins"]}} {
                mode = 0600
              }
            }
            service anvil {
              chroot =
            }
            service stats {
              chroot =
            }
            """);
        var server = new DovecotLogins(directory, configuration);
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it, and what hangs on it.</summary>
    public async Task StopAsync()
    {
        await (_process ?? throw new InvalidOperationException("It does not run.")).DisposeAsync();
        _process = null;
    }

    /// <summary>Starts it with what it had.</summary>
    public async Task StartAgainAsync()
    {
        if (File.Exists(Socket))
            File.Delete(Socket);
        _process = ChildProcess.Start(Command.Find("dovecot"), ["-F", "-c", _configuration]);
        await Readiness.UntilAsync(
            () => _process.HasExited ? throw new InvalidOperationException($"Dovecot ended:\n{_process.Output}") : File.Exists(Socket), "Dovecot's socket");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await StopAsync();
        _directory.Dispose();
    }
}
