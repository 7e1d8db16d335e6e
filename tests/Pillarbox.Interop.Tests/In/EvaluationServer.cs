using System.Text.Json;

using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.In;

/// <summary>The evaluation server, shared by the tests of a class: <c>pillarbox serve</c> with no configuration.</summary>
public sealed class EvaluationServer : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private PillarboxProcess? _server;

    /// <summary>The process.</summary>
    public PillarboxProcess Process => _server ?? throw new InvalidOperationException("Not started.");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _server = await PillarboxProcess.EvaluateAsync();
        _http.BaseAddress = new Uri($"http://127.0.0.1:{_server.ConsolePort}");
    }

    /// <summary>Waits until a message with that subject is captured, and reads it as the API gives it.</summary>
    public async Task<byte[]> WaitForRawAsync(string subject)
    {
        string? id = null;
        await Readiness.UntilAsync(async () => (id = await FindAsync(subject)) is not null, $"a captured message with subject {subject}");
        return await _http.GetByteArrayAsync($"/api/messages/{id}/raw");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();

        _http.Dispose();
    }

    private async Task<string?> FindAsync(string subject)
    {
        using var list = JsonDocument.Parse(await _http.GetStringAsync("/api/messages"));
        foreach (var message in list.RootElement.GetProperty("messages").EnumerateArray())
        {
            if (message.GetProperty("subject").GetString() == subject)
                return message.GetProperty("id").GetString();
        }

        return null;
    }
}
