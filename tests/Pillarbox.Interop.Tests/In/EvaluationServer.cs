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

    /// <summary>Waits until the session in which a message was queued has ended; its transcript as the API gives it, a line each.</summary>
    public async Task<string> WaitForSessionAsync(string queueId)
    {
        string? lines = null;
        await Readiness.UntilAsync(async () => (lines = await FindSessionAsync(queueId, ended: true)) is not null, $"the end of the session that queued {queueId}");
        return lines!;
    }

    /// <summary>The transcript so far of the session in which a captured message came.</summary>
    public async Task<string> SessionOfAsync(string subject)
    {
        var id = await FindAsync(subject) ?? throw new InvalidOperationException($"{subject} was not captured.");
        return await FindSessionAsync(id, ended: false) ?? throw new InvalidOperationException($"No session queued {id}.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();

        _http.Dispose();
    }

    private async Task<string?> FindSessionAsync(string queueId, bool ended)
    {
        using var list = JsonDocument.Parse(await _http.GetStringAsync("/api/sessions"));
        foreach (var session in list.RootElement.GetProperty("sessions").EnumerateArray())
        {
            var lines = string.Join('\n', session.GetProperty("lines").EnumerateArray()
                .Select(line => $"{line.GetProperty("from").GetString()}: {line.GetProperty("text").GetString()}"));
            if (lines.Contains(queueId, StringComparison.Ordinal) && (!ended || session.GetProperty("ended").ValueKind != JsonValueKind.Null))
                return lines;
        }

        return null;
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
