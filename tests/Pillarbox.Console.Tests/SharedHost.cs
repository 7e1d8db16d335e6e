namespace Pillarbox.WebConsole.Tests;

/// <summary>A server for all tests of a class: for those that do not mind what the others did to it.</summary>
public sealed class SharedHost : IAsyncLifetime
{
    internal TestHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await TestHost.StartAsync();

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
