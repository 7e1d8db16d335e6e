namespace Pillarbox.Server.Guessing;

/// <summary>
/// The tries that strangers have at an account that is held off, so that who guesses at it keeps its user out nowhere else: one a day from a
/// network, one a minute from networks that belong together, ten a minute in all, which is about what may be wrong at an account without its
/// being held off. Times are milliseconds. Not thread-safe.
/// </summary>
internal sealed class StrangerTries(int places)
{
    private const long Minute = 60 * 1000;
    private const int MostAMinute = 10;

    // What was taken drains away at these rates; a failure more than is ever let stand, so that the table bans nobody.
    private static readonly Allowance OfNetwork = new(2, 2 * 24 * 60 * Minute, 0);
    private static readonly Allowance OfRegion = new(2, 2 * Minute, 0);
    private static readonly Allowance OfAccount = new(MostAMinute + 1, (MostAMinute + 1) * Minute / MostAMinute, 0);

    private readonly FailureTable _taken = new(places);

    /// <summary>Takes one, where there is one.</summary>
    /// <param name="who">Who tries.</param>
    /// <param name="region">Which networks its own belongs with, at the account.</param>
    /// <param name="now">The time.</param>
    public bool TryTake(Claimant who, ulong region, long now)
    {
        if (_taken.Score(who.Pair, now, OfNetwork) > 0 || _taken.Score(region, now, OfRegion) > 0
            || _taken.Score(who.Account, now, OfAccount) > (MostAMinute - 1) * FailureTable.One)
            return false;
        _taken.Add(who.Pair, FailureTable.One, now, OfNetwork);
        _taken.Add(region, FailureTable.One, now, OfRegion);
        _taken.Add(who.Account, FailureTable.One, now, OfAccount);
        return true;
    }

    /// <summary>Gives a network its try back.</summary>
    public void GiveBack(Claimant who, long now) => _taken.Forgive(who.Pair, FailureTable.One, now, OfNetwork);
}
