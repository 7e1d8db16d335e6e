using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Pillarbox.Trust.Accounts;

/// <summary>
/// Asks a source that may be slow or down: so many questions at once, and so long for each. What goes wrong is told once for as long as
/// it lasts (and again each minute), and so is that it is over.
/// </summary>
/// <param name="source">What the log calls it.</param>
/// <param name="limit">How long an answer may take.</param>
/// <param name="report">Told, in one line.</param>
/// <param name="time">The clock.</param>
internal sealed class SourceCalls(string source, TimeSpan limit, Action<string> report, TimeProvider time)
{
    // What waits behind this many would be an answer that comes too late.
    private const int MaxAtOnce = 256;
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private int _running;
    private string? _told;
    private long _toldAt;

    /// <summary>Asks.</summary>
    /// <returns>The answer, or <see langword="null"/> where there is none: what went wrong has been told.</returns>
    public async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await AskAsync(ask, cancellationToken);
        }
        catch (SourceException)
        {
            return null;
        }
    }

    /// <summary>Asks.</summary>
    /// <exception cref="SourceException">There is no answer; what went wrong has been told.</exception>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _running) > MaxAtOnce)
                throw Told(new SourceException($"more than {MaxAtOnce} questions wait for an answer"));
            return await AskInTimeAsync(ask, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task<T> AskInTimeAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            // What does not heed the token is left to itself: the client is answered in time.
            var answer = await ask(both.Token).WaitAsync(both.Token);
            Works();
            return answer;
        }
        catch (Exception cause) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Told(new SourceException($"no answer within {limit.TotalSeconds:0.#} s", cause));
        }
        catch (SourceException fault)
        {
            throw Told(fault);
        }
        catch (Exception cause) when (cause is DbException or IOException or SocketException or AuthenticationException or TimeoutException)
        {
            throw Told(new SourceException(cause.Message, cause));
        }
    }

    private SourceException Told(SourceException fault)
    {
        var line = string.Join(' ', fault.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        lock (_lock)
        {
            if (_told == line && time.GetElapsedTime(_toldAt) < Again)
                return fault;
            _told = line;
            _toldAt = time.GetTimestamp();
        }

        report($"{source}: {line}; logins get 454 until it answers");
        return fault;
    }

    private void Works()
    {
        if (Volatile.Read(ref _told) is null)
            return;
        lock (_lock)
        {
            if (_told is null)
                return;
            _told = null;
        }

        report($"{source}: answers again");
    }
}
