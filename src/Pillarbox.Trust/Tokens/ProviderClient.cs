using System.Net;
using System.Text;
using System.Text.Json;

namespace Pillarbox.Trust.Tokens;

/// <summary>
/// Asks a provider for its keys: its discovery document, then what that names. Nothing that it answers takes longer or grows larger than is
/// allowed, and nothing leads elsewhere than by HTTPS.
/// </summary>
internal sealed class ProviderClient : IDisposable
{
    private const int MaxDocument = 256 << 10;

    private readonly TokenOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
        MaxResponseDrainSize = 0,
        MaxResponseHeadersLength = 16,
    })
    {
        MaxResponseContentBufferSize = MaxDocument,
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    public ProviderClient(TokenOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
    }

    /// <summary>Fetches the keys.</summary>
    /// <returns>The keys, or why there are none.</returns>
    public async Task<(KeySet? Keys, string Cause)> FetchAsync()
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        var at = _options.Configuration;
        try
        {
            if (!TokenOptions.IsSafe(at, out var discovery))
                return (null, $"{at} is neither https nor on this machine");
            var (where, wrong) = ReadDiscovery(await GetAsync(discovery, limit.Token));
            if (where is null)
                return (null, $"{at}: {wrong}");
            at = where.ToString();
            return KeySet.Read(await GetAsync(where, limit.Token)) switch
            {
                null => (null, $"{at} is no set of keys"),
                { Keys.IsEmpty: true } => (null, $"{at} has no key of RSA or EC to check signatures by"),
                var keys => (keys, ""),
            };
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return (null, $"{at}: no answer within {_options.Timeout.TotalSeconds:0.#} s");
        }
        catch (Exception refused) when (refused is HttpRequestException or IOException or DecoderFallbackException)
        {
            return (null, $"{at}: {refused.Message.TrimEnd('.')}");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> GetAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(uri, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new HttpRequestException($"HTTP status {(int)response.StatusCode}");
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    // OpenID Connect Discovery 1.0 §4.3: a document that speaks for another issuer is nobody's.
    private (Uri? Keys, string Wrong) ReadDiscovery(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (Text(document, "issuer") is not { } issuer || Text(document, "jwks_uri") is not { } keys)
                return (null, "is no discovery document: issuer or jwks_uri is missing");
            if (issuer != _options.Issuer)
                return (null, $"is of the issuer {Shortened(issuer)}, not of {_options.Issuer}");
            if (!TokenOptions.IsSafe(keys, out var where) || (where.Scheme != Uri.UriSchemeHttps && !_options.Issuer.StartsWith("http:", StringComparison.OrdinalIgnoreCase)))
                return (null, $"its keys at {Shortened(keys)} cannot be had by https");
            return (where, "");
        }
        catch (JsonException)
        {
            return (null, "is no JSON");
        }
    }

    private static string? Text(JsonDocument document, string name) =>
        document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static string Shortened(string text) => string.Concat(text.Take(200).Select(c => char.IsControl(c) ? '?' : c));
}
