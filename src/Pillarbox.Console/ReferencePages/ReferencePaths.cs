using Pillarbox.Reference;

namespace Pillarbox.WebConsole.ReferencePages;

/// <summary>Where the pages are.</summary>
internal static class ReferencePaths
{
    public const string Index = "/reference";

    public const string Compare = "/reference/compare";

    /// <summary>The page of a code, or of a basic code with its enhanced one.</summary>
    /// <param name="label">As <see cref="Explanation.Label"/>: <c>535</c>, <c>5.7.8</c> or <c>535 5.7.8</c>.</param>
    public static string Of(string label) => $"{Index}/{label.Replace(' ', '/')}";

    /// <summary>The page of a comparison, its smaller code first.</summary>
    public static string Of(string left, string right) => $"{Compare}/{Uri.EscapeDataString(left)}/{Uri.EscapeDataString(right)}";

    /// <summary>The page of a reason.</summary>
    public static string OfReason(Explanation meaning) => $"{Index}/reason/{meaning.Reason.ToName()}";

    /// <summary>The same path of the API.</summary>
    public static string Api(string path) => $"/api{path}";
}
