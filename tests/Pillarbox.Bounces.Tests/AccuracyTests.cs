using System.Globalization;
using System.Text.Json;
using Pillarbox.Reference;

namespace Pillarbox.Bounces.Tests;

/// <summary>
/// How well whole messages are read: those that the readers were written by, and those that were held back. The figures go to where
/// <c>./test</c> prints them from.
/// </summary>
public sealed class AccuracyTests
{
    [Theory]
    [InlineData("tuning")]
    [InlineData("held-back")]
    public async Task Messages_are_read_right(string part)
    {
        var score = await Score.OfAsync(part);

        // What is reached, so that a change for the worse shows. The aim is 1 for the kind, 0.95 for the reason, 0.99 for the others.
        var isTuning = part == "tuning";
        Assert.InRange(score.Kind, isTuning ? 1 : 0.96, 1);
        Assert.InRange(score.Reason, isTuning ? 0.98 : 0.9, 1);
        Assert.InRange(score.Code, isTuning ? 0.99 : 0.95, 1);
        Assert.InRange(score.Recipient, isTuning ? 0.99 : 0.97, 1);
    }

    private sealed record Expected(string? Address, int? Code, string? Enhanced, string Class, string Reason);

    private sealed record Score(double Kind, double Recipient, double Code, double Reason)
    {
        public static async Task<Score> OfAsync(string part)
        {
            var (files, kinds, all, recipients, codes, reasons) = (0, 0, 0, 0, 0, 0);
            List<string> wrong = [];
            foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Messages", part), "*.eml").Order(StringComparer.Ordinal))
            {
                using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.ChangeExtension(file, ".json")));
                var kind = json.RootElement.GetProperty("kind").GetString();
                Expected[] expected = [.. json.RootElement.GetProperty("recipients").EnumerateArray().Select(Read)];
                await using var stream = File.OpenRead(file);
                var report = await MessageReader.ReadAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
                files++;
                kinds += report.KindName == kind ? 1 : 0;
                if (report.KindName != kind)
                    wrong.Add($"{Path.GetFileName(file)}: {kind} read as {report.KindName}");
                if (report.Recipients.Count > expected.Length)
                    wrong.Add($"{Path.GetFileName(file)}: more recipients: {string.Join(' ', report.Recipients.Select(one => one.Address))}");
                foreach (var one in expected)
                {
                    all++;
                    var found = report.Recipients.FirstOrDefault(other => string.Equals(other.Address, one.Address, StringComparison.OrdinalIgnoreCase));
                    recipients += found is not null && report.Recipients.Count == expected.Length ? 1 : 0;
                    found ??= report.Recipients.Count == expected.Length && expected.Length == 1 ? report.Recipients[0] : null;
                    var isCode = found?.Explanation.Code == one.Code && found?.Explanation.Enhanced == one.Enhanced && found?.Explanation.Class.ToName() == one.Class;
                    var isReason = found?.Explanation.Reason.ToName() == one.Reason;
                    codes += isCode ? 1 : 0;
                    reasons += isReason ? 1 : 0;
                    if (!isCode || !isReason || !string.Equals(found?.Address, one.Address, StringComparison.OrdinalIgnoreCase))
                        wrong.Add($"{Path.GetFileName(file)}: {one} read as {found?.Address} {found?.Explanation.Label} {found?.Explanation.Class.ToName()} {found?.Explanation.Reason.ToName()} by {found?.Explanation.Wording?.Rule ?? "codes"}: {found?.Explanation.Wording?.Evidence.ReplaceLineEndings(" / ")}");
                }
            }

            var score = new Score((double)kinds / files, (double)recipients / all, (double)codes / all, (double)reasons / all);
            Write(part, string.Create(CultureInfo.InvariantCulture, $"bounces, {part}: {files} messages, {all} recipients; kind {score.Kind:P1}, recipient {score.Recipient:P1}, code and class {score.Code:P1}, reason {score.Reason:P1}"), wrong);
            return score;
        }

        private static Expected Read(JsonElement one) => new(
            one.GetProperty("address").GetString(),
            one.GetProperty("code") is { ValueKind: JsonValueKind.Number } code ? code.GetInt32() : null,
            one.GetProperty("enhanced").GetString(), one.GetProperty("class").GetString()!, one.GetProperty("reason").GetString()!);

        // What is misread of the held-back part is not written down: it would not be held back any more.
        private static void Write(string part, string line, List<string> wrong)
        {
            var folder = Environment.GetEnvironmentVariable("PILLARBOX_ACCURACY") ?? Path.Combine(Path.GetTempPath(), "pillarbox-accuracy");
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"bounces-{part}.txt"), line + "\n");
            if (part == "tuning")
                File.WriteAllLines(Path.Combine(folder, "bounces-tuning-wrong.list"), wrong);
        }
    }
}
