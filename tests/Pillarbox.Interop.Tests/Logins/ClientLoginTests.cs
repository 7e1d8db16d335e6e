using Pillarbox.Interop.Tests.Clients;

namespace Pillarbox.Interop.Tests.Logins;

/// <summary>Each client by each mechanism that it has: the password gets 235 and another 535, and only who is let in hands over a message.</summary>
public sealed class ClientLoginTests(LoginServer server) : IClassFixture<LoginServer>
{
    public static TheoryData<string, string> Senders => LoginMatrix.Of(MailClient.All.Keys);

    public static TheoryData<string, string> Gsasl => LoginMatrix.Of(["gsasl"]);

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Client_with_the_password_sends_and_with_a_wrong_one_does_not(string client, string mechanism)
    {
        var (right, wrong) = (TestMessages.NewSubject(), TestMessages.NewSubject());
        var task = new ClientTask(PortFor(mechanism), mechanism, "ann", server.Password, TestMessages.Create("plain text", right)) { To = "bob@local.test" };

        var sessions = await Task.WhenAll(
            MailClient.All[client].SendAsync(task with { Password = "wrong", Message = TestMessages.Create("plain text", wrong) }),
            MailClient.All[client].SendAsync(task));

        AssertRefused(sessions[0], mechanism);
        AssertLoggedIn(sessions[1], mechanism);
        await server.WaitForAsync(right);
        Assert.DoesNotContain(wrong, server.Delivered());
    }

    [Theory]
    [MemberData(nameof(Gsasl))]
    public async Task Gsasl_with_the_password_is_let_in_and_with_a_wrong_one_is_not(string client, string mechanism)
    {
        Assert.Equal("gsasl", client);

        var sessions = await Task.WhenAll(
            GsaslClient.LogInAsync(PortFor(mechanism), mechanism, "ann", "wrong"), GsaslClient.LogInAsync(PortFor(mechanism), mechanism, "ann", server.Password));

        AssertRefused(sessions[0], mechanism);
        AssertLoggedIn(sessions[1], mechanism);
    }

    private int PortFor(string mechanism) => server.PortOf(mechanism.EndsWith("-PLUS", StringComparison.Ordinal) ? "plus" : "all");

    private static void AssertRefused(ClientSession session, string mechanism)
    {
        Assert.False(session.Succeeded, session.Transcript);
        Assert.Contains($"AUTH {mechanism}", session.Transcript, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("535 5.7.8", session.Transcript, StringComparison.Ordinal);
        Assert.DoesNotContain("235 2.7.0", session.Transcript, StringComparison.Ordinal);
    }

    private static void AssertLoggedIn(ClientSession session, string mechanism)
    {
        Assert.True(session.Succeeded, session.Transcript);
        Assert.Contains($"AUTH {mechanism}", session.Transcript, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("235 2.7.0", session.Transcript, StringComparison.Ordinal);
    }
}
