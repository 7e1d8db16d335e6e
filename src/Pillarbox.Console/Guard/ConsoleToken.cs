using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Pillarbox.Queue;

namespace Pillarbox.WebConsole.Guard;

/// <summary>
/// What a program shows to change things: 256 random bits, made at each start and written where only the server's own user can read them.
/// </summary>
/// <param name="options">Where it is written.</param>
/// <param name="queue">
/// Asked for so that the queue's store is open, and its lock held, before the file is written: a second server on the same data directory must
/// fail without having taken the first one's token away.
/// </param>
internal sealed class ConsoleToken(ConsoleOptions options, MailQueue queue) : IHostedService
{
    private const string Scheme = "Bearer ";

    private readonly string _text = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Writes the file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var fresh = options.TokenFile + ".new";
        File.Delete(fresh);
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var file = new FileStream(fresh, create))
            await file.WriteAsync(Encoding.ASCII.GetBytes(_text + "\n"), cancellationToken);
        File.Move(fresh, options.TokenFile, overwrite: true);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether a request shows the token; the comparison takes the same time wherever it differs.</summary>
    public bool IsShownBy(HttpRequest request) =>
        request.Headers.Authorization is [{ } value]
        && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value[Scheme.Length..].Trim()), Encoding.ASCII.GetBytes(_text));
}
