using System.Text;
using System.Text.Json;
using Pillarbox.Bounces;
using Pillarbox.Reference;

namespace Pillarbox.Fuzzing;

/// <summary>What is fuzzed, and what holds for whatever it makes of an input.</summary>
internal static class Targets
{
    /// <summary>Whole messages.</summary>
    public static void Bounces(byte[] input)
    {
        using var stream = new MemoryStream(input, writable: false);
        var report = MessageReader.ReadAsync(stream).GetAwaiter().GetResult();
        Require(report.Recipients.Count <= MessageReader.MaxRecipients, "too many recipients");
        Require(report.Kind != MessageKind.Other || report.Recipients.Count == 0, "recipients of no report");
        using var json = JsonDocument.Parse(report.ToJson());
        foreach (var recipient in report.Recipients)
            Check(recipient.Explanation);
    }

    /// <summary>Single replies and log lines.</summary>
    public static void Replies(byte[] input)
    {
        if (Explainer.ExplainText(Encoding.UTF8.GetString(input)) is not { } explanation)
            return;
        using var json = JsonDocument.Parse(explanation.ToJson());
        Check(explanation);
    }

    private static void Check(Explanation explanation)
    {
        Require(explanation.Code is null or (>= 200 and <= 599), "no such code");
        Require(explanation.Meaning.Length > 0 || explanation.Reason == ReplyReason.Undefined, "no meaning");
        Require(explanation.Wording is null or { Confidence: >= 0 and <= 1, Evidence.Length: <= 1024 }, "evidence or confidence out of bounds");
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException(what);
    }
}
