using Pillarbox.Protocol.Grammar;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Server.Handlers;

/// <summary>Finds domains that say that they take no mail (RFC 7505): asked on listeners that are to refuse them, and of the DNS alone.</summary>
internal sealed class NullMx(ServerContext server)
{
    // A client waits for the reply.
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(5);

    // After a look in vain: were each recipient to wait for a DNS that is silent, the client would be gone before they are through.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);
    private const int MostLooks = 64;

    private long _restsUntil;
    private int _looks;

    /// <summary>Whether it is to be found out for a session's addresses.</summary>
    public bool IsAskedFor(SessionState session) => session.Listener.RefuseNullMx && server.Resolver is not null;

    /// <summary>
    /// Whether an address's domain takes no mail. A DNS that says nothing, or says it late, refuses nobody, and is not asked again for a while.
    /// </summary>
    public async ValueTask<bool> HasAsync(Mailbox address)
    {
        if (address.Domain.IsEmpty || address.IsAddressLiteral || server.Time.GetUtcNow().UtcTicks < Volatile.Read(ref _restsUntil))
            return false;
        try
        {
            return Interlocked.Increment(ref _looks) <= MostLooks && await LookAsync(address.Domain.ToString());
        }
        finally
        {
            Interlocked.Decrement(ref _looks);
        }
    }

    private async ValueTask<bool> LookAsync(string domain)
    {
        try
        {
            using var limit = new CancellationTokenSource(LongestLook, server.Time);
            var answer = await server.Resolver!.ResolveMxAsync(domain, limit.Token).AsTask().WaitAsync(limit.Token);

            // §3: the root alone says so; beside other exchangers it is a mistake.
            return answer.Outcome == DnsOutcome.Found && answer.Records.All(record => record.Host.Length == 0);
        }
        catch (OperationCanceledException)
        {
            Volatile.Write(ref _restsUntil, (server.Time.GetUtcNow() + Rest).UtcTicks);
            return false;
        }
        catch (Exception exception)
        {
            server.Log.MxNotFound(exception, domain);
            return false;
        }
    }
}
