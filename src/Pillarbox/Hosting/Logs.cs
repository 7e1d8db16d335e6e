using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Pillarbox.Hosting;

/// <summary>How log lines look.</summary>
internal enum LogFormat
{
    /// <summary>For people: a line an event.</summary>
    Text,

    /// <summary>For programs: a JSON document a line.</summary>
    Json,
}

/// <summary>Logs to standard output.</summary>
internal static class Logs
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z '";
    private const int MaxWaiting = 8192;

    /// <summary>Sets up logging.</summary>
    /// <param name="logging">What to set up.</param>
    /// <param name="format">How lines look.</param>
    /// <param name="hasStarted">Whether the host is up.</param>
    public static void Configure(ILoggingBuilder logging, LogFormat format, Func<bool> hasStarted)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddFilter("OpenTelemetry", LogLevel.Warning);
        // While it starts, the host's failures are told in one line by ServerProgram; later ones are logged.
        logging.AddFilter("Microsoft.Extensions.Hosting", level => hasStarted() && level >= LogLevel.Error);
        if (format == LogFormat.Json)
            logging.AddJsonConsole(json => (json.TimestampFormat, json.UseUtcTimestamp) = (Time, true));
        else
            logging.AddSimpleConsole(text => (text.SingleLine, text.TimestampFormat, text.UseUtcTimestamp) = (true, Time, true));

        // A reader of standard output that is stuck loses lines (their number is told); it must never hold up mail.
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            console.MaxQueueLength = MaxWaiting;
        });
    }
}
