using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Pillarbox.Commands.Queue;

/// <summary>The HTTP API of a running server, as far as its queue goes.</summary>
/// <param name="console">The console's address.</param>
/// <param name="tokenFile">The file with the token that changes need; readable by the server's user alone.</param>
internal sealed class QueueApi(Uri console, string tokenFile) : IDisposable
{
    private const int PageLength = 1000;

    // Straight to the server: a proxy of the environment has no part in this.
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        BaseAddress = console,
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>Every message, in the order of acceptance.</summary>
    public async IAsyncEnumerable<JsonElement> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            var page = await GetAsync($"/api/queue?limit={PageLength}{(after is null ? "" : $"&after={after}")}", cancellationToken)
                ?? throw NoConsole(null);
            if (page.ValueKind != JsonValueKind.Object || !page.TryGetProperty("messages", out var messages))
                throw NoConsole(null);
            after = null;
            foreach (var message in messages.EnumerateArray())
            {
                after = message.GetProperty("id").GetString();
                yield return message;
            }
        }
        while (after is not null);
    }

    /// <summary>A message, or <see langword="null"/> where there is none of that name.</summary>
    public Task<JsonElement?> FindAsync(string id, CancellationToken cancellationToken) => GetAsync($"/api/queue/{id}", cancellationToken);

    private async Task<JsonElement?> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        Ensure(response);
        try
        {
            await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync<JsonElement>(content, cancellationToken: cancellationToken);
        }
        catch (JsonException malformed)
        {
            throw NoConsole(malformed);
        }
    }

    /// <summary>Has a message tried at once.</summary>
    /// <returns>Whether there is such a message.</returns>
    public Task<bool> RetryAsync(string id, CancellationToken cancellationToken) => ChangeAsync(HttpMethod.Post, $"/api/queue/{id}/retry", cancellationToken);

    /// <summary>Deletes a message.</summary>
    /// <returns>Whether there was such a message.</returns>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => ChangeAsync(HttpMethod.Delete, $"/api/queue/{id}", cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<bool> ChangeAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await ReadTokenAsync(cancellationToken));
        using var response = await SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return false;
        Ensure(response);
        return true;
    }

    private async Task<string> ReadTokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await File.ReadAllTextAsync(tokenFile, cancellationToken)).Trim();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault($"the server's token {tokenFile} cannot be read: {refused.Message} Is the server running, and are you its user?", refused);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException unreachable)
        {
            throw new CommandFault($"no server answers at {console}: {unreachable.Message}", unreachable);
        }
        catch (TaskCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFault($"{console} does not answer in time", late);
        }
    }

    private CommandFault NoConsole(Exception? cause) => new($"{console} does not answer as a Pillarbox console does", cause);

    private void Ensure(HttpResponseMessage response)
    {
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw new CommandFault($"{console} refuses the token of {tokenFile}: is it that server's state directory?");
        if (!response.IsSuccessStatusCode)
            throw new CommandFault($"{console} answers {(int)response.StatusCode} {response.ReasonPhrase}: is it a Pillarbox console?");
    }
}
