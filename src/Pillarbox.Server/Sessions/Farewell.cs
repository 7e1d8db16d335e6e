using Pillarbox.Protocol.Replies;

namespace Pillarbox.Server.Sessions;

/// <summary>What is said, and written to the log, where it is not the client who ends a session.</summary>
internal static class Farewell
{
    /// <summary>The reply that says why; <see langword="null"/> where nobody is left to be told.</summary>
    public static Reply? For(Ending why) => why switch
    {
        Ending.Idle => ReplyCatalogue.IdleTooLong,
        Ending.TransactionTooLong => ReplyCatalogue.TransactionTooLong,
        Ending.TooSlow => ReplyCatalogue.DataTooSlow,
        Ending.TooMuch => ReplyCatalogue.TooMuchInVain,
        Ending.ShuttingDown or Ending.GraceOver => ReplyCatalogue.ShuttingDown,
        _ => null,
    };

    /// <summary>The same for the log.</summary>
    public static string Describe(Ending why, bool stopping) => why switch
    {
        Ending.ClientGone => "client gone",
        Ending.Idle => "idle",
        Ending.TransactionTooLong => "transaction too long",
        Ending.TooSlow => "too slow",
        Ending.TooMuch => "too much in vain",
        _ => stopping ? "shutdown" : "closed",
    };
}
