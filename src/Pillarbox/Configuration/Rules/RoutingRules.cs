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
}
