using Microsoft.Extensions.Hosting;
using Pillarbox.Delivery.Capture;
using Pillarbox.Queue;
using Pillarbox.Server;

namespace Pillarbox.WebConsole.Health;

/// <summary>Whether the server can take mail, and if not, why.</summary>
internal sealed class Readiness(MailQueue queue, CaptureStore captured, SmtpEndpoints endpoints, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What is in the way; empty when ready.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(CancellationToken cancellationToken)
    {
        List<string> faults = [];
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            faults.Add("the server is stopping");
        else if (!lifetime.ApplicationStarted.IsCancellationRequested)
            faults.Add("the server is starting");
        if (endpoints.Bound.Count == 0)
            faults.Add("no SMTP listener is bound");

        // No message has the id 0: the answer is none, and the store had to look.
        await AskAsync(faults, "the queue's store", async cancel => await queue.Store.ReadAsync(default, cancel), cancellationToken);
        await AskAsync(faults, "the store of captured messages", async cancel => await captured.FindAsync(default, cancel), cancellationToken);
        return faults;
    }

    private async Task AskAsync(List<string> faults, string what, Func<CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        try
        {
            await ask(cancellationToken).WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            faults.Add($"{what} does not answer");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            faults.Add($"{what} fails: {e.Message}");
        }
    }
}
