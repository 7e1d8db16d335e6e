using Pillarbox.Delivery.Routing;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Delivery.Tests.Routing;

public sealed class RoutingTests
{
    private static readonly DeliveryTarget First = Rig.Target("smtp://first.test:25");
    private static readonly DeliveryTarget Second = Rig.Target("smtp://second.test:25");

    [Theory]
    [InlineData("example.org", "smtp://first.test:25")]
    [InlineData("EXAMPLE.ORG", "smtp://first.test:25")]
    [InlineData("sub.example.org", "smtp://second.test:25")]
    [InlineData("deep.sub.Example.org", "smtp://second.test:25")]
    [InlineData("notexample.org", "mx")]
    [InlineData("own.test", "capture")]
    [InlineData("bücher.test", "capture")]
    [InlineData("xn--bcher-kva.test", "capture")]
    [InlineData("München.example", "smtp://first.test:25")]
    [InlineData("xn--mnchen-3ya.example", "smtp://first.test:25")]
    public void First_route_that_matches_wins_after_our_own_domains(string domain, string expected)
    {
        var table = new RoutingTable(
            [new Route("münchen.example", First), new Route("example.org", First), new Route("*.example.org", Second), new Route("*", new DeliveryTarget.Mx()), new Route("own.test", First)],
            [.. new[] { "Own.test", "xn--bcher-kva.test" }.Select(domain => KeyValuePair.Create<string, DeliveryTarget>(domain, new DeliveryTarget.Capture()))]);

        Assert.Equal(expected, table.Find(domain)!.ToString());
    }

    [Fact]
    public void Domain_without_a_route_has_no_target() =>
        Assert.Null(new RoutingTable([new Route("example.org", First)], []).Find("example.net"));

    [Fact]
    public async Task Exchangers_come_by_preference_and_equals_in_any_order()
    {
        var resolver = new FixedResolver().Mx("d.test", (20, "c.test"), (10, "a.test"), (10, "b.test"));
        var hosts = await new MailExchangers(resolver, "relay.test").FindAsync("d.test", TestContext.Current.CancellationToken);
        var chance = new Chance(new Random(7));

        var orders = Enumerable.Range(0, 50).Select(_ => string.Join(' ', hosts.InTurn(chance))).ToHashSet();

        Assert.Equal(["a.test b.test c.test", "b.test a.test c.test"], orders.Order());
    }

    [Fact]
    public async Task Domains_with_the_same_exchangers_share_a_site()
    {
        var resolver = new FixedResolver().Mx("d.test", (10, "a.test"), (10, "b.test")).Mx("e.test", (10, "B.test"), (10, "a.test"));
        var exchangers = new MailExchangers(resolver, "relay.test");

        var first = await exchangers.FindAsync("d.test", TestContext.Current.CancellationToken);
        var second = await exchangers.FindAsync("e.test", TestContext.Current.CancellationToken);

        Assert.Equal(first.SiteKey(), second.SiteKey(), ignoreCase: true);
    }

    [Theory]
    [InlineData("null.test", "5.1.10")]
    [InlineData("nowhere.test", "5.1.2")]
    [InlineData("broken.test", "4.4.3")]
    [InlineData("loop.test", "5.4.6")]
    [InlineData("relay.test", "5.4.6")]
    public async Task Domain_without_a_way_has_a_verdict(string domain, string status)
    {
        var resolver = new FixedResolver().Mx("null.test", (0, "")).Mx("loop.test", (10, "Relay.test"), (20, "backup.test"));
        resolver.Exchangers["broken.test"] = new(DnsOutcome.Failed, [], Error: "SERVFAIL");
        resolver.Exchangers["relay.test"] = new(DnsOutcome.NoData, []);

        var hosts = await new MailExchangers(resolver, "relay.test").FindAsync(domain, TestContext.Current.CancellationToken);

        Assert.Equal(status, hosts.Failure!.Status.ToString());
    }

    [Theory]
    [InlineData("plain.test", "plain.test")] // no MX record: its own host
    [InlineData("backup.test", "primary.test")] // we are the second, so only the first is left
    [InlineData("odd.test", "real.test")] // a root label among others is passed over
    [InlineData("[192.0.2.1]", "192.0.2.1")]
    [InlineData("[IPv6:2001:db8::1]", "2001:db8::1")]
    public async Task Hosts_that_are_left_are_used(string domain, string expected)
    {
        var resolver = new FixedResolver()
            .Mx("backup.test", (10, "primary.test"), (20, "relay.test"), (20, "equal.test"), (30, "worse.test"))
            .Mx("odd.test", (0, ""), (10, "real.test"));
        resolver.Exchangers["plain.test"] = new(DnsOutcome.NoData, []);

        var hosts = await new MailExchangers(resolver, "relay.test").FindAsync(domain, TestContext.Current.CancellationToken);

        Assert.Equal([expected], hosts.InTurn(new Chance(new Random(1))));
    }
}
