namespace Pillarbox.Reference.Tests;

/// <summary>Whole answers as people see them, so that a change of words or layout shows in a diff.</summary>
public sealed class GoldenTests
{
    [Theory]
    [InlineData("221")]
    [InlineData("235 2.7.0")]
    [InlineData("421 4.4.2")]
    [InlineData("450 5.1.1")]
    [InlineData("535 5.7.8")]
    [InlineData("550 5.7.26")]
    [InlineData("599")]
    public void Answer_is_as_written_down(string reply)
    {
        var explanation = Explainer.ExplainText(reply)!;
        List<string> lines =
        [
            "# As text", .. ReplyReference.TextLines(explanation), "",
            "# In the session", .. ReplyReference.HelpLines(explanation.Code, explanation.Enhanced), "",
            "# In a bounce", ReplyReference.PlainWords(explanation.Code, explanation.Enhanced), "",
            "# In a log", ReplyReference.Short(explanation.Code!.Value, explanation.Enhanced), "",
            "# As JSON", explanation.ToJson(indented: true),
        ];
        var actual = string.Join('\n', lines) + "\n";
        var path = Path.Combine(AppContext.BaseDirectory, "Golden", $"{reply.Replace(' ', '-')}.txt");

        // GOLDEN=write makes the files anew; look at the diff before it is committed.
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write")
            File.WriteAllText(Path.Combine(SourceFolder(), Path.GetFileName(path)), actual);
        else
            Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "Golden");
}
