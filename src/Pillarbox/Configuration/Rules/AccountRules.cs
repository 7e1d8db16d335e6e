using Pillarbox.Delivery.Routing;
using Pillarbox.Server;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Configuration.Rules;

/// <summary>What must hold of the accounts.</summary>
internal static class AccountRules
{
    /// <summary>With <c>any</c>, whoever comes could send: so nothing may leave the machine.</summary>
    public static void AnyStaysHere(Settings settings)
    {
        if (!settings.IsSound("accounts") || settings.Get<string>("accounts.source") != "any")
            return;

        foreach (var key in settings.SoundItems("routes").ToList())
        {
            if (settings.Get<DeliveryTarget>($"{key}.via").LeavesMachine)
                settings.Fault($"{key}.via", "everybody could relay: accounts.source is \"any\" and this route leaves the machine; write via = \"capture\", or accounts.source = \"file\"");
        }

        // Without routes mail goes by MX; a listener that captures sends nothing on in any case.
        if (settings.Count("routes") == 0
            && ListenerRules.Listeners(settings).Exists(each => each.Options.Role != ListenerRole.Capture && each.Options.Auth != ListenerAuth.None))
            settings.Fault("accounts.source", "everybody could relay: with \"any\" and no [[routes]], mail leaves the machine by MX; write a route with via = \"capture\", or source = \"file\"");
    }

    /// <summary>Where clients must log in or recipients are checked, the file of accounts is there, is sound, and has an account.</summary>
    public static void FileIsSound(Settings settings)
    {
        if (!settings.IsSound("accounts") || settings.Get<string>("accounts.source") != "file")
            return;
        var isNeeded = Enumerable.Range(0, settings.Count("listeners")).Any(i => NeedsLogin(settings, $"listeners[{i}]"))
            || settings.SoundItems("domains").Any(key => settings.Get<string>($"{key}.recipients") == "accounts");
        if (!isNeeded)
            return;

        var file = settings.Get<string>("accounts.file");
        if (!File.Exists(file))
        {
            settings.Fault("accounts.file", $"there is no file {file}, so nobody could log in; make it with: pillarbox account add NAME --config FILE");
            return;
        }

        var read = AccountsFile.Read(file);
        foreach (var fault in read.Faults)
            settings.Fault(new Fault(new Origin(file, fault.Line), fault.Key, fault.Message));
        if (read.Faults.IsEmpty && read.Accounts.IsEmpty)
            settings.Fault("accounts.file", $"{file} has no account, so nobody could log in; add one with: pillarbox account add NAME --config FILE");
    }

    // Of a listener with other faults, too, it is known whether anybody could send without logging in: clients of relay-from can,
    // and for an inbound one with optional AUTH a file that is not there yet keeps nobody out who could send now.
    private static bool NeedsLogin(Settings settings, string listener) =>
        settings.GetList<object>($"{listener}.relay-from").IsEmpty
        && (settings.Get<string>($"{listener}.auth") == "required"
            || (settings.Get<string>($"{listener}.auth") == "optional" && settings.Find<string>($"{listener}.role") == "submission"));
}
