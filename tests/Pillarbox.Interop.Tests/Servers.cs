using Pillarbox.Interop.Tests.In;
using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests;

/// <summary>Servers of other makes, by name.</summary>
internal static class Servers
{
    /// <summary>Those that send as well as receive: how each is started.</summary>
    public static IReadOnlyDictionary<string, Func<PeerSettings, Task<MailServer>>> Sending { get; } = new Dictionary<string, Func<PeerSettings, Task<MailServer>>>
    {
        ["Postfix"] = async settings => await PostfixServer.StartAsync(PostfixOf(settings)),
        ["Exim"] = async settings => await EximServer.StartAsync(settings),
        ["OpenSMTPD"] = async settings => await OpenSmtpdServer.StartAsync(settings),
    };

    /// <summary>Those that receive.</summary>
    public static IReadOnlyDictionary<string, Func<PeerSettings, Task<MailServer>>> Receiving { get; } = new Dictionary<string, Func<PeerSettings, Task<MailServer>>>(Sending)
    {
        ["aiosmtpd"] = async settings => await AiosmtpdServer.StartAsync(settings),
    };

    /// <summary>Each of some servers with each message that it can carry.</summary>
    public static TheoryData<string, string> WithMessages(IEnumerable<string> servers)
    {
        var data = new TheoryData<string, string>();
        foreach (var server in servers)
        {
            foreach (var message in TestMessages.Names)
                data.Add(server, message);
        }

        return data;
    }

    private static PostfixSettings PostfixOf(PeerSettings settings)
    {
        if (settings.Account is not null)
            throw new NotSupportedException("A Postfix that wants AUTH needs a Dovecot.");

        var postfix = settings.Relay is not { } relay ? new PostfixSettings()
            : relay.Account is { } account ? SendingPostfix.To(relay.Port, account.User, account.Password)
            : new PostfixSettings { RelayHost = $"[127.0.0.1]:{relay.Port}" };
        return postfix with
        {
            Hostname = settings.Hostname,
            Address = settings.Address,
            Port = settings.Port,
            Tls = settings.Tls,
            Main =
            [
                .. postfix.Main,
                $"smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ {settings.Refused} = 550 5.1.1 There is nobody here }} }}, permit",
            ],
        };
    }
}
