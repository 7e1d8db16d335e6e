using Pillarbox.Configuration;

namespace Pillarbox.Tests.Configuration;

public sealed class EnvironmentLanguageTests
{
    [Theory]
    [InlineData(null, null, null, "en")]
    [InlineData(null, null, "th_TH.UTF-8", "th")]
    [InlineData(null, null, "th", "th")]
    [InlineData(null, null, "th_TH.UTF-8@calendar=buddhist", "th")]
    [InlineData(null, "th_TH.UTF-8", "en_GB.UTF-8", "th")]
    [InlineData("C", "th_TH.UTF-8", "th_TH.UTF-8", "en")]
    [InlineData("POSIX", null, "th_TH.UTF-8", "en")]
    [InlineData("C.UTF-8", null, "th_TH.UTF-8", "en")]
    [InlineData("", "", "th_TH.UTF-8", "th")]
    [InlineData("xx_XX.UTF-8", null, "th_TH.UTF-8", "en")]
    [InlineData("th_TH.TIS-620", null, null, "th")]
    public void Locale_gives_a_language(string? all, string? messages, string? lang, string language)
    {
        var environment = new Dictionary<string, string>();
        foreach (var (name, value) in new[] { ("LC_ALL", all), ("LC_MESSAGES", messages), ("LANG", lang) })
        {
            if (value is not null)
                environment[name] = value;
        }

        Assert.Equal(language, EnvironmentLanguage.Of(environment));
    }
}
