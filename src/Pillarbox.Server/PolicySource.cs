namespace Pillarbox.Server;

/// <summary>Holds the policy that is in force. Sessions look here for each command, so a reload reaches those under way.</summary>
public sealed class PolicySource(ServerPolicy policy)
{
    private ServerPolicy _current = policy;

    /// <summary>The policy in force.</summary>
    public ServerPolicy Current => Volatile.Read(ref _current);

    /// <summary>Puts another in force.</summary>
    public void Replace(ServerPolicy policy) => Volatile.Write(ref _current, policy);
}
