using System.Net;

namespace Pillarbox.Peers;

/// <summary>Dovecot with nothing but LMTP, which puts mail into maildirs.</summary>
public sealed class DovecotLmtp : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly TempDirectory _directory;

    private DovecotLmtp(ChildProcess process, TempDirectory directory, int port)
    {
        _process = process;
        _directory = directory;
        Port = port;
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts one.</summary>
    /// <param name="users">The addresses that it knows; the mailbox of one that begins with <c>full</c> takes ten octets.</param>
    public static async Task<DovecotLmtp> StartAsync(params string[] users)
    {
        var directory = new TempDirectory("dovecot");
        var port = FreePort.Take();
        Directory.CreateDirectory(directory["mail"]);
        (await Command.RunAsync("chown", ["65534:65534", directory["mail"]])).Checked();
        var known = directory.Write("users", string.Concat(users.Select(user =>
            $"{user}::65534:65534::::{(user.StartsWith("full", StringComparison.Ordinal) ? "userdb_quota_rule=*:bytes=10" : "")}\n")));
        var configuration = directory.Write("dovecot.conf", $$"""
            base_dir = {{directory["run"]}}
            state_dir = {{directory["state"]}}
            log_path = /dev/stderr
            protocols = lmtp
            ssl = no
            hostname = dovecot.test
            first_valid_uid = 1
            default_internal_user = root
            default_login_user = root
            mail_location = maildir:{{directory["mail"]}}/%u
            mail_plugins = quota
            plugin {
              quota = maildir:quota
            }
            passdb {
              driver = passwd-file
              args = {{known}}
            }
            userdb {
              driver = passwd-file
              args = {{known}}
            }
            service lmtp {
              inet_listener lmtp {
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
            return new DovecotLmtp(process, directory, port);
        }
        catch
        {
            await process.DisposeAsync();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a message in a user's mailbox.</summary>
    public async Task<StoredMessage> WaitForAsync(string user)
    {
        await Readiness.UntilAsync(() => Files(user).Length > 0, $"mail for {user}");
        return StoredMessage.Read(Files(user)[0]);
    }

    /// <summary>How many messages are in a user's mailbox.</summary>
    public int Count(string user) => Files(user).Length;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        TestLog.Write("dovecot", _process.Output);
        await _process.DisposeAsync();
        _directory.Dispose();
    }

    private string[] Files(string user)
    {
        var directory = _directory[$"mail/{user}/new"];
        return Directory.Exists(directory) ? Directory.GetFiles(directory) : [];
    }
}
