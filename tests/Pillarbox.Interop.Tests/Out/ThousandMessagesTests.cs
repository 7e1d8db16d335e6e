using System.Security.Cryptography;

using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Out;

/// <summary>Postfix → Pillarbox → Postfix.</summary>
public sealed class ThousandMessagesTests
{
    private const int _count = 1000;
    private const int _sessions = 10;

    [Fact]
    public async Task Thousand_messages_from_Postfix_arrive_at_another_with_equal_bodies()
    {
        await using var receiving = await PostfixServer.StartAsync();
        await using var relay = await RelayServer.StartAsync($"smtp://127.0.0.1:{receiving.Port}");
        await using var sending = await PostfixServer.StartAsync(
            new PostfixSettings { Hostname = "source.test", RelayHost = $"[127.0.0.1]:{relay.Port}" });

        var sent = await Task.WhenAll(Enumerable.Range(0, _sessions).Select(session => SendAsync(sending.Port, session)));

        var stored = await receiving.WaitForMessagesAsync(_count, TimeSpan.FromMinutes(5));
        Assert.Equal(
            sent.SelectMany(sums => sums).Order(StringComparer.Ordinal),
            stored.Select(message => Checksum(message.AsSent)).Order(StringComparer.Ordinal));
    }

    private static async Task<List<string>> SendAsync(int port, int session)
    {
        var sums = new List<string>();
        await using var conversation = await SmtpConversation.ConnectAsync(port);
        await conversation.ExpectAsync("EHLO client.test", "250");
        for (var number = session; number < _count; number += _sessions)
        {
            // Of many lengths, from a few octets to 80 KB, no two alike.
            byte[] message = [.. TestMessages.Create("leading dots", TestMessages.NewSubject()), .. TestMessages.Random(80 * number)];
            Assert.StartsWith("250", await conversation.TransactAsync(message, "ann@source.test", "bob@destination.test"), StringComparison.Ordinal);
            sums.Add(Checksum(message));
        }

        return sums;
    }

    private static string Checksum(byte[] message) => Convert.ToHexString(SHA256.HashData(message));
}
