namespace Pillarbox.Reference.Comparing;

/// <summary>When in a session a reply is met, by the commands that it answers.</summary>
/// <param name="First">The rank of the earliest command.</param>
/// <param name="Last">The rank of the latest.</param>
internal readonly record struct SessionPhase(int First, int Last)
{
    // As a session goes. What may come anywhere (HELP, NOOP, RSET, VRFY, EXPN) has no place in the order.
    private static readonly string[] Course =
        ["connection", "HELO", "EHLO", "STARTTLS", "AUTH", "ETRN", "ATRN", "MAIL", "RCPT", "DATA", "BURL", "BDAT", "endOfData", "QUIT"];

    /// <summary>The phase, or null where a reply answers nothing, or what may come anywhere.</summary>
    public static SessionPhase? Of(Explanation one)
    {
        var ranks = one.Commands.Select(command => Array.IndexOf(Course, command)).ToList();
        return ranks.Count == 0 || ranks.Contains(-1) ? null : new SessionPhase(ranks.Min(), ranks.Max());
    }

    /// <summary>Whether all of this comes before all of the other.</summary>
    public bool IsBefore(SessionPhase other) => Last < other.First;
}
