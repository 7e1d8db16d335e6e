using System.Net;

namespace Pillarbox.Server.Guessing;

/// <summary>What becomes of a login before its secret is looked at.</summary>
internal enum GuessVerdict
{
    /// <summary>It goes on.</summary>
    Go,

    /// <summary>Too much was wrong from that network.</summary>
    Banned,

    /// <summary>Too much was wrong with that account, from everywhere; and it has not lately logged in from there. One try may be left.</summary>
    HeldOff,
}

/// <summary>A login that was wrong.</summary>
/// <param name="Delay">How long its answer is kept back.</param>
/// <param name="NetworkBan">How long the network is banned from now on; zero where it is not.</param>
/// <param name="AccountBan">How long strangers to the account are held off from now on; zero where they are not.</param>
internal readonly record struct GuessFailure(TimeSpan Delay, TimeSpan NetworkBan, TimeSpan AccountBan);

/// <summary>Who tries to log in, and as whom, as the tables know it.</summary>
internal readonly record struct Claimant(ulong Network, ulong Account, ulong Pair, bool IsExempt);

/// <summary>
/// Keeps guessers out. Failures count against the client's network, against the network at the account, and against the account
/// from networks that are strangers to it. A network from which the account has lately logged in is held back by nothing but its own failures at that
/// account: whoever fails elsewhere, or beside it, locks nobody out who is known. Names that do not exist count as others do.
/// Thread-safe; holds its lock for less than a microsecond.
/// </summary>
internal sealed class GuessGuard(TimeProvider time, PolicySource policy)
{
    private const int Networks = 1 << 16;
    private const int Accounts = 1 << 14;

    // A wrong proof tells nothing of the secret behind it. Where the account has lately logged in it is most likely that of a device with an old password.
    private const int Proof = FailureTable.One / 4;

    // All the networks that are strangers to an account may be wrong about it so much more often than one.
    private const int Crowd = 10;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(8);

    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();
    private readonly KeyedHash _hash = new();
    private readonly FailureTable _networks = new(Networks);
    private readonly FailureTable _pairs = new(Networks);
    private readonly FailureTable _accounts = new(Accounts);
    private readonly Acquaintances _acquaintances = new(Accounts);
    private readonly StrangerTries _tries = new(Accounts);
    private volatile bool _hasFailures;

    /// <summary>Networks that are banned now.</summary>
    public int BannedNetworks => Count(_networks);

    /// <summary>Accounts that strangers are held off from now.</summary>
    public int HeldOffAccounts => Count(_accounts);

    /// <summary>How long an answer is kept back after so many failures.</summary>
    public static TimeSpan Delay(int failures) =>
        failures <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(LongestDelay.Ticks, FirstDelay.Ticks << Math.Min(failures - 1, 10)));

    /// <summary>Who it is.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="name">The name, as it was given.</param>
    public Claimant Identify(IPAddress client, string name)
    {
        var network = _hash.Network(client);
        // A token may come without a name: those have no account in common.
        var account = name.Length == 0 ? 0 : _hash.Account(name);
        return new Claimant(network, account, _hash.Pair(account, network), IsExempt(client, policy.Current.Guessing));
    }

    /// <summary>Whether nobody from there may log in, whoever it is.</summary>
    public bool TurnsAway(IPAddress client)
    {
        if (!_hasFailures || IsExempt(client, policy.Current.Guessing))
            return false;
        var network = _hash.Network(client);
        lock (_lock)
        {
            var now = Now();
            return _networks.IsBanned(network, now) && !_acquaintances.KnowAnybody(network, now);
        }
    }

    /// <summary>Whether the account has lately logged in from there, or the network is one that is trusted.</summary>
    public bool IsKnown(Claimant who)
    {
        // Where nobody is ever banned, that nobody is says nothing of them.
        if (who.IsExempt)
            return policy.Current.Guessing.Failures > 0;
        lock (_lock)
            return _acquaintances.Know(who.Account, who.Network, Now());
    }

    /// <summary>Whether a secret may be tried.</summary>
    public GuessVerdict Judge(Claimant who)
    {
        if (!_hasFailures || who.IsExempt)
            return GuessVerdict.Go;
        lock (_lock)
        {
            var now = Now();
            if (_pairs.IsBanned(who.Pair, now))
                return GuessVerdict.Banned;
            if (_acquaintances.Know(who.Account, who.Network, now))
                return GuessVerdict.Go;
            return _networks.IsBanned(who.Network, now) ? GuessVerdict.Banned
                : who.Account != 0 && _accounts.IsBanned(who.Account, now) ? GuessVerdict.HeldOff
                : GuessVerdict.Go;
        }
    }

    /// <summary>Whether a stranger to an account that is held off may try all the same, which is then taken: once, where nothing was wrong from there.</summary>
    public bool TakeTry(IPAddress client, Claimant who)
    {
        var region = _hash.Region(who.Account, client);
        var (each, _) = Allow(policy.Current.Guessing);
        lock (_lock)
        {
            var now = Now();
            return _pairs.Score(who.Pair, now, each) == 0 && _networks.Score(who.Network, now, each) == 0 && _tries.TryTake(who, region, now);
        }
    }

    /// <summary>The secret of such a try was not looked at.</summary>
    public void GiveTryBack(Claimant who)
    {
        lock (_lock)
            _tries.GiveBack(who, Now());
    }

    /// <summary>The secret was wrong.</summary>
    /// <param name="who">Who tried it.</param>
    /// <param name="secret">
    /// The secret; empty where it was not shown, but a proof of it. The same one again counts a thirty-second, a proof a quarter where the account has lately logged in: that is a device with an old password.
    /// </param>
    public GuessFailure Fail(Claimant who, ReadOnlySpan<byte> secret)
    {
        if (who.IsExempt)
            return default;
        var (each, crowd) = Allow(policy.Current.Guessing);
        var seen = secret.IsEmpty ? 0 : _hash.Secret(who.Pair, secret);
        lock (_lock)
        {
            _hasFailures = true;
            var now = Now();
            var isRepeated = seen != 0 && _pairs.IsRepeated(who.Pair, seen);
            var isKnown = _acquaintances.Know(who.Account, who.Network, now);
            var units = isRepeated ? 1 : isKnown && secret.IsEmpty ? Proof : FailureTable.One;
            var ban = Math.Max(_pairs.Add(who.Pair, units, now, each), _networks.Add(who.Network, units, now, each));
            if (seen != 0 && !isRepeated)
                _pairs.Remember(who.Pair, seen);
            var isHeldOff = !isKnown && who.Account != 0 && _accounts.IsBanned(who.Account, now);
            var heldOff = isKnown || who.Account == 0 ? 0 : _accounts.Add(who.Account, units, now, crowd);
            var score = Math.Max(_pairs.Score(who.Pair, now, each), isKnown ? 0 : _networks.Score(who.Network, now, each));
            var delay = ban > 0 || isHeldOff ? LongestDelay : Delay((score + FailureTable.One - 1) / FailureTable.One);
            return new GuessFailure(delay, TimeSpan.FromMilliseconds(ban), TimeSpan.FromMilliseconds(heldOff));
        }
    }

    /// <summary>The secret was right: what was mistyped on the way is forgiven, and nothing else.</summary>
    public void Succeed(Claimant who)
    {
        if (who.IsExempt)
            return;
        var (each, crowd) = Allow(policy.Current.Guessing);
        lock (_lock)
        {
            var now = Now();
            var mistyped = _pairs.Score(who.Pair, now, each);
            if (mistyped > 0)
            {
                _pairs.Forgive(who.Pair, mistyped, now, each);
                _networks.Forgive(who.Network, mistyped, now, each);
                if (who.Account != 0 && !_acquaintances.Know(who.Account, who.Network, now))
                    _accounts.Forgive(who.Account, mistyped, now, crowd);
            }

            if (who.Account != 0)
                _acquaintances.Meet(who.Account, who.Network, now);
        }
    }

    private static (Allowance Each, Allowance Crowd) Allow(GuessingOptions options)
    {
        var each = new Allowance(options.Failures, (long)options.Window.TotalMilliseconds, (long)options.Ban.TotalMilliseconds);
        return (each, each with { Failures = each.Failures * Crowd });
    }

    private static bool IsExempt(IPAddress client, GuessingOptions options)
    {
        // Those whom nobody knows are many, and not one client.
        if (options.Failures == 0 || client.Equals(IPAddress.None))
            return true;
        foreach (var network in options.Never)
        {
            if (network.Contains(client))
                return true;
        }

        return false;
    }

    private int Count(FailureTable table)
    {
        lock (_lock)
            return table.CountBanned(Now());
    }

    // From 1 on: 0 is what a place has that was never taken.
    private long Now() => (long)time.GetElapsedTime(_started).TotalMilliseconds + 1;
}
