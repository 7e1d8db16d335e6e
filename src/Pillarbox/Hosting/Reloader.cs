using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pillarbox.Configuration;
using Pillarbox.Delivery.Routing;
using Pillarbox.Server;
using Pillarbox.Trust.Accounts;
using Pillarbox.Trust.Tls;

namespace Pillarbox.Hosting;

/// <summary>
/// Puts a changed configuration in force while the server runs: on SIGHUP, and when the file, the certificate, the authorities of clients or the accounts change.
/// No connection is dropped. A faulty file is refused, and said.
/// </summary>
internal sealed class Reloader : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly ServerStart _start;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly ILogger<Reloader> _log;
    private readonly FileStamps _stamps = new();
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private LoadedConfiguration _current;
    private string? _lastFailure;

    public Reloader(ServerStart start, IServiceProvider services, TimeProvider time, ILogger<Reloader> log)
    {
        _start = start;
        _services = services;
        _time = time;
        _log = log;
        _current = start.Settings;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hangup = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangup);
        using var timer = _time.CreateTimer(_ => _asked.Writer.TryWrite(false), null, Interval, Interval);
        Look(always: false);
        await foreach (var always in _asked.Reader.ReadAllAsync(stoppingToken))
            Look(always);
    }

    // Mail goes on whatever becomes of the files: a background service that throws would end the host.
    private void Look(bool always)
    {
        try
        {
            if (LookAtFiles() || always)
                Reload();
            _lastFailure = null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Looked at every other second: a fault that lasts is told once.
            if (_lastFailure != fault.Message)
                HostLog.LookFailed(_log, fault);
            _lastFailure = fault.Message;
        }
    }

    // The evaluation server has no file to reload: there, a hang-up is the terminal going away.
    private void OnHangup(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_start.File is null)
            _services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        else
            _asked.Writer.TryWrite(true);
    }

    // Every file is looked at each time: the answer also says from when on a change counts.
    private bool LookAtFiles()
    {
        _services.GetService<FileAccountSource>()?.Refresh();
        var files = new List<string>();
        if (_start.File is { } file)
            files.Add(file);
        if (_current.Options?.Certificate is { } certificate)
            files.AddRange([certificate.Certificate, certificate.Key]);
        if (_current.Options?.ClientAuthorities is { } authorities)
            files.Add(authorities);
        var haveChanged = false;
        foreach (var each in files)
            haveChanged |= _stamps.HasChanged(each);
        return haveChanged;
    }

    private void Reload()
    {
        if (_start.File is not { } file)
            return;
        var loaded = _start.Loader.LoadFile(file);
        foreach (var fault in loaded.Faults)
            HostLog.ReloadRefused(_log, fault.ToString());
        if (loaded.Options is not { } options)
            return;

        _services.GetRequiredService<PolicySource>().Replace(options.Server.Policy);
        _services.GetRequiredService<RoutingSource>().Replace(new RoutingTable(options.Delivery.Routes, options.Delivery.Domains, options.Delivery.Lists));
        _services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout = ServerHost.ShutdownTimeout(options);
        ReloadCertificate(options);
        // Against what runs, not what was read last: what waits goes on waiting, and what is put back waits no more.
        var waiting = loaded.ChangesSince(_start.Settings).Where(key => !key.Reloads).Select(key => key.Name).ToList();
        if (waiting.Count > 0)
            HostLog.NeedsRestart(_log, string.Join(", ", waiting));
        _current = loaded;
        HostLog.Reloaded(_log, file);
    }

    private void ReloadCertificate(PillarboxOptions options)
    {
        if (options.Certificate is not { } files || _services.GetService<ServerCertificates>() is not { } certificates)
            return;
        try
        {
            certificates.Reload(files.Certificate, files.Key, ServerHost.Clients(options));
            HostLog.CertificateReloaded(_log, files.Certificate, certificates.Certificate.NotAfter.ToUniversalTime());
        }
        catch (Exception broken) when (broken is CryptographicException or IOException or UnauthorizedAccessException)
        {
            HostLog.CertificateRefused(_log, broken.Message);
        }
    }
}
