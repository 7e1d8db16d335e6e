using Microsoft.Extensions.Time.Testing;
using Pillarbox.Delivery.Scheduling;

namespace Pillarbox.Delivery.Tests.Scheduling;

/// <summary>What ETRN sets going (RFC 1985).</summary>
public sealed class DomainRetryTests
{
    private const string Content = "Subject: hello\r\n\r\nworld\r\n";

    private readonly FakeTimeProvider _time = new(Rig.Start);

    [Fact]
    public async Task Messages_of_the_domain_are_tried_at_once_and_no_others()
    {
        await using var server = new ScriptedServer(
            peer => peer.SayAsync("421 4.3.2 not yet"),
            async peer =>
            {
                await peer.OpenAsync();
                await peer.TakeAsync();
                await peer.UntilClosedAsync();
            });
        await using var rig = new Rig(Rig.To($"smtp://127.0.0.1:{server.Port}") with { Retry = [TimeSpan.FromHours(1)] }, _time);
        await rig.StartAsync();
        var retry = new DomainRetry(new DeliveryQueue(rig.Service), rig.Queue, _time);
        var wanted = await rig.SubmitAsync("ann@source.test", "bob@Sink.test", Content);
        await rig.UntilTriedAsync(wanted, 1);
        // The next hop is known to be out of reach, so this one is not even carried there.
        var other = await rig.SubmitAsync("ann@source.test", "eve@other.test", Content);
        await rig.UntilTriedAsync(other, 1);

        Assert.Equal(0, await retry.RetryAsync("nobody.test", withSubdomains: true, Rig.Patience));
        Assert.Equal(0, await retry.RetryAsync("ink.test", withSubdomains: true, Rig.Patience));
        Assert.Equal(1, await retry.RetryAsync("sink.test", withSubdomains: false, Rig.Patience));

        await Until.TrueAsync(async () => (await rig.ListAsync()) is [var left] && left.Envelope.Id == other);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Messages_below_the_domain_are_tried_where_that_is_asked()
    {
        await using var server = new ScriptedServer(
            peer => peer.SayAsync("421 4.3.2 not yet"),
            async peer =>
            {
                await peer.OpenAsync();
                await peer.TakeAsync();
                await peer.UntilClosedAsync();
            });
        await using var rig = new Rig(Rig.To($"smtp://127.0.0.1:{server.Port}") with { Retry = [TimeSpan.FromHours(1)] }, _time);
        await rig.StartAsync();
        var retry = new DomainRetry(new DeliveryQueue(rig.Service), rig.Queue, _time);
        await rig.UntilTriedAsync(await rig.SubmitAsync("ann@source.test", "bob@office.sink.test", Content), 1);

        Assert.Equal(0, await retry.RetryAsync("sink.test", withSubdomains: false, Rig.Patience));
        Assert.Equal(1, await retry.RetryAsync("sink.test", withSubdomains: true, Rig.Patience));
        await rig.UntilEmptyAsync();
    }
}
