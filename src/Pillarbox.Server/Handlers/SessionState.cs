using System.Collections.Immutable;
using System.Net;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;
using Pillarbox.Trust.Accounts;
using Pillarbox.Trust.Tls;

namespace Pillarbox.Server.Handlers;

/// <summary>How far a session has come, and what its open transaction holds. Handlers read and change it; one session has it to itself.</summary>
internal sealed class SessionState(ListenerOptions listener, IPAddress peer)
{
    private readonly RecipientList _recipients = new();
    private IPAddress _opened = peer;
    private int _chatter;
    private int _chatterBehind;
    private List<Recipient> _answers = [];

    /// <summary>The listener that the client came to.</summary>
    public ListenerOptions Listener { get; } = listener;

    /// <summary>Who is at the other end of the connection, which may speak for a client.</summary>
    public IPAddress Peer { get; } = peer;

    /// <summary>The client's address, as PROXY or XCLIENT gave it where they did; an IPv4 one is never written as IPv6. <see cref="IPAddress.None"/> where it is not known.</summary>
    public IPAddress Client { get; private set; } = peer;

    /// <summary>The client's address as text.</summary>
    public string ClientText { get; private set; } = peer.ToString();

    /// <summary>The client's name by reverse DNS, where XCLIENT gave one.</summary>
    public string? ClientName { get; private set; }

    /// <summary>Whether the peer may speak for its clients with XCLIENT. A client that it speaks for gives and takes no such right.</summary>
    public bool MaySpeakForOthers { get; private set; }

    /// <summary>How far the session has come.</summary>
    public SessionPhase Phase { get; private set; }

    /// <summary>The name that the client gave itself.</summary>
    public string HelloName { get; private set; } = "";

    /// <summary>Whether it said EHLO.</summary>
    public bool Extended { get; private set; }

    /// <summary>The TLS version and cipher, for Received and logs; <see langword="null"/> without TLS.</summary>
    public string? Tls { get; private set; }

    /// <summary>The hash of the certificate that the server showed, for channel binding (RFC 5929 §4); empty without TLS.</summary>
    public ReadOnlyMemory<byte> ServerEndPoint { get; private set; }

    /// <summary>Who the client is by its certificate; <see langword="null"/> where it showed none that counts.</summary>
    public ClientIdentity? Certificate { get; private set; }

    /// <summary>The account that logged in.</summary>
    public string? Account { get; private set; }

    /// <summary>The addresses that the account may send from; <see langword="null"/> for any.</summary>
    public SenderRights? Senders { get; private set; }

    /// <summary>Logins that failed.</summary>
    public int AuthFailures { get; set; }

    /// <summary>Commands that made no sense, and those that led nowhere past their limit.</summary>
    public int Errors { get; set; }

    /// <summary>MAIL commands, refused ones too.</summary>
    public int Transactions { get; set; }

    /// <summary>Messages accepted.</summary>
    public int Messages { get; set; }

    /// <summary>The reverse-path of the open transaction; <see langword="null"/> is the null one.</summary>
    public Mailbox? Sender { get; private set; }

    /// <summary>Whether MAIL had SMTPUTF8.</summary>
    public bool SmtpUtf8 { get; private set; }

    /// <summary>How MAIL said that the content is made.</summary>
    public BodyType Body { get; private set; }

    /// <summary>What MAIL asked of the delivery.</summary>
    public SenderRequests Requests { get; private set; } = SenderRequests.None;

    /// <summary>The forward-paths of the open transaction.</summary>
    public IReadOnlyList<Recipient> Recipients => _recipients.All;

    /// <summary>RCPT commands of the open transaction that were accepted, those too that named somebody again.</summary>
    public int RecipientsAccepted { get; private set; }

    /// <summary>
    /// Whom each reply to the end of a message is for: in LMTP one for each RCPT that was accepted, in their order and whether or not it named
    /// somebody again (RFC 2033 §4.2). Empty elsewhere, where one reply is for all.
    /// </summary>
    public IReadOnlyList<Recipient> Answers => _answers;

    /// <summary>Whether a chunk was refused, so that those which were on their way belong to nothing.</summary>
    public bool ChunksFailed { get; private set; }

    /// <summary>Whether a transaction is open.</summary>
    public bool InTransaction => Phase >= SessionPhase.Sender;

    /// <summary>Counts a command that carries no mail.</summary>
    /// <returns>How many there were since the last message.</returns>
    public int CountChatter()
    {
        if (_chatterBehind != Messages)
            (_chatterBehind, _chatter) = (Messages, 0);
        return ++_chatter;
    }

    /// <summary>Whether the client's address is known and in one of these networks.</summary>
    public bool IsClientIn(ImmutableArray<IPNetwork> networks) => !Client.Equals(IPAddress.None) && IsIn(networks, Client);

    /// <summary>Whether the peer's is.</summary>
    public bool IsPeerIn(ImmutableArray<IPNetwork> networks) => IsIn(networks, Peer);

    /// <summary>The connection is open: its peer may be a balancer, and then has said for whom (null: for itself).</summary>
    public void Open(IPAddress? client)
    {
        if (client is not null)
            SetClient(client);
        _opened = Client;
        MaySpeakForOthers = IsClientIn(Listener.XclientFrom);
    }

    /// <summary>The peer speaks for a client: the session begins anew with what it said; what it did not say stays, but for what the client said itself.</summary>
    public void SpeakFor(XclientCommand client)
    {
        EndTransaction();
        if ((client.Given & XclientAttributes.Address) != 0)
            SetClient(client.Address ?? IPAddress.None);

        // A name is an address's: that of another one is not this one's.
        if ((client.Given & (XclientAttributes.Address | XclientAttributes.Name)) != 0)
            ClientName = client.Name;
        Account = client.Login;

        // What the account may send from the peer answers for, who logged it in; those of another who logged in before hold of nobody here.
        Senders = null;

        // The certificate is the peer's, and it is not the peer who would log in by it.
        Certificate = null;
        HelloName = client.Hello ?? "";
        Extended = client.Extended && client.Hello is not null;
        Phase = client.Hello is null ? SessionPhase.Greeted : SessionPhase.Ready;
    }

    /// <summary>EHLO or HELO: whoever was in a transaction is in it no more (RFC 5321 §4.1.4).</summary>
    public void Hello(string name, bool extended)
    {
        HelloName = name;
        Extended = extended;
        Phase = SessionPhase.Ready;
        EndTransaction();
    }

    /// <summary>A login was verified.</summary>
    public void LogIn(string account, SenderRights? senders)
    {
        Account = account;
        Senders = senders;
    }

    /// <summary>MAIL was accepted.</summary>
    public void BeginTransaction(MailCommand mail, SenderRequests requests)
    {
        EndTransaction();
        Sender = mail.Sender;
        SmtpUtf8 = mail.SmtpUtf8;
        Body = mail.Body;
        Requests = requests;
        Phase = SessionPhase.Sender;
    }

    /// <summary>RCPT was accepted; one who is there already is there once, and everything that was asked for them holds.</summary>
    public void AddRecipient(Recipient recipient)
    {
        RecipientsAccepted++;
        _recipients.Add(recipient);
        if (Listener.Role == ListenerRole.Lmtp)
            _answers.Add(recipient);
        Phase = SessionPhase.Recipients;
    }

    /// <summary>A chunk was taken that is not the last.</summary>
    public void AddChunk() => Phase = SessionPhase.Chunks;

    /// <summary>A chunk was refused, and the transaction is over with it; what an LMTP client is owed at the last chunk it still gets.</summary>
    public void FailChunks()
    {
        var owed = _answers;
        _answers = [];
        EndTransaction();
        _answers = owed;
        ChunksFailed = true;
    }

    /// <summary>The transaction is over: done, failed or reset.</summary>
    public void EndTransaction()
    {
        Sender = null;
        SmtpUtf8 = false;
        Body = BodyType.SevenBit;
        Requests = SenderRequests.None;
        _recipients.Clear();
        RecipientsAccepted = 0;
        _answers.Clear();
        ChunksFailed = false;
        if (InTransaction)
            Phase = SessionPhase.Ready;
    }

    /// <summary>TLS has begun: all that was said before it is forgotten (RFC 3207 §4.2), for whom the peer spoke too.</summary>
    public void BeginTls(string tls, ReadOnlyMemory<byte> serverEndPoint, ClientIdentity? certificate)
    {
        Tls = tls;
        Certificate = certificate;
        ServerEndPoint = serverEndPoint;
        SetClient(_opened);
        ClientName = null;
        HelloName = "";
        Extended = false;
        Account = null;
        Senders = null;
        EndTransaction();
        Phase = SessionPhase.Greeted;
    }

    private static bool IsIn(ImmutableArray<IPNetwork> networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
                return true;
        }

        return false;
    }

    private void SetClient(IPAddress client)
    {
        if (client.Equals(Client))
            return;
        Client = client;
        ClientText = client.Equals(IPAddress.None) ? "unknown" : client.ToString();
    }
}
