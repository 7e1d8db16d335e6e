using Microsoft.Extensions.Time.Testing;

namespace Pillarbox.Server.Tests;

/// <summary>Waits for what other threads bring about.</summary>
internal static class Eventually
{
    /// <summary>Lets time pass until the server says something, which has to be <paramref name="expected"/>.</summary>
    public static async Task AdvanceUntilAsync(FakeTimeProvider time, Task<string?> reply, string? expected)
    {
        for (var i = 0; i < 400 && !reply.IsCompleted; i++)
        {
            time.GoOn(TimeSpan.FromSeconds(1));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal(expected, await reply);
    }

    /// <summary>
    /// Lets time pass. The fake clock falls over a timer that another thread disposes of in the very moment in which it is woken; the
    /// time has passed all the same, and its other timers are woken the next time.
    /// </summary>
    public static void GoOn(this FakeTimeProvider time, TimeSpan by)
    {
        try
        {
            time.Advance(by);
        }
        catch (NullReferenceException)
        {
            time.Advance(TimeSpan.Zero);
        }
    }

    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 1000; i++)
        {
            if (await condition())
                return;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Fail("it never came to pass");
    }
}
