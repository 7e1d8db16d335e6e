namespace Pillarbox.Queue;

/// <summary>Where the server, asked by ETRN, has waiting messages tried: whoever delivers provides it.</summary>
public interface IDomainRetry
{
    /// <summary>Has every recipient in a domain tried now that waits for its next attempt, whatever was found out about its destination.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="withSubdomains">Whether the domains below it are meant too.</param>
    /// <param name="cancellationToken">Ends the search; what was found by then is tried.</param>
    /// <returns>How many messages that is.</returns>
    Task<int> RetryAsync(string domain, bool withSubdomains, CancellationToken cancellationToken = default);
}
