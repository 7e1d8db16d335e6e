using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Pillarbox.Delivery;
using Pillarbox.Delivery.Client;

namespace Pillarbox.Commands.Send;

/// <summary>How sending ended.</summary>
/// <param name="Recipients">Each recipient's verdict, in order; empty where no transaction began.</param>
/// <param name="Fault">Why the message was not taken for all of them, in one line; <see langword="null"/> where it was.</param>
internal sealed record SendOutcome(ImmutableArray<(string Address, Verdict Verdict)> Recipients, string? Fault);

/// <summary>Sends one message to a named server.</summary>
internal static class Sender
{
    public static async Task<SendOutcome> SendAsync(
        string host, int port, SmtpClientOptions options, OutgoingMessage message, CancellationToken cancellationToken)
    {
        var (session, fault) = await ConnectAsync(host, port, options, cancellationToken);
        if (session is null)
            return new SendOutcome([], fault);

        var verdicts = await SendAllAsync(session, message, cancellationToken);
        await session.QuitAsync();
        ImmutableArray<(string, Verdict Verdict)> recipients = [.. message.Recipients.Select((recipient, i) => (recipient.Text, verdicts[i]))];
        var refused = recipients.FirstOrDefault(each => each.Verdict.Disposition != Disposition.Delivered);
        return new SendOutcome(recipients, refused.Verdict is null ? null : $"{refused.Item1}: {refused.Verdict}");
    }

    /// <summary>The options for a peer: a password leaves this machine only for one that has proved who it is, within TLS (RFC 4954 §9).</summary>
    internal static SmtpClientOptions Towards(IPAddress address, SmtpClientOptions options)
    {
        // On loopback nobody stands in between.
        if (IPAddress.IsLoopback(address))
            return options with { AllowCleartextPassword = true };
        if (options.Credentials is null)
            return options;
        return options with
        {
            Tls = options.Tls == TlsMode.Implicit ? TlsMode.Implicit : TlsMode.Required,
            VerifyCertificate = true,
            AllowCleartextPassword = false,
        };
    }

    // A server may take fewer recipients at once (RFC 9422): the others follow, for as long as the session takes any.
    private static async Task<Verdict[]> SendAllAsync(SmtpClientSession session, OutgoingMessage message, CancellationToken cancellationToken)
    {
        var verdicts = await session.SendAsync(message, cancellationToken);
        while (Array.FindAll([.. Enumerable.Range(0, verdicts.Length)], index => verdicts[index].Untried) is { Length: > 0 } left)
        {
            var rest = message with { Recipients = [.. left.Select(index => message.Recipients[index])] };
            if (!session.IsUsable || !session.Takes(rest))
                break;
            var more = await session.SendAsync(rest, cancellationToken);
            for (var i = 0; i < left.Length; i++)
                verdicts[left[i]] = more[i];
        }

        return verdicts;
    }

    private static async Task<(SmtpClientSession? Session, string? Fault)> ConnectAsync(
        string host, int port, SmtpClientOptions options, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException unknown)
        {
            return (null, $"the address of {host} is not known: {unknown.Message}");
        }

        Verdict? failure = null;
        foreach (var address in addresses)
        {
            var outcome = await SmtpClientSession.ConnectAsync(
                new SmtpServerAddress(host, new IPEndPoint(address, port)), Towards(address, options), TimeProvider.System, cancellationToken);
            if (outcome.Session is { } session)
                return (session, null);
            failure = outcome.Failure;
            // A server that spoke has given its answer; another address is for one that cannot be reached.
            if (failure?.Reply is not null)
                break;
        }

        return (null, failure?.ToString() ?? $"{host} has no address");
    }
}
