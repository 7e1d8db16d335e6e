using System.Net;

namespace Pillarbox.WebConsole.Tests.Guard;

public sealed class ConsoleTokenTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly TestHost _host = shared.Host;

    [Fact]
    public async Task Token_file_is_its_owners_alone_and_new_at_each_start()
    {
        await using var other = await TestHost.StartAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_host.TokenFile));
        Assert.Equal(43, _host.Token.Length);
        Assert.NotEqual(other.Token, _host.Token);
    }

    [Theory]
    [InlineData("DELETE", "/api/messages")]
    [InlineData("DELETE", "/api/messages/0000000000000")]
    [InlineData("DELETE", "/api/queue/0000000000000")]
    [InlineData("POST", "/api/queue/0000000000000/retry")]
    public async Task Change_without_the_right_token_is_refused(string method, string path)
    {
        string?[] values = [null, "", "Bearer", "Bearer ", $"Basic {_host.Token}", _host.Token, $"Bearer {_host.Token}x", $"Bearer {_host.Token[..^1]}", $"Bearer {_host.Token.ToUpperInvariant()}"];
        foreach (var value in values)
        {
            using var response = await _host.AskAsync(HttpMethod.Parse(method), path, value is null ? [] : [("Authorization", value)]);

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        }
    }
}
