using System.Text;
using System.Text.RegularExpressions;

using MimeKit;

using Pillarbox.Interop.Tests.Clients;
using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.In;

/// <summary>Real clients and the evaluation server: EHLO, STARTTLS, AUTH 235, the message 250 queued, QUIT 221.</summary>
public sealed partial class ClientTests(EvaluationServer server) : IClassFixture<EvaluationServer>
{
    public static TheoryData<string, string> ClientsAndMechanisms()
    {
        var data = new TheoryData<string, string>();
        foreach (var client in MailClient.All.Keys)
        {
            data.Add(client, "PLAIN");
            data.Add(client, "LOGIN");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ClientsAndMechanisms))]
    public async Task Client_logs_in_and_hands_over_a_message_which_is_captured_byte_for_byte(string client, string mechanism)
    {
        var subject = TestMessages.NewSubject();
        var message = TestMessages.Create("leading dots", subject);

        var session = await MailClient.All[client].SendAsync(
            new ClientTask(server.Process.SmtpPort, mechanism, "ann", Guid.NewGuid().ToString("N"), message));

        Assert.True(session.Succeeded, session.Transcript);
        Assert.Contains("STARTTLS", session.Transcript, StringComparison.Ordinal);
        Assert.Contains($"AUTH {mechanism}", session.Transcript, StringComparison.Ordinal);
        AssertInOrder(session.Transcript, "235 2.7.0", "354 ", "250 2.0.0");
        // curl says QUIT without showing it: the server's own transcript tells for all.
        AssertInOrder(
            await server.WaitForSessionAsync(QueuedAs().Match(session.Transcript).Groups[1].Value),
            ["client: STARTTLS", $"client: AUTH {mechanism}", "server: 235 2.7.0", "server: 250 2.0.0", .. MailClient.All[client].SaysQuit ? ["client: QUIT", "server: 221 2.0.0"] : Array.Empty<string>()]);
        Assert.Equal(session.Sent ?? message, await server.WaitForRawAsync(subject));
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("smtplib")]
    [InlineData("MailKit")]
    [InlineData("nodemailer")]
    public async Task Client_that_knows_smtputf8_sends_to_an_address_in_utf_8(string client)
    {
        var subject = TestMessages.NewSubject();

        var session = await MailClient.All[client].SendAsync(
            new ClientTask(server.Process.SmtpPort, "PLAIN", "ann", Guid.NewGuid().ToString("N"), TestMessages.Create("plain text", subject))
            {
                From = "änn@source.test",
                To = "สวัสดี@destination.test",
            });

        Assert.True(session.Succeeded, session.Transcript);
        await server.WaitForRawAsync(subject);
        AssertInOrder(await server.SessionOfAsync(subject), "client: MAIL FROM:<änn@source.test>", "SMTPUTF8", "client: RCPT TO:<สวัสดี@destination.test>");
    }

    [Theory]
    [InlineData(ContentEncoding.Binary, "BODY=BINARYMIME")]
    [InlineData(ContentEncoding.Base64, "BODY=8BITMIME")]
    public async Task MailKit_that_prefers_binary_data_sends_it_in_chunks(ContentEncoding encoding, string parameter)
    {
        var subject = TestMessages.NewSubject();
        var octets = new byte[2_000_000];
        new Random(octets.Length).NextBytes(octets);
        using var message = new MimeMessage
        {
            Subject = subject,
            Body = new Multipart("mixed")
            {
                new TextPart("plain") { Text = "สวัสดี" },
                new MimePart("application", "octet-stream") { Content = new MimeContent(new MemoryStream(octets)), ContentTransferEncoding = encoding },
            },
        };
        message.From.Add(MailboxAddress.Parse("ann@source.test"));
        message.To.Add(MailboxAddress.Parse("bob@destination.test"));

        await MailKitClient.SendAsBinaryAsync(server.Process.SmtpPort, message);

        using var captured = await MimeMessage.LoadAsync(new MemoryStream(await server.WaitForRawAsync(subject)), TestContext.Current.CancellationToken);
        using var content = new MemoryStream();
        await captured.BodyParts.OfType<MimePart>().Last().Content!.DecodeToAsync(content, TestContext.Current.CancellationToken);
        Assert.Equal(octets, content.ToArray());
        AssertInOrder(await server.SessionOfAsync(subject), "client: MAIL FROM:<ann@source.test>", parameter, "client: BDAT ", "server: 250 2.0.0");
    }

    [Fact]
    public async Task Postfix_logs_in_over_tls_and_hands_over_a_message()
    {
        await using var postfix = await PostfixServer.StartAsync(SendingPostfix.To(server.Process.SmtpPort, "ann", Guid.NewGuid().ToString("N")));
        var subject = TestMessages.NewSubject();
        var message = TestMessages.Create("8-bit octets", subject);

        await using (var conversation = await SmtpConversation.ConnectAsync(postfix.Port))
        {
            await conversation.ExpectAsync("EHLO source.test", "250");
            Assert.StartsWith("250", await conversation.TransactAsync(message, "ann@source.test", "bob@destination.test"), StringComparison.Ordinal);
        }

        var raw = await server.WaitForRawAsync(subject);
        Assert.Equal(message, raw[^message.Length..]);
        Assert.StartsWith("Received: ", Encoding.Latin1.GetString(raw), StringComparison.Ordinal);
        await Readiness.UntilAsync(() => postfix.Log.Contains(": 221 2.0.0", StringComparison.Ordinal), "221 in Postfix's log");
        AssertInOrder(postfix.Log, "> 127.0.0.1[127.0.0.1]:", ": STARTTLS", ": 235 2.7.0", ": QUIT", ": 221 2.0.0");
    }

    [GeneratedRegex("queued as ([A-Za-z0-9]+)")]
    private static partial Regex QueuedAs();

    private static void AssertInOrder(string transcript, params string[] parts)
    {
        var position = 0;
        foreach (var part in parts)
        {
            var found = transcript.IndexOf(part, position, StringComparison.OrdinalIgnoreCase);
            Assert.True(found >= 0, $"no \"{part}\" after the earlier ones in:\n{transcript}");
            position = found + part.Length;
        }
    }
}
