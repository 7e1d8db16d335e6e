#pragma warning disable IDE0130 // Two namespaces that lean on each other, for the test of the scan itself.
namespace Pillarbox.House.Tests.Sample.One
{
    internal sealed class Shown
    {
        public Two.Hidden? Signature { get; set; }
    }
}

namespace Pillarbox.House.Tests.Sample.Two
{
    internal sealed class Hidden
    {
        public static string Body() => new One.Shown().ToString() ?? "";
    }
}
