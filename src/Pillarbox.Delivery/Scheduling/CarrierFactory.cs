using System.Net;
using Pillarbox.Delivery.Client;
using Pillarbox.Delivery.Maildir;
using Pillarbox.Delivery.Routing;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>Puts carriers together from the rooms that know how.</summary>
internal sealed class CarrierFactory(SchedulerContext context, IResolver resolver, CaptureSink? capture) : ICarrierFactory, IDisposable
{
    // A Maildir shares no sync among messages, so a few side by side keep the disk busy; a capture does, so many may wait for one.
    private const int MaildirWriters = 4;
    private const int CaptureWriters = 64;

    private readonly MaildirWriter _maildirs = new(context.Options.Hostname, context.Time);
    private readonly Lazy<FileThreads> _fileThreads = new(() => new FileThreads(MaildirWriters));
    private readonly HostAddresses _addresses = new(resolver);

    public ICarrier ForHosts(MailHosts hosts, Site site)
    {
        var options = new SmtpClientOptions { HelloName = context.Options.Hostname, Authorities = context.Options.Authorities };
        var connector = new SmtpConnector(() => hosts.InTurn(context.Chance), context.Options.Port, _ => options, _addresses, hosts.IsSure, context.Time);
        return new SmtpCarrier(connector, named: false, site, context);
    }

    public ICarrier For(DeliveryTarget target, Site site) => target switch
    {
        DeliveryTarget.Smarthost smarthost => ForSmarthost(smarthost, site, isLmtp: false),
        DeliveryTarget.Lmtp lmtp => ForSmarthost(new DeliveryTarget.Smarthost(lmtp.Host, lmtp.Port), site, isLmtp: true),
        DeliveryTarget.Discard => new RefusingCarrier(new Verdict(Disposition.Delivered, new(2, 0, 0), "discarded, as the route says")),
        DeliveryTarget.Maildir maildir => new MaildirCarrier(maildir, _maildirs, _fileThreads.Value, context.Log),
        DeliveryTarget.Capture => new CaptureCarrier(capture, context.Log),
        _ => throw new InvalidOperationException($"no carrier for {target}"),
    };

    public int Limit(DeliveryTarget target, DeliveryOptions options) => target switch
    {
        DeliveryTarget.Smarthost or DeliveryTarget.Lmtp => options.ConnectionsPerDestination,
        DeliveryTarget.Maildir => MaildirWriters,
        DeliveryTarget.Capture => CaptureWriters,
        _ => 1,
    };

    public void Dispose()
    {
        if (_fileThreads.IsValueCreated)
            _fileThreads.Value.Dispose();
    }

    private SmtpCarrier ForSmarthost(DeliveryTarget.Smarthost target, Site site, bool isLmtp)
    {
        var credentials = target.User is { } user ? new SmtpCredentials(user, target.Password ?? "") : null;
        var options = new SmtpClientOptions
        {
            HelloName = context.Options.Hostname,
            Authorities = context.Options.Authorities,
            Lmtp = isLmtp,
            Credentials = credentials,

            // A password goes only to whom it is meant for: the certificate must be the server's. This machine is trusted as it is.
            Tls = target.ImplicitTls ? TlsMode.Implicit : credentials is null ? TlsMode.Opportunistic : TlsMode.Required,
            VerifyCertificate = true,
        };
        var local = options with
        {
            Tls = target.ImplicitTls ? TlsMode.Implicit : TlsMode.Opportunistic,
            VerifyCertificate = false,
            AllowCleartextPassword = true,
        };
        string[] hosts = [target.Host];
        var connector = new SmtpConnector(
            () => hosts, target.Port, address => IPAddress.IsLoopback(address) ? local : options, _addresses, isSure: true, context.Time);
        return new SmtpCarrier(connector, named: true, site, context);
    }
}
