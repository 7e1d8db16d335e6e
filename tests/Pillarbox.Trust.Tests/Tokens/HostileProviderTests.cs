using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pillarbox.Peers;
using Pillarbox.Trust.Tokens;

namespace Pillarbox.Trust.Tests.Tokens;

/// <summary>Providers that answer what they should not, or nothing: no token is good, none is called bad, and nothing waits for long.</summary>
public sealed class HostileProviderTests : IAsyncLifetime
{
    private static readonly RSA _key = RSA.Create(2048);

    private readonly int _port = FreePort.Take();
    private readonly List<string> _news = [];
    private RequestDelegate _discovery = null!;
    private RequestDelegate _keys = null!;
    private WebApplication _app = null!;
    private int _asked;

    private string Issuer => $"http://127.0.0.1:{_port}";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Issuer);
        _app = builder.Build();
        _discovery = Answer($$"""{"issuer":"{{Issuer}}","jwks_uri":"{{Issuer}}/keys"}""");
        _keys = Answer(Keys("k"));
        _app.Run(context =>
        {
            Interlocked.Increment(ref _asked);
            return context.Request.Path == "/keys" ? _keys(context) : context.Request.Path == "/.well-known/openid-configuration" ? _discovery(context) : NotFound(context);
        });
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Provider_that_answers_as_it_should_is_believed() => Assert.Equal(TokenOutcome.Verified, (await VerifyAsync()).Outcome);

    [Fact]
    public async Task Token_without_a_key_name_is_checked_by_the_only_key_and_not_by_one_of_two()
    {
        Assert.Equal(TokenOutcome.Verified, (await VerifyAsync(header: """{"alg":"RS256"}""")).Outcome);
        _keys = Answer(Keys("k", "other"));
        Assert.Equal(TokenOutcome.Refused, (await VerifyAsync(header: """{"alg":"RS256"}""")).Outcome);
    }

    [Theory]
    [InlineData("", "is no JSON")]
    [InlineData("<html>", "is no JSON")]
    [InlineData("[]", "is no discovery document: issuer or jwks_uri is missing")]
    [InlineData("""{"issuer":"ISSUER"}""", "is no discovery document: issuer or jwks_uri is missing")]
    [InlineData("""{"issuer":7,"jwks_uri":"ISSUER/keys"}""", "is no discovery document: issuer or jwks_uri is missing")]
    [InlineData("""{"issuer":"https://another.example","jwks_uri":"ISSUER/keys"}""", "is of the issuer https://another.example, not of ISSUER")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"http://192.0.2.1/keys"}""", "its keys at http://192.0.2.1/keys cannot be had by https")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"file:///etc/passwd"}""", "its keys at file:///etc/passwd cannot be had by https")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"keys"}""", "its keys at keys cannot be had by https")]
    public async Task Discovery_document_that_is_wrong_is_not_followed(string document, string cause)
    {
        _discovery = Answer(document.Replace("ISSUER", Issuer, StringComparison.Ordinal));
        await UnavailableAsync($"{Issuer}/.well-known/openid-configuration: {cause.Replace("ISSUER", Issuer, StringComparison.Ordinal)}");
    }

    [Theory]
    [InlineData("", "is no set of keys")]
    [InlineData("7", "is no set of keys")]
    [InlineData("""{"keys":[]}""", "has no key of RSA or EC to check signatures by")]
    [InlineData("""{"keys":[{"kty":"oct","kid":"k","k":"c2VjcmV0"}]}""", "has no key of RSA or EC to check signatures by")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"k","n":"AQAB","e":"AQAB"}]}""", "has no key of RSA or EC to check signatures by")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"k"}]}""", "has no key of RSA or EC to check signatures by")]
    [InlineData("""{"keys":[{"kty":"EC","kid":"k","crv":"secp256k1","x":"AA","y":"AA"}]}""", "has no key of RSA or EC to check signatures by")]
    public async Task Keys_that_are_none_are_told_of(string keys, string cause)
    {
        _keys = Answer(keys);
        await UnavailableAsync($"{Issuer}/keys {cause}");
    }

    [Fact]
    public async Task Key_of_the_right_name_that_is_for_encryption_or_another_algorithm_is_none()
    {
        _keys = Answer(Keys("k").Replace("\"kty\"", "\"use\":\"enc\",\"kty\"", StringComparison.Ordinal));
        await UnavailableAsync($"{Issuer}/keys has no key of RSA or EC to check signatures by");
        _keys = Answer(Keys("k").Replace("\"kty\"", "\"alg\":\"RS512\",\"kty\"", StringComparison.Ordinal));
        Assert.Equal((TokenOutcome.Refused, "the provider has no such key"), ((await VerifyAsync()).Outcome, (await VerifyAsync()).Cause));
    }

    [Fact]
    public async Task Key_that_is_broken_spoils_no_other()
    {
        _keys = Answer(Keys("k").Replace("[", """[{"kty":"RSA","kid":"x","n":"!","e":"AQAB"},{"kty":"RSA","kid":"x","n":"a","e":"AQAB"},{"kid":"y"},""", StringComparison.Ordinal));
        Assert.Equal(TokenOutcome.Verified, (await VerifyAsync()).Outcome);
    }

    [Fact]
    public async Task Document_without_an_end_is_not_read_to_it()
    {
        _discovery = async context =>
        {
            for (var octets = new byte[1 << 16]; !context.RequestAborted.IsCancellationRequested;)
                await context.Response.Body.WriteAsync(octets, context.RequestAborted);
        };
        Assert.Equal(TokenOutcome.Unavailable, (await VerifyAsync()).Outcome);
        Assert.Contains(_news, line => line.Contains("/.well-known/openid-configuration: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Redirection_and_failure_are_no_answers()
    {
        _discovery = context =>
        {
            context.Response.Redirect($"{Issuer}/elsewhere");
            return Task.CompletedTask;
        };
        await UnavailableAsync($"{Issuer}/.well-known/openid-configuration: HTTP status 302");
        _discovery = NotFound;
        await UnavailableAsync($"{Issuer}/.well-known/openid-configuration: HTTP status 404");
    }

    [Fact]
    public async Task Provider_that_never_answers_is_given_up()
    {
        _keys = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await UnavailableAsync($"{Issuer}/keys: no answer within 1 s", TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Many_tokens_at_once_have_a_provider_asked_once_and_a_failed_one_is_left_in_peace()
    {
        _keys = async context =>
        {
            await Task.Delay(200, context.RequestAborted);
            await NotFound(context);
        };
        using var verifier = Open(TimeSpan.FromSeconds(30), new StandingTime());
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => verifier.VerifyAsync(Token("k"), "").AsTask()));
        Assert.All(answers, answer => Assert.Equal(TokenOutcome.Unavailable, answer.Outcome));
        Assert.Equal(TokenOutcome.Unavailable, (await verifier.VerifyAsync(Token("k"), "", TestContext.Current.CancellationToken)).Outcome);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Unknown_keys_without_number_have_a_provider_asked_once()
    {
        using var verifier = Open(TimeSpan.FromSeconds(30), new StandingTime());
        for (var i = 0; i < 50; i++)
        {
            // Only of what was missed before it was asked does anybody know that the provider has no such key.
            var answer = await verifier.VerifyAsync(Token($"k{i}"), "", TestContext.Current.CancellationToken);
            Assert.Equal(i == 0 ? TokenOutcome.Refused : TokenOutcome.Unavailable, answer.Outcome);
        }

        Assert.Equal(2, _asked);
    }

    private async Task UnavailableAsync(string cause, TimeSpan? limit = null)
    {
        var answer = await VerifyAsync(limit: limit);
        Assert.Equal((TokenOutcome.Unavailable, cause), (answer.Outcome, answer.Cause));
        Assert.Contains($"the provider's keys cannot be had: {cause}", _news);
    }

    private async Task<TokenAnswer> VerifyAsync(string? header = null, TimeSpan? limit = null)
    {
        using var verifier = Open(limit ?? TimeSpan.FromSeconds(30), TimeProvider.System);
        return await verifier.VerifyAsync(Token("k", header), "", TestContext.Current.CancellationToken);
    }

    private TokenVerifier Open(TimeSpan limit, TimeProvider time) => new(new TokenOptions { Issuer = Issuer, Audience = "pillarbox", Timeout = limit }, time, _news.Add);

    private string Token(string key, string? header = null) =>
        TokenForge.Make(header ?? $$"""{"alg":"RS256","kid":"{{key}}"}""", TokenForge.Claims(Issuer, TimeProvider.System.GetUtcNow()), TokenForge.Rs256(_key));

    private string Keys(params string[] names)
    {
        var (n, e) = (TokenForge.Encode(_key.ExportParameters(false).Modulus!), TokenForge.Encode(_key.ExportParameters(false).Exponent!));
        return $$"""{"keys":[{{string.Join(',', names.Select(name => $$"""{"kty":"RSA","kid":"{{name}}","n":"{{n}}","e":"{{e}}"}"""))}}]}""";
    }

    private static RequestDelegate Answer(string json) => context => context.Response.WriteAsync(json, context.RequestAborted);

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }

    /// <summary>Stands still, but for its timers.</summary>
    private sealed class StandingTime : TimeProvider
    {
        private readonly DateTimeOffset _now = System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
