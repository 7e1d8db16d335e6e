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
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.Equal(expected, await reply);
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
