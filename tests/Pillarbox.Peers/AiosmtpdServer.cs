using System.Net;

namespace Pillarbox.Peers;

/// <summary>Python's aiosmtpd, with a maildir of its own. It has no PIPELINING, and takes parameters that it knows alone.</summary>
public sealed class AiosmtpdServer : MailServer
{
    private const string _script = """
        import asyncio, os, sys
        from aiosmtpd.smtp import SMTP
        address, port, refused, box = sys.argv[1:]
        os.makedirs(os.path.join(box, "new"))
        count = 0
        class Keeper:
            async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
                if address == refused:
                    return "550 5.1.1 There is nobody here"
                envelope.rcpt_tos.append(address)
                return "250 2.1.5 OK"
            async def handle_DATA(self, server, session, envelope):
                global count
                count += 1
                print(session.host_name, envelope.mail_from, envelope.mail_options, envelope.rcpt_tos, flush=True)
                name = os.path.join(box, str(count))
                with open(name, "wb") as file:
                    file.write(b"Return-Path: <%s>\n" % (envelope.mail_from or "").encode())
                    file.write(envelope.original_content.replace(b"\r\n", b"\n"))
                os.rename(name, os.path.join(box, "new", str(count)))
                return "250 2.0.0 OK"
        async def serve():
            loop = asyncio.get_running_loop()
            server = await loop.create_server(lambda: SMTP(Keeper(), data_size_limit=1 << 28, enable_SMTPUTF8=True, hostname="aiosmtpd.test"), address, int(port))
            await server.serve_forever()
        asyncio.run(serve())
        """;

    private AiosmtpdServer(ChildProcess process, TempDirectory directory, PeerSettings settings)
        : base("aiosmtpd", process, directory, settings.Address, settings.Port)
    {
    }

    /// <summary>A line a transaction: the client's name, the sender, MAIL's parameters, the recipients.</summary>
    public override string Log => Output;

    /// <summary>Starts one and waits until it listens.</summary>
    public static async Task<AiosmtpdServer> StartAsync(PeerSettings? wanted = null)
    {
        var settings = wanted ?? new PeerSettings();
        if (settings.Relay is not null || settings.Account is not null || settings.Tls)
            throw new NotSupportedException("It keeps what it gets, and knows neither TLS nor accounts.");
        if (settings.Port == 0)
            settings = settings with { Port = FreePort.Take() };

        var directory = new TempDirectory("aiosmtpd");
        // Debian's Python, which has Debian's packages: another may come first in the path.
        var process = ChildProcess.Start(
            "/usr/bin/python3", ["-c", _script, settings.Address, $"{settings.Port}", settings.Refused, directory["mail/box"]]);
        try
        {
            await Readiness.UntilListensAsync(new IPEndPoint(IPAddress.Parse(settings.Address), settings.Port), process);
            return new AiosmtpdServer(process, directory, settings);
        }
        catch
        {
            await process.DisposeAsync();
            directory.Dispose();
            throw;
        }
    }
}
