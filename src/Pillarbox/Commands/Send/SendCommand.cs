using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using Pillarbox.Delivery.Client;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Commands.Send;

/// <summary><c>send</c>: sends a message to a server and shows the session, each reply explained.</summary>
internal static class SendCommand
{
    private const int SubmissionsPort = 465;

    public static Command Create()
    {
        var server = new Option<string>("--server") { Description = "The server. Port 465 has TLS from the start; elsewhere STARTTLS is used where it is offered.", HelpName = "HOST:PORT", Required = true };
        var from = new Option<string>("--from") { Description = "The sender; <> for none.", HelpName = "ADDRESS", Required = true };
        var to = new Option<string[]>("--to") { Description = "A recipient; may be given several times.", HelpName = "ADDRESS", Required = true };
        var user = new Option<string>("--user") { Description = "Who logs in; but on loopback, only within TLS and with a valid certificate.", HelpName = "NAME" };
        var passwordFile = new Option<string>("--password-file") { Description = "A file whose first line is the password; - for standard input or the terminal.", HelpName = "FILE" };
        var json = CommonOptions.Json();
        var language = LanguageOption.Create();
        var file = new Argument<string?>("FILE")
        {
            Description = "The message; - for standard input. Not given: a short message made here.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("send", "Send a message and show the session, each reply explained.") { server, from, to, user, passwordFile, json, language, file };
        command.Validators.Add(result =>
        {
            if (result.GetResult(user) is null != result.GetResult(passwordFile) is null)
                result.AddError("--user and --password-file go together.");
            if (result.GetValue(passwordFile) == "-" && result.GetValue(file) == "-")
                result.AddError("The password and the message cannot both come from standard input.");
        });
        command.SetAction(async (result, cancellationToken) => await RunAsync(
            new Order(
                result.GetRequiredValue(server),
                result.GetRequiredValue(from),
                result.GetRequiredValue(to),
                result.GetValue(user),
                result.GetValue(passwordFile),
                result.GetValue(file),
                LanguageOption.Chosen(result, language)),
            result.GetValue(json),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Order order, bool json, CancellationToken cancellationToken)
    {
        var (host, port) = ParseServer(order.Server);
        var sender = order.From is "" or "<>" ? null : ParseAddress(order.From);
        ImmutableArray<Mailbox> recipients = [.. order.To.Select(ParseAddress)];
        var content = await ReadContentAsync(order, cancellationToken);
        using var transcript = new Transcript(TimeProvider.System, json ? TextWriter.Null : Console.Out, order.Language);
        var options = new SmtpClientOptions
        {
            HelloName = HelloName(),
            Tls = port == SubmissionsPort ? TlsMode.Implicit : TlsMode.Opportunistic,
            Credentials = order.User is null ? null : new SmtpCredentials(order.User, await PasswordInput.ReadFileAsync(order.PasswordFile!, cancellationToken)),
            Observer = transcript,
        };
        var message = OutgoingMessage.FromContent(sender, [.. recipients], content);
        var outcome = await Sender.SendAsync(host, port, options, message, cancellationToken);
        transcript.Finish();
        if (json)
            SendJson.Print(order.Server, outcome, transcript);
        if (outcome.Fault is { } fault)
        {
            await Console.Error.WriteLineAsync($"pillarbox: not sent: {fault}");
            return ExitCode.Refused;
        }

        return ExitCode.Done;
    }

    private static async Task<byte[]> ReadContentAsync(Order order, CancellationToken cancellationToken)
    {
        if (order.File == "")
            throw new CommandFault("the message \"\" cannot be read: there is no such file");
        try
        {
            if (order.File is null)
                return FirstMessage.Compose(order.From, order.To, TimeProvider.System.GetLocalNow());
            if (order.File != "-")
                return await File.ReadAllBytesAsync(order.File, cancellationToken);
            using var input = Console.OpenStandardInput();
            using var buffer = new MemoryStream();
            await input.CopyToAsync(buffer, cancellationToken);
            return buffer.ToArray();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault($"the message {order.File} cannot be read: {refused.Message}", refused);
        }
    }

    private static (string Host, int Port) ParseServer(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon > 0 && int.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out var port) && port is > 0 and < 65536)
        {
            var host = text[..colon];
            if (host is ['[', .., ']'])
                host = host[1..^1];
            else if (host.Contains(':', StringComparison.Ordinal))
                host = "";
            if (host.Length > 0)
                return (host, port);
        }

        throw new CommandFault($"{text} is no HOST:PORT, such as mx.example.org:25 or [::1]:2525") { ExitCode = ExitCode.Usage };
    }

    private static Mailbox ParseAddress(string text)
    {
        var inner = text is ['<', .., '>'] ? text[1..^1] : text;
        return Mailbox.TryParse(inner, out var mailbox) ? mailbox : throw new CommandFault($"{text} is no address, such as ann@example.org") { ExitCode = ExitCode.Usage };
    }

    // RFC 5321 §4.1.4: a name where there is one; a host without a domain says its address literal.
    private static string HelloName()
    {
        var name = Dns.GetHostName();
        return name.Contains('.', StringComparison.Ordinal) && Configuration.Values.DomainName.IsDomain(name) ? name : "[127.0.0.1]";
    }

    private sealed record Order(string Server, string From, string[] To, string? User, string? PasswordFile, string? File, string Language);
}
