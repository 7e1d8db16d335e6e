using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Pillarbox.Reference;

BenchmarkRunner.Run<Lookups>(args: args);

/// <summary>What a look-up costs once the files are open.</summary>
[MemoryDiagnoser]
public class Lookups
{
    private static readonly ReplyContext Thai = new(Language: "th");
    private static readonly string Huge = string.Concat(Enumerable.Repeat("550-5.7.26 55O 4.4. (250-", 4000));

    [Benchmark]
    public Explanation? Explain() => ReplyReference.Explain(535, "5.7.8");

    [Benchmark]
    public Explanation? Explain_in_Thai() => ReplyReference.Explain(550, "5.7.26", Thai);

    [Benchmark]
    public Comparison Compare_written() => ReplyReference.Compare(ReplyReference.Explain(221, null, Thai)!, ReplyReference.Explain(421, null, Thai)!);

    [Benchmark]
    public Comparison Compare_composed() => ReplyReference.Compare(ReplyReference.Explain(253, null, Thai)!, ReplyReference.Explain(501, null, Thai)!);

    [Benchmark]
    public Explanation? Pasted_line() =>
        Explainer.ExplainText("to=<ann@example.org>, relay=mx.example.org[192.0.2.1]:25, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.1] said: 550 5.1.1 <ann@example.org>: no such user)");

    [Benchmark]
    public Explanation? Hostile_text_of_100_KB() => Explainer.ExplainText(Huge);
}
