using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Pillarbox.Peers;
using Pillarbox.Trust.Tokens;

namespace Pillarbox.Trust.Tests.Tokens;

/// <summary>Tokens of a real provider, and such as it would never give.</summary>
public sealed class TokenVerifierTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly List<string> _news = [];
    private OpenIdProvider _provider = null!;
    private TokenVerifier _verifier = null!;

    private string Header => $$"""{"alg":"RS256","typ":"at+jwt","kid":"{{_provider.KeyName}}"}""";

    public async ValueTask InitializeAsync()
    {
        _provider = await OpenIdProvider.StartAsync();
        _verifier = Open(new TokenOptions { Issuer = _provider.Issuer, Audience = "pillarbox", Scopes = ["smtp"] });
    }

    public async ValueTask DisposeAsync()
    {
        _verifier.Dispose();
        await _provider.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("ANN@example.org")]
    public async Task Token_of_the_provider_is_good_for_whom_it_names(string name) =>
        Assert.Equal(TokenAnswer.Verified("ann@example.org"), await VerifyAsync(await _provider.TokenAsync(new TokenWish()), name));

    [Fact]
    public async Task Token_is_not_good_for_another() => await RefusedAsync(await _provider.TokenAsync(new TokenWish()), "it is for ann@example.org", "bob@example.org");

    [Fact]
    public async Task Token_for_another_audience_is_refused() =>
        await RefusedAsync(await _provider.TokenAsync(new TokenWish { Audience = "another" }), "it is for another audience");

    [Fact]
    public async Task Token_without_the_scope_lacks_it()
    {
        var answer = await VerifyAsync(await _provider.TokenAsync(new TokenWish { Scope = "other" }));
        Assert.Equal((TokenOutcome.LacksScope, "it lacks the scope smtp"), (answer.Outcome, answer.Cause));
    }

    [Fact]
    public async Task Token_is_good_until_it_expires_and_a_minute_more()
    {
        var token = await _provider.TokenAsync(new TokenWish { Life = TimeSpan.FromMinutes(10) });
        _time.Advance(TimeSpan.FromMinutes(10.5));
        Assert.Equal(TokenOutcome.Verified, (await VerifyAsync(token)).Outcome);
        _time.Advance(TimeSpan.FromMinutes(1));
        var answer = await VerifyAsync(token);
        Assert.Equal(TokenOutcome.Refused, answer.Outcome);
        Assert.StartsWith("it expired at ", answer.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_of_another_issuer_is_refused()
    {
        await using var other = await OpenIdProvider.StartAsync();
        await RefusedAsync(await other.TokenAsync(new TokenWish()), "the provider has no such key");
        await RefusedAsync(Forged(claims => claims["iss"] = other.Issuer), "it is of another issuer");
        await RefusedAsync(Forged(claims => claims["iss"] = _provider.Issuer.TrimEnd('/')), "it is of another issuer");
        await RefusedAsync(Forged(claims => claims.Remove("iss")), "it is of another issuer");
    }

    [Fact]
    public async Task Token_signed_by_another_key_under_the_providers_name_is_refused()
    {
        using var other = RSA.Create(2048);
        await RefusedAsync(TokenForge.Make(Header, Claims(), TokenForge.Rs256(other)), "its signature is not the provider's");
        await RefusedAsync(TokenForge.Make(Header, Claims(), _ => []), "its signature is not the provider's");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("HS512")]
    [InlineData("RS1")]
    [InlineData("")]
    public async Task Algorithm_by_which_others_could_sign_is_refused(string algorithm)
    {
        // The oldest trick: the public key, which everybody has, as the secret of an HMAC.
        Func<byte[], byte[]>? sign = algorithm.StartsWith("HS", StringComparison.Ordinal) ? octets => HMACSHA256.HashData(_provider.Key.ExportSubjectPublicKeyInfo(), octets) : null;
        var token = TokenForge.Make($$"""{"alg":"{{algorithm}}","typ":"at+jwt","kid":"{{_provider.KeyName}}"}""", Claims(), sign);
        await RefusedAsync(token, "its algorithm is none that only the provider can sign by");
    }

    [Fact]
    public async Task Key_in_the_token_itself_is_not_looked_at()
    {
        using var other = RSA.Create(2048);
        var (n, e) = (TokenForge.Encode(other.ExportParameters(false).Modulus!), TokenForge.Encode(other.ExportParameters(false).Exponent!));
        var header = $$"""{"alg":"RS256","typ":"at+jwt","kid":"{{_provider.KeyName}}","jwk":{"kty":"RSA","n":"{{n}}","e":"{{e}}"},"jku":"http://127.0.0.1:1/keys"}""";
        await RefusedAsync(TokenForge.Make(header, Claims(), TokenForge.Rs256(other)), "its signature is not the provider's");
    }

    [Theory]
    [InlineData("""{"alg":"RS256","typ":"logout+jwt","kid":"KID"}""", "it is no access token by its type")]
    [InlineData("""{"alg":"RS256","typ":"at+jwt","kid":"KID","crit":["exp"],"exp":1}""", "it demands something that is not known here (crit)")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID"}""", "the provider has no such key")]
    [InlineData("""{"alg":"PS256","typ":"at+jwt","kid":"KID"}""", "the provider has no such key")]
    public async Task Header_that_changes_what_is_signed_is_refused(string header, string cause) =>
        await RefusedAsync(TokenForge.Make(header.Replace("KID", _provider.KeyName, StringComparison.Ordinal), Claims(), TokenForge.Rs256(_provider.Key)), cause);

    [Fact]
    public async Task Claims_of_the_provider_that_are_not_enough_are_refused()
    {
        await RefusedAsync(Forged(claims => claims.Remove("exp")), "it never expires");
        await RefusedAsync(Forged(claims => claims.Remove("aud")), "it is for another audience");
        await RefusedAsync(Forged(claims => claims["aud"] = new[] { "another", "pillarbox/" }), "it is for another audience");
        await RefusedAsync(Forged(claims => claims.Remove("email")), "it has no email that names an account");
        await RefusedAsync(Forged(claims => claims["email"] = 7), "it has no email that names an account");
        await RefusedAsync(Forged(claims => claims["email"] = new[] { "ann@example.org" }), "it has no email that names an account");
        await RefusedAsync(Forged(claims => claims["email"] = "ann@example.org\r\n"), "it has no email that names an account");
        foreach (var verified in (object?[])[false, "false", "yes", 1, null])
            await RefusedAsync(Forged(claims => claims["email_verified"] = verified), "its e-mail address is not verified (email_verified)");
        await RefusedAsync(Forged(claims => claims.Remove("email_verified")), "its e-mail address is not verified (email_verified)");
        await RefusedAsync(Forged(claims => claims["cnf"] = new { jkt = "x" }), "it is bound to a key (cnf)");
        var later = await VerifyAsync(Forged(claims => claims["nbf"] = _time.GetUtcNow().ToUnixTimeSeconds() + 90));
        Assert.StartsWith("it is not valid before ", later.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scope", "openid smtp")]
    [InlineData("scp", "smtp")]
    [InlineData("scp", "[\"openid\",\"smtp\"]")]
    public async Task Scope_is_found_as_providers_write_it(string claim, string value)
    {
        var token = Forged(claims =>
        {
            claims.Remove("scope");
            claims[claim] = value[0] == '[' ? new[] { "openid", "smtp" } : value;
            claims["email_verified"] = true;
        });
        Assert.Equal(TokenOutcome.Verified, (await VerifyAsync(token)).Outcome);
    }

    [Fact]
    public async Task Address_of_which_the_provider_says_nothing_is_taken_where_that_is_wished_and_one_it_has_not_verified_is_not()
    {
        using var verifier = Open(new TokenOptions { Issuer = _provider.Issuer, Audience = "pillarbox", TrustsAddresses = true });
        var silent = Forged(claims => claims.Remove("email_verified"));
        var unverified = Forged(claims => claims["email_verified"] = false);
        Assert.Equal(TokenAnswer.Verified("ann@example.org"), await verifier.VerifyAsync(silent, "", TestContext.Current.CancellationToken));
        Assert.Equal(TokenOutcome.Refused, (await verifier.VerifyAsync(unverified, "", TestContext.Current.CancellationToken)).Outcome);
    }

    [Fact]
    public async Task Claim_that_names_the_account_can_be_chosen()
    {
        using var verifier = Open(new TokenOptions { Issuer = _provider.Issuer, Audience = "pillarbox", Claim = "preferred_username" });
        var token = Forged(claims => (claims["preferred_username"], claims["email_verified"]) = ("ann", false));
        Assert.Equal(TokenAnswer.Verified("ann"), await verifier.VerifyAsync(token, "ann", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("\uFF41nn")]
    [InlineData("an\u00ADn")]
    [InlineData("ann\u200B")]
    [InlineData("Jo\u0308rg")]
    [InlineData("\u200Eann")]
    public async Task Name_that_would_become_another_when_it_is_prepared_is_nobodys(string name)
    {
        using var verifier = Open(new TokenOptions { Issuer = _provider.Issuer, Audience = "pillarbox", Claim = "preferred_username" });
        foreach (var asked in (string[])["", name])
        {
            var answer = await verifier.VerifyAsync(Forged(claims => claims["preferred_username"] = name), asked, TestContext.Current.CancellationToken);
            Assert.Equal((TokenOutcome.Refused, "its preferred_username names nobody here, since it is not in its prepared form (SASLprep)"), (answer.Outcome, answer.Cause));
        }

        var prepared = await verifier.VerifyAsync(Forged(claims => claims["preferred_username"] = "J\u00F6rg"), "", TestContext.Current.CancellationToken);
        Assert.Equal(TokenAnswer.Verified("J\u00F6rg"), prepared);
    }

    [Fact]
    public async Task Keys_that_were_changed_are_asked_for_with_the_first_token_that_names_one()
    {
        var (port, old) = (_provider.Port, await _provider.TokenAsync(new TokenWish()));
        Assert.Equal(TokenOutcome.Verified, (await VerifyAsync(old)).Outcome);
        await _provider.DisposeAsync();
        _provider = await OpenIdProvider.StartAsync(port);
        var fresh = await _provider.TokenAsync(new TokenWish());
        Assert.Equal(TokenOutcome.Unavailable, (await VerifyAsync(fresh)).Outcome);

        _time.Advance(ProviderKeys.BetweenFetches);

        Assert.Equal(TokenOutcome.Verified, (await VerifyAsync(fresh)).Outcome);
        Assert.Equal(TokenOutcome.Unavailable, (await VerifyAsync(old)).Outcome);
        _time.Advance(ProviderKeys.BetweenFetches);
        await RefusedAsync(old, "the provider has no such key");
    }

    [Fact]
    public async Task Provider_that_stopped_is_not_needed_for_what_is_known_and_else_told_of()
    {
        var token = await _provider.TokenAsync(new TokenWish());
        using var late = Open(new TokenOptions { Issuer = _provider.Issuer, Audience = "pillarbox" });
        Assert.Equal(TokenOutcome.Verified, (await VerifyAsync(token)).Outcome);
        await _provider.DisposeAsync();

        Assert.Equal(TokenOutcome.Verified, (await VerifyAsync(token)).Outcome);
        Assert.Equal(TokenOutcome.Unavailable, (await late.VerifyAsync(token, "", TestContext.Current.CancellationToken)).Outcome);
        Assert.Contains(_news, line => line.StartsWith("the provider's keys cannot be had: ", StringComparison.Ordinal));

        _provider = await OpenIdProvider.StartAsync(_provider.Port);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TokenOutcome.Verified, (await late.VerifyAsync(await _provider.TokenAsync(new TokenWish()), "", TestContext.Current.CancellationToken)).Outcome);
        Assert.Contains("the provider's keys can be had again", _news);
    }

    [Fact]
    public async Task Anything_else_is_refused_and_never_an_exception()
    {
        var good = await _provider.TokenAsync(new TokenWish());
        Assert.Equal(TokenOutcome.Verified, (await VerifyAsync(good)).Outcome);
        var random = new Random(7519);
        foreach (var odd in (string[])["", ".", "..", "a.b.c", "e30.e30.", "....", new string('a', 20_000), good + ".", good[..^1], good + "A", "bnVsbA.bnVsbA.AAAA", "W10.W10.AAAA"])
            Assert.Equal(TokenOutcome.Refused, (await VerifyAsync(odd)).Outcome);
        for (var i = 0; i < 2000; i++)
        {
            var letters = good.ToCharArray();
            for (var changes = random.Next(1, 5); changes > 0; changes--)
                letters[random.Next(letters.Length)] = "AZaz09-_.=~\u00e9"[random.Next(12)];
            var changed = new string(letters);
            var answer = await VerifyAsync(changed);

            // The last letter of a base64url text has bits that count for nothing. A changed name of a key may be one that the provider has made since.
            Assert.True(answer.Outcome == TokenOutcome.Refused || answer.Cause == ProviderKeys.MayHaveChanged || changed[..^1] == good[..^1], changed);
        }
    }

    private TokenVerifier Open(TokenOptions options) => new(options, _time, _news.Add);

    private string Claims(Action<Dictionary<string, object?>>? change = null) => TokenForge.Claims(_provider.Issuer, _time.GetUtcNow(), change);

    private string Forged(Action<Dictionary<string, object?>> change) => TokenForge.Make(Header, Claims(change), TokenForge.Rs256(_provider.Key));

    private ValueTask<TokenAnswer> VerifyAsync(string token, string name = "") => _verifier.VerifyAsync(token, name, TestContext.Current.CancellationToken);

    private async Task RefusedAsync(string token, string cause, string name = "")
    {
        var answer = await VerifyAsync(token, name);
        Assert.Equal((TokenOutcome.Refused, cause), (answer.Outcome, answer.Cause));
    }
}
