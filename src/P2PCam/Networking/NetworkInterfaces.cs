using System.Net.NetworkInformation;

namespace P2PCam.Networking;

/// <summary>
/// What the system says of its network interfaces now: the one place that asks, for the media's sockets, the names in the certificate, and the addresses that people are told.
/// </summary>
internal static class NetworkInterfaces
{
    /// <summary>The interfaces; one that goes away while it is asked about is not listed.</summary>
    /// <param name="upOnly">Only those that are up.</param>
    public static IReadOnlyList<(NetworkInterface Card, IPInterfaceProperties Properties)> List(bool upOnly)
    {
        var found = new List<(NetworkInterface, IPInterfaceProperties)>();
        foreach (var card in All())
        {
            try
            {
                if (!upOnly || card.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
                {
                    found.Add((card, card.GetIPProperties()));
                }
            }
            catch (NetworkInformationException)
            {
                // It went away between the two questions.
            }
        }

        return found;
    }

    private static NetworkInterface[] All()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces();
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }
}
