using Microsoft.Extensions.Logging;

namespace Pillarbox.Hosting;

/// <summary>What the program itself logs.</summary>
internal static partial class HostLog
{
    [LoggerMessage(1, LogLevel.Error, "accounts refused: {Fault}")]
    public static partial void AccountsRefused(ILogger logger, string fault);

    [LoggerMessage(8, LogLevel.Warning, "{News}")]
    public static partial void AccountsNews(ILogger logger, string news);

    [LoggerMessage(2, LogLevel.Information, "configuration reloaded from {File}")]
    public static partial void Reloaded(ILogger logger, string file);

    [LoggerMessage(3, LogLevel.Error, "configuration refused, the running one stays: {Fault}")]
    public static partial void ReloadRefused(ILogger logger, string fault);

    [LoggerMessage(4, LogLevel.Warning, "changed, but in force only after a restart: {Keys}")]
    public static partial void NeedsRestart(ILogger logger, string keys);

    [LoggerMessage(5, LogLevel.Information, "certificate reloaded from {File}, valid until {NotAfter:u}")]
    public static partial void CertificateReloaded(ILogger logger, string file, DateTimeOffset notAfter);

    [LoggerMessage(6, LogLevel.Error, "certificate refused, the one in force stays: {Fault}")]
    public static partial void CertificateRefused(ILogger logger, string fault);

    [LoggerMessage(7, LogLevel.Error, "the configuration's files cannot be looked at, what is in force stays")]
    public static partial void LookFailed(ILogger logger, Exception fault);

    [LoggerMessage(20, LogLevel.Warning, "tokens of {Issuer}: {News}")]
    public static partial void ProviderNews(ILogger logger, string issuer, string news);
}
