namespace Pillarbox.Configuration;

/// <summary>The server that <c>serve</c> runs when it is given no configuration: it captures all and sends nothing on.</summary>
internal static class EvaluationServer
{
    /// <summary>Its configuration; <c>--data</c>, <c>--smtp</c>, <c>--console</c> and the environment come on top. Its certificate is of its own making.</summary>
    public const string Configuration = """
        hostname = "localhost"

        [[listeners]]
        name = "evaluation"
        address = "127.0.0.1:2525"
        role = "capture"
        tls = "starttls"
        auth = "optional"
        insecure-auth = true

        [accounts]
        source = "any"
        """;
}
