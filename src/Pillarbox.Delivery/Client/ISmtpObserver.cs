using Pillarbox.Protocol.Replies;

namespace Pillarbox.Delivery.Client;

/// <summary>Sees a session as it goes, for a person to read. Called in the order of the wire; must not throw.</summary>
public interface ISmtpObserver
{
    /// <summary>A command as sent, without its line end; what is secret stands as <c>****</c>.</summary>
    void Command(string line);

    /// <summary>A reply.</summary>
    void Reply(RemoteReply reply);

    /// <summary>What happened besides: a connection made, TLS started, the message sent.</summary>
    void Note(string text);
}
