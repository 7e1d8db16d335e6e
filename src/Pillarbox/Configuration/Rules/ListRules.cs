using Pillarbox.Delivery.Routing;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;
using Pillarbox.Queue.Lists;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Configuration.Rules;

/// <summary>What must hold of addresses that stand for others.</summary>
internal static class ListRules
{
    /// <summary>An address is given once, however it is written.</summary>
    public static void Once(Settings settings)
    {
        var keys = Sound(settings);
        var all = OptionsBuilder.Lists(settings).ToList();
        var lists = new MailingLists(all);
        foreach (var (key, list) in keys.Zip(all))
        {
            if (lists.Find(list.Address) is { } first && !ReferenceEquals(first, list))
                settings.Fault($"{key}.address", $"\"{Address(settings, key)}\" is {keys[all.FindIndex(each => ReferenceEquals(each, first))]} already; keep one");
        }
    }

    /// <summary>Mail for the address comes here.</summary>
    public static void OfOurDomains(Settings settings)
    {
        foreach (var key in Sound(settings))
        {
            var address = Address(settings, key);
            if (DomainOf(settings, address) is null && settings.IsSound("domains"))
                settings.Fault($"{key}.address", $"\"{address}\" is in no domain of [[domains]], so no mail comes here for it; add the domain, or write an address of one that is there");
        }
    }

    /// <summary>It stands for somebody.</summary>
    public static void HaveMembers(Settings settings)
    {
        foreach (var key in Sound(settings))
        {
            if (settings.GetList<Mailbox>($"{key}.members").IsEmpty)
                settings.Fault($"{key}.members", "there is none, so the mail would go to nobody; write at least one address, or leave the list out");
        }
    }

    /// <summary>Members whose Maildir no address could have are a slip.</summary>
    public static void Reachable(Settings settings)
    {
        foreach (var key in Sound(settings))
        {
            foreach (var member in settings.GetList<Mailbox>($"{key}.members"))
            {
                if (DomainOf(settings, member) is { } domain && settings.Get<DeliveryTarget>($"{domain}.deliver") is DeliveryTarget.Maildir { NamesPath: true }
                    && !PathSegment.IsSafe(member.UnquotedLocalPart()))
                    settings.Fault($"{key}.members", $"\"{member}\" cannot be a directory's name, which its domain makes of it; leave it out");
            }
        }
    }

    /// <summary>No list is within itself, lies too deep, or stands for more than a message can have.</summary>
    public static void Bounded(Settings settings)
    {
        var keys = Sound(settings);
        var all = OptionsBuilder.Lists(settings).ToList();
        var lists = new MailingLists(all);
        foreach (var (key, list) in keys.Zip(all))
        {
            if (new ListWalk(lists).Fault(list) is { } fault)
                settings.Fault($"{key}.members", fault);
        }
    }

    private static List<string> Sound(Settings settings) => [.. settings.SoundItems("lists")];

    private static Mailbox Address(Settings settings, string key) => settings.Get<Mailbox>($"{key}.address");

    private static string? DomainOf(Settings settings, Mailbox address) => settings.SoundItems("domains").FirstOrDefault(key =>
        DomainNames.TryToAscii(address.Domain.ToString(), out var domain)
        && domain.Equals(settings.Get<string>($"{key}.name"), StringComparison.OrdinalIgnoreCase));
}
