using Pillarbox.Delivery.Routing;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>Makes the carrier that a destination needs.</summary>
internal interface ICarrierFactory
{
    /// <summary>A carrier to the exchangers of a domain.</summary>
    ICarrier ForHosts(MailHosts hosts, Site site);

    /// <summary>A carrier to any target but exchangers.</summary>
    ICarrier For(DeliveryTarget target, Site site);

    /// <summary>How many of them may work side by side.</summary>
    int Limit(DeliveryTarget target, DeliveryOptions options);
}
