using Pillarbox.Delivery.Routing;

namespace Pillarbox.Configuration.Rules;

/// <summary>What must hold of domains and routes.</summary>
internal static class RoutingRules
{
    /// <summary>A domain is given once.</summary>
    public static void DomainsOnce(Settings settings)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var key in settings.SoundItems("domains").ToList())
        {
            var name = settings.Get<string>($"{key}.name");
            if (!seen.TryAdd(name, key))
                settings.Fault($"{key}.name", $"\"{name}\" is {seen[name]} already; keep one");
        }
    }

    /// <summary>No route stands behind one that takes all of its mail.</summary>
    public static void RoutesReached(Settings settings)
    {
        var ahead = new List<(string Key, string Pattern)>();
        foreach (var key in settings.SoundItems("routes").ToList())
        {
            var pattern = settings.Get<string>($"{key}.to");
            var taker = ahead.Find(each => Covers(each.Pattern, pattern));
            if (taker.Key is not null)
                settings.Fault($"{key}.to", $"is never reached: {taker.Key} (to = \"{taker.Pattern}\") takes its mail; put it ahead of that one");
            ahead.Add((key, pattern));
        }
    }

    /// <summary>What a recipient's address can do to a path: nothing but choose a directory below a fixed one.</summary>
    public static void TemplatesSafe(Settings settings)
    {
        foreach (var key in settings.SoundItems("domains").ToList())
        {
            if (settings.Get<DeliveryTarget>($"{key}.deliver") is DeliveryTarget.Maildir maildir && Weakness(maildir.Template) is { } weakness)
                settings.Fault($"{key}.deliver", $"{weakness}; write a path such as maildir:/srv/mail/{{domain}}/{{local}}");
        }
    }

    private static string? Weakness(string template)
    {
        if (!Path.IsPathFullyQualified(template))
            return "the path is relative, so where mail goes would depend on where the server was started";

        var segments = template.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments is [] or [['{', ..], ..])
            return "the path begins with the recipient's address, so a sender could choose any directory of the machine";
        foreach (var segment in segments)
        {
            if (segment is "." or "..")
                return $"the path has a segment \"{segment}\"";
            if (segment.Contains('{', StringComparison.Ordinal) && segment is not ("{local}" or "{domain}"))
                return $"\"{segment}\" mixes a placeholder with other text, and {{local}} and {{domain}} are a whole segment each";
        }

        return null;
    }

    private static bool Covers(string taker, string pattern) =>
        taker == "*"
        || taker.Equals(pattern, StringComparison.OrdinalIgnoreCase)
        || (taker.StartsWith("*.", StringComparison.Ordinal) && pattern.EndsWith(taker[1..], StringComparison.OrdinalIgnoreCase));
}
