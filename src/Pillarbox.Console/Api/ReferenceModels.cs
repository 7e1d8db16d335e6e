namespace Pillarbox.WebConsole.Api;

// What the reference writes by itself, for OpenAPI to describe; a test compares the two.

internal sealed record CodesDocument(IReadOnlyList<ExplanationDocument> Codes);

internal sealed record ExplanationDocument(
    int? Code, string? Enhanced, string Name, string Class, string Meaning, string When, string Fix, string Retry, string Actor,
    IReadOnlyList<string> Commands, IReadOnlyList<string> References, string Standing, string Reason, IReadOnlyList<string> Contradictions,
    string Lang, IReadOnlyList<string> SeeAlso);

internal sealed record ComparisonDocument(
    string Title, string Summary, ExplanationDocument Left, ExplanationDocument Right, IReadOnlyList<string> Differences, string WhichWhen, string Lang);

internal sealed record MessageReportDocument(string Kind, IReadOnlyList<ReportedRecipientDocument> Recipients, string Lang);

internal sealed record ReportedRecipientDocument(
    int? Code, string? Enhanced, string Name, string Class, string Meaning, string When, string Fix, string Retry, string Actor,
    IReadOnlyList<string> Commands, IReadOnlyList<string> References, string Standing, string Reason, IReadOnlyList<string> Contradictions,
    string Lang, IReadOnlyList<string> SeeAlso, string? Address, string? Provider, string Evidence, double Confidence);
