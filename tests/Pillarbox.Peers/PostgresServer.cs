namespace Pillarbox.Peers;

/// <summary>PostgreSQL with one database, <c>mail</c>, on loopback.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly TempDirectory _directory;
    private ChildProcess? _process;

    private PostgresServer(TempDirectory directory)
    {
        _directory = directory;
        Port = FreePort.Take();
        Password = Guid.NewGuid().ToString("N");
        PasswordFile = directory.Write("password", Password + "\n");
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The password of its user <c>mail</c>, which is asked for.</summary>
    public string Password { get; }

    /// <summary>A file with the password.</summary>
    public string PasswordFile { get; }

    /// <summary>How Npgsql names it; without the password.</summary>
    public string Connection => $"Host=127.0.0.1;Port={Port};Database=mail;Username=mail";

    /// <summary>Starts one.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var directory = new TempDirectory("postgres");
        var server = new PostgresServer(directory);
        try
        {
            Directory.CreateDirectory(directory["data"]);
            if (Environment.IsPrivilegedProcess)
                (await Command.RunAsync("chown", ["postgres:", directory["data"], server.PasswordFile])).Checked();
            var (file, arguments) = AsPostgres("initdb", "-D", directory["data"], "-U", "mail", "--auth=scram-sha-256", $"--pwfile={server.PasswordFile}", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8");
            (await Command.RunAsync(file, arguments)).Checked();
            await server.StartAgainAsync();
            await server.RunAsync("CREATE DATABASE mail", "postgres");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a script of SQL.</summary>
    public async Task RunAsync(string sql, string database = "mail") => (await Command.RunAsync(
        Tool("psql"), ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", $"{Port}", "-U", "mail", "-d", database, "-f", "-"],
        System.Text.Encoding.UTF8.GetBytes(sql), environment: new Dictionary<string, string> { ["PGPASSWORD"] = Password })).Checked();

    /// <summary>Stops it; what is connected is cut off.</summary>
    public async Task StopAsync()
    {
        await (_process ?? throw new InvalidOperationException("It does not run.")).StopAsync(signal: Signal.Interrupt);
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>Starts it with what it had.</summary>
    public async Task StartAgainAsync()
    {
        var (file, arguments) = AsPostgres("postgres", "-D", _directory["data"], "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off");
        _process = ChildProcess.Start(file, arguments);
        await Readiness.UntilAsync(
            async () => (await Command.RunAsync(Tool("pg_isready"), ["-q", "-h", "127.0.0.1", "-p", $"{Port}"])).Status == 0 ? true
                : _process.HasExited ? throw new InvalidOperationException($"PostgreSQL ended:\n{_process.Output}") : false,
            "PostgreSQL takes connections");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await StopAsync();
        _directory.Dispose();
    }

    // It refuses to run as root.
    private static (string File, IReadOnlyList<string> Arguments) AsPostgres(string tool, params string[] arguments) => Environment.IsPrivilegedProcess
        ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", Tool(tool), .. arguments])
        : (Tool(tool), arguments);

    // Debian keeps each version's programs in a directory of their own.
    private static string Tool(string name) =>
        Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin", name)).Where(File.Exists).Order(StringComparer.Ordinal).LastOrDefault()
        ?? throw new FileNotFoundException($"{name} is not installed; ./test installs what the tests need.");
}
