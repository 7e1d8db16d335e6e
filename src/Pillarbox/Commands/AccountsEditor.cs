using Pillarbox.Trust.Accounts;

namespace Pillarbox.Commands;

/// <summary>Changes a file of accounts; of two who change it at once, one waits for the other.</summary>
internal sealed class AccountsEditor(string file)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>The accounts; none where the file is not there.</summary>
    /// <exception cref="CommandFault">The file is faulty or cannot be read.</exception>
    public List<Account> Read()
    {
        if (!System.IO.File.Exists(File))
            return [];
        try
        {
            var read = AccountsFile.Read(File);
            if (read.Faults is [var fault, ..])
                throw new CommandFault($"{File}:{fault.Line}: {fault.Key}: {fault.Message}");
            return [.. read.Accounts];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault($"{File} cannot be read: {refused.Message}", refused);
        }
    }

    /// <summary>Reads, changes and writes, with nobody in between.</summary>
    /// <exception cref="CommandFault">The file is faulty, or cannot be read or written.</exception>
    public async Task ChangeAsync(Func<List<Account>, List<Account>> change, CancellationToken cancellationToken)
    {
        try
        {
            await using var held = await LockAsync(cancellationToken);
            AccountsFile.Write(File, change(Read()));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault($"{File} cannot be written: {refused.Message}", refused);
        }
    }

    // The file itself is replaced, so a lock on it would be a lock on what was; this one stays, empty.
    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                return OpenLock($"{File}.lock");
            }
            catch (IOException) when (waited < Patience && System.IO.File.Exists($"{File}.lock"))
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }
        }
    }

    private static FileStream OpenLock(string file)
    {
        if (System.IO.File.Exists(file))
            return new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var made = new FileStream(file, options);
        // Made by the superuser, it must not keep the server's user from changing accounts.
        FileOwner.GiveToOwnerOf(made.SafeFileHandle, Path.GetDirectoryName(Path.GetFullPath(file))!);
        return made;
    }
}
