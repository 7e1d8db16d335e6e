using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Pillarbox.Commands.Queue;

/// <summary>The HTTP API of a running server, as far as its queue goes.</summary>
/// <param name="console">The console's address.</param>
/// <param name="tokenFile">The file with the token that changes need; readable by the server's user alone.</param>
internal sealed class QueueApi(Uri console, string tokenFile) : IDisposable
{
    // Straight to the server: a proxy of the environment has no part in this.
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        BaseAddress = console,
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>The document of <c>/api/queue</c>.</summary>
    public async Task<JsonDocument> ListAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/queue");
        using var response = await SendAsync(request, cancellationToken);
        Ensure(response);
        try
        {
            await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonDocument.ParseAsync(content, cancellationToken: cancellationToken);
        }
        catch (JsonException malformed)
        {
            throw new CommandFault($"{console} does not answer like a Pillarbox console", malformed);
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

    private void Ensure(HttpResponseMessage response)
    {
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw new CommandFault($"{console} refuses the token of {tokenFile}: is it that server's state directory?");
        if (!response.IsSuccessStatusCode)
            throw new CommandFault($"{console} answers {(int)response.StatusCode} {response.ReasonPhrase}: is it a Pillarbox console?");
    }
}
