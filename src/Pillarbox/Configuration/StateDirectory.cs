namespace Pillarbox.Configuration;

/// <summary>Where state is kept when nobody says.</summary>
internal static class StateDirectory
{
    /// <summary><c>$XDG_STATE_HOME/pillarbox</c>, else <c>~/.local/state/pillarbox</c>.</summary>
    public static string Default(IReadOnlyDictionary<string, string> environment)
    {
        // The base directory specification has relative paths in the variable ignored.
        if (environment.TryGetValue("XDG_STATE_HOME", out var state) && Path.IsPathFullyQualified(state))
            return Path.Combine(state, "pillarbox");
        var home = environment.TryGetValue("HOME", out var given) && given.Length > 0
            ? given
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.Combine(Path.GetFullPath(home.Length > 0 ? home : "/"), ".local", "state", "pillarbox");
    }
}
