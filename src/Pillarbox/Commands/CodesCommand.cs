using System.CommandLine;
using Pillarbox.Reference;
using Spectre.Console;

namespace Pillarbox.Commands;

/// <summary><c>codes</c>: every code of the reference.</summary>
internal static class CodesCommand
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        var language = LanguageOption.Create();
        var command = new Command("codes", "List every known code.") { json, language };
        command.SetAction(result =>
        {
            var tag = LanguageOption.Chosen(result, language);
            if (result.GetValue(json))
                PrintJson(ReplyReference.List(tag));
            else
                TextTable.Write(Table(ReplyReference.List(tag), ReferenceLanguage.For(tag)));
            return ExitCode.Done;
        });
        return command;
    }

    private static void PrintJson(IReadOnlyList<Explanation> codes) => JsonOutput.Print(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("codes");
        foreach (var code in codes)
            code.WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static Table Table(IReadOnlyList<Explanation> codes, ReferenceLanguage language)
    {
        var table = TextTable.Create(language.Label("label column.code"), language.Label("label column.retry"), language.Label("label column.name"));
        foreach (var group in codes.GroupBy(code => GroupOf(code, language)))
        {
            table.AddEmptyRow();
            table.AddRow(new Text(group.Key.Digits, Heading), Text.Empty, new Text(group.Key.Meaning, Heading));
            foreach (var code in group)
                table.AddRow(new Text(code.Label), new Text(language.Label($"label retry.short.{code.Retry.ToName()}")), new Text(code.Name));
        }

        return table;
    }

    private static readonly Style Heading = new(decoration: Decoration.Bold);

    // Basic codes by their class, enhanced ones by their subject.
    private static (string Digits, string Meaning) GroupOf(Explanation code, ReferenceLanguage language)
    {
        if (code.Code is null)
        {
            var subject = code.Enhanced!.Split('.')[1];
            return ($"X.{subject}.z", language.Label($"compare subject {subject}", ("code", $"X.{subject}.z")));
        }

        var digit = code.Code.Value / 100;
        return ($"{digit}yz", digit == 1 ? language.Label("label codes.1") : language.Label($"compare class {code.Class.ToName()}", ("code", $"{digit}yz")));
    }
}
