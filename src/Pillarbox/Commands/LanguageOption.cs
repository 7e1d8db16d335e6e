using System.CommandLine;
using Pillarbox.Configuration;
using Pillarbox.Reference;

namespace Pillarbox.Commands;

/// <summary><c>--lang</c>: the language of explanations. Without it, the environment's locale chooses.</summary>
internal static class LanguageOption
{
    /// <summary>The option, which refuses a language that the reference does not have.</summary>
    public static Option<string> Create(string description = "The language of explanations, such as en or th [default: as LC_ALL, LC_MESSAGES or LANG say].")
    {
        var option = new Option<string>("--lang") { Description = description, HelpName = "TAG" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [.., var tag] && !ReferenceLanguage.Has(tag.Value))
                result.AddError($"there is no language {CommandFault.Quote(tag.Value)}; there are {string.Join(", ", ReplyReference.Languages)}");
        });
        return option;
    }

    /// <summary>The language that was chosen, as one of the reference's tags.</summary>
    public static string Chosen(ParseResult result, Option<string> option) =>
        Given(result, option) ?? EnvironmentLanguage.Of(ConfigurationLoader.Variables());

    /// <summary>The language that the option names, or <see langword="null"/> where it was not given.</summary>
    public static string? Given(ParseResult result, Option<string> option) =>
        result.GetValue(option) is { } tag ? ReferenceLanguage.For(tag).Tag : null;
}
