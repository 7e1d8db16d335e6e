using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;

namespace Pillarbox.Peers;

/// <summary>What a token is to say.</summary>
public sealed record TokenWish
{
    /// <summary>Whom it is for.</summary>
    public string Email { get; init; } = "ann@example.org";

    /// <summary>The scopes, with blanks between them.</summary>
    public string Scope { get; init; } = "smtp";

    /// <summary>Where it is to be used.</summary>
    public string Audience { get; init; } = "pillarbox";

    /// <summary>How long it lives.</summary>
    public TimeSpan Life { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>A real OpenID provider on loopback (OpenIddict), with one signing key of its own making; it gives whoever asks the token they wish for.</summary>
public sealed class OpenIdProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RSA _key;

    private OpenIdProvider(WebApplication app, RSA key, string keyName, int port)
    {
        _app = app;
        _key = key;
        KeyName = keyName;
        Port = port;
    }

    /// <summary>Its port on loopback.</summary>
    public int Port { get; }

    /// <summary>What its tokens call it.</summary>
    public string Issuer => IssuerAt(Port);

    /// <summary>What its tokens call its key.</summary>
    public string KeyName { get; }

    /// <summary>Its key, for tokens that it would not give.</summary>
    public RSA Key => _key;

    /// <summary>Starts one.</summary>
    /// <param name="port">Its port; 0 takes a free one.</param>
    public static async Task<OpenIdProvider> StartAsync(int port = 0)
    {
        port = port == 0 ? FreePort.Take() : port;
        var key = RSA.Create(2048);
        var name = Convert.ToHexString(RandomNumberGenerator.GetBytes(4));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddOpenIddict().AddServer(server => Configure(server, new RsaSecurityKey(key) { KeyId = name }, IssuerAt(port)));
        var app = builder.Build();
        app.UseAuthentication();
        await app.StartAsync();
        return new OpenIdProvider(app, key, name, port);
    }

    /// <summary>Has it give a token.</summary>
    public async Task<string> TokenAsync(TokenWish wish)
    {
        ArgumentNullException.ThrowIfNull(wish);
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "test",
            ["client_secret"] = Guid.NewGuid().ToString("N"),
            ["scope"] = wish.Scope,
            ["as_email"] = wish.Email,
            ["as_audience"] = wish.Audience,
            ["as_seconds"] = wish.Life.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        });
        using var response = await http.PostAsync(new Uri($"{Issuer}connect/token"), form);
        var text = await response.Content.ReadAsStringAsync();
        using var json = JsonDocument.Parse(text);
        return json.RootElement.TryGetProperty("access_token", out var token) ? token.GetString()! : throw new InvalidOperationException(text);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private static string IssuerAt(int port) => $"http://127.0.0.1:{port}/";

    private static void Configure(OpenIddictServerBuilder server, RsaSecurityKey key, string issuer)
    {
        server.SetIssuer(new Uri(issuer)).SetTokenEndpointUris("connect/token").AllowClientCredentialsFlow()
            .EnableDegradedMode().DisableAccessTokenEncryption()
            .AddSigningKey(key).AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32))).RegisterScopes("smtp", "other");
        server.UseAspNetCore().DisableTransportSecurityRequirement();
        server.AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(handler => handler.UseInlineHandler(_ => default));
        server.AddEventHandler<OpenIddictServerEvents.HandleTokenRequestContext>(handler => handler.UseInlineHandler(Give));
    }

    private static ValueTask Give(OpenIddictServerEvents.HandleTokenRequestContext context)
    {
        var identity = new ClaimsIdentity("test");
        identity.SetClaim(OpenIddictConstants.Claims.Subject, "4711").SetClaim(OpenIddictConstants.Claims.Email, (string?)context.Request["as_email"])
            .SetClaim(OpenIddictConstants.Claims.EmailVerified, true);
        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.AccessToken]);
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(context.Request.GetScopes()).SetAudiences((string?)context.Request["as_audience"] ?? "");
        principal.SetAccessTokenLifetime(TimeSpan.FromSeconds(double.Parse((string?)context.Request["as_seconds"] ?? "60", CultureInfo.InvariantCulture)));
        context.SignIn(principal);
        return default;
    }
}
