import DemoServers
import Diagnosis
import ProcNet

extension Topic {
  /// What people bring along, settings of the kernel and of servers, errors, system calls and
  /// models; and the words of a diagnosis.
  static var terms: [Topic] { settings + errors + calls + models + diagnosis + kinds }

  private static func term(
    _ names: String..., means: String, _ text: String..., look: [String] = ["sockinspect diagnose"]
  ) -> Topic {
    Topic(group: .term, names: names, means: means, text: text, look: look)
  }

  /// A setting by its whole name and by its last word.
  private static func setting(
    _ name: String, means: String, _ text: String..., look: [String] = []
  ) -> Topic {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    return Topic(
      group: .term, names: [name, last], means: means, text: text,
      look: ["sysctl \(name)"] + look)
  }

  private static let settings: [Topic] = [
    term(
      "backlog", "listen backlog",
      means: "What a program asks for as the limit of its accept queue, in `listen(2)`.",
      """
      The kernel takes the smaller one of it and `net.core.somaxconn`. The queue is full when it \
      holds one more than that; then SYNs are dropped, and clients wait in SYN-SENT.
      """, look: ["sockinspect listen"]),
    setting(
      "net.core.somaxconn",
      means: "The largest limit that an accept queue can have; 4096 since Linux 5.4, 128 before.",
      """
      It counts when a program calls `listen(2)`: after a change, restart the program. A longer \
      queue holds more clients that wait; it does not make the server faster.
      """, look: ["sockinspect listen --columns +limit"]),
    setting(
      "net.ipv4.tcp_max_syn_backlog",
      means: "How many handshakes may be under way at a listener where SYN cookies are off.",
      """
      From three quarters of it on, SYNs of peers that are not known are dropped. With SYN cookies \
      the limit of the accept queue is the bound instead.
      """, look: ["sockinspect listen --columns +syn"]),
    setting(
      "net.ipv4.tcp_syncookies",
      means: "What happens when a listener's SYN queue is full: 1 answers without remembering.",
      """
      The answer's number holds what has to be known of the handshake. 0 drops the SYN, 2 always \
      sends cookies, for tests.
      """),
    setting(
      "net.ipv4.tcp_abort_on_overflow",
      means: "1 resets a client whose handshake ends at a full accept queue; 0 stays silent.",
      """
      With 0, the default, the client retries, and gets in when the server has caught up. With 1 \
      clients fail in bursts that a longer wait would have served.
      """),
    setting(
      "net.ipv4.tcp_tw_reuse",
      means: "Whether a new outgoing connection may take a local port that is in TIME-WAIT.",
      """
      1 allows it where timestamps tell old segments from new ones, 2, the default since Linux 4.19, \
      on loopback only, 0 never. It does nothing for connections that come in.
      """, look: ["sockinspect -tan state time-wait"]),
    setting(
      "net.ipv4.tcp_tw_recycle",
      means: "Gone since Linux 4.12: it broke clients that share an address behind NAT.",
      "Advice to set it is older than that."),
    setting(
      "net.ipv4.tcp_max_tw_buckets",
      means: "How many connections may be in TIME-WAIT; further ones are closed at once.",
      look: ["sockinspect counters TcpExtTCPTimeWaitOverflow"]),
    setting(
      "net.ipv4.tcp_fin_timeout",
      means: "For how long a connection that its program has closed stays in FIN-WAIT-2: 60 s.",
      "It says nothing of TIME-WAIT, which lasts 60 s always, nor of CLOSE-WAIT, which has no end."),
    setting(
      "net.ipv4.tcp_keepalive_time",
      means: "After how long without traffic a connection is probed: 7200 s.",
      """
      Only on sockets whose program asks for it (`SO_KEEPALIVE`); then `tcp_keepalive_probes` (9) \
      probes, `tcp_keepalive_intvl` (75 s) apart, until the connection is given up.
      """, look: ["sockinspect -tano"]),
    setting(
      "net.ipv4.tcp_retries2",
      means: "How often data is sent again before the connection is given up: 15, some 15 min.",
      look: ["sockinspect -tani backoff > 0"]),
    setting(
      "net.ipv4.tcp_syn_retries",
      means: "How often a SYN is sent again before `connect(2)` fails: 6, some 2 min.",
      look: ["sockinspect -tano state syn-sent"]),
    setting(
      "net.ipv4.tcp_synack_retries",
      means: "How often the answer to a SYN is sent again: 5, some 1 min.",
      look: ["sockinspect -tan state syn-recv"]),
    setting(
      "net.ipv4.ip_local_port_range",
      means: "The local ports that outgoing connections get: 32768 to 60999 unless changed.",
      "Each is free once for each address and port that is connected to; see `ephemeral-ports`.",
      look: ["sockinspect explain ephemeral-ports"]),
    setting(
      "net.ipv4.tcp_rmem",
      means: "Smallest, first and largest size of a TCP socket's receive buffer, in bytes.",
      "A program that sets `SO_RCVBUF` fixes the size and turns the kernel's own tuning off.",
      look: ["sockinspect -tanm"]),
    setting(
      "net.ipv4.tcp_wmem",
      means: "Smallest, first and largest size of a TCP socket's send buffer, in bytes.",
      look: ["sockinspect -tanm"]),
    setting(
      "net.ipv4.tcp_mem",
      means:
        "Memory of all TCP sockets, in pages: below the first all is well, the third is the end.",
      look: ["sockinspect explain tcp-memory"]),
    setting(
      "net.core.netdev_max_backlog",
      means: "How many packets a CPU may hold before the protocols see them.",
      "It has nothing to do with the backlog of a listener."),
    setting(
      "net.ipv4.tcp_congestion_control",
      means: "Decides how much may be on its way: cubic unless changed; bbr, reno and others.",
      look: ["sockinspect -tani"]),
    term(
      "SO_REUSEPORT", "reuseport",
      means: "Lets several sockets listen on one address and port, each with its own accept queue.",
      """
      The kernel gives each new connection to one of them, by a hash of the addresses, however \
      full it is. A socket whose program does not accept makes its share of the clients hang.
      """,
      look: ["sockinspect listen --columns +shard", "sockinspect explain reuseport-imbalance"]),
    term(
      "C10K", "C10M",
      means: "Ten thousand clients at a time on one host, and ten million.",
      """
      With a process or thread for each, memory and switching between them are the limit; an event \
      loop pays only for those that have something to say.
      """, look: ["sockinspect demo c10k"]),
    term(
      "MaxClients", "MaxRequestWorkers", "max_children", "pm.max_children", "max_connections",
      "worker_connections",
      means: "A server's own limit: how many requests or connections it serves at a time.",
      """
      MaxRequestWorkers (once MaxClients) of Apache, pm.max_children of PHP-FPM, \
      worker_connections of nginx, max_connections of PostgreSQL and MySQL. When it is reached, \
      clients wait in the accept queue, whatever the machine could still do.
      """, look: ["sockinspect explain workers-exhausted", "sockinspect demo prefork-full --hold"]),
  ]

  private static let errors: [Topic] = [
    term(
      "ECONNREFUSED", "connection refused",
      means: "The SYN was answered with a reset: nothing listens at that address and port.",
      """
      Or a packet filter rejects it. A full accept queue is silent: the client waits and then gets \
      ETIMEDOUT. Of a unix socket: nothing listens at that path.
      """, look: ["sockinspect diagnose :PORT", "sockinspect listen :PORT"]),
    term(
      "ECONNRESET", "connection reset by peer", "connection reset",
      means: "The peer broke the connection off instead of closing it.",
      """
      It closed with data that it had not read, died, was restarted and knows nothing of the \
      connection, or asked for it (`SO_LINGER` with 0 s). A packet filter or load balancer between \
      the two can do it as well.
      """, look: ["sockinspect counters TcpEstabResets TcpOutRsts TcpExtTCPAbortOnClose"]),
    term(
      "ETIMEDOUT", "connection timed out",
      means: "Nothing came back: neither an answer to SYNs nor an acknowledgement of data.",
      "The peer is unreachable, a filter drops the packets, or its accept queue is full.",
      look: ["sockinspect -tano state syn-sent", "sockinspect explain connect-stuck"]),
    term(
      "EPIPE", "broken pipe", "SIGPIPE",
      means: "The program wrote to a connection that is closed or reset."),
    term(
      "EMFILE", "too many open files", "ENFILE",
      means: "The process has as many descriptors open as it may: `accept(2)` and open fail.",
      """
      Connections then wait in the accept queue while the server looks idle. The limit is that of \
      the process (`ulimit -n`, LimitNOFILE of systemd); ENFILE is that of the whole host.
      """,
      look: ["sockinspect explain descriptors-exhausted", "grep 'open files' /proc/PID/limits"]),
    term(
      "EADDRINUSE", "address already in use",
      means: "Another socket has that address and port.",
      """
      A listener, a program that has bound it only (-B), or, without `SO_REUSEADDR`, a connection \
      in TIME-WAIT.
      """, look: ["sockinspect -taB :PORT"]),
    term(
      "EADDRNOTAVAIL", "cannot assign requested address",
      means: "This host has no such address; of `connect(2)`: no local port is left for that peer.",
      look: ["sockinspect explain ephemeral-ports"]),
    term(
      "EHOSTUNREACH", "no route to host", "ENETUNREACH", "network is unreachable",
      means: "A router, or this host, says that there is no way to that address.",
      "A packet filter can say so as well; and a neighbour that does not answer ARP.",
      look: ["ip route get ADDRESS"]),
    term(
      "EAGAIN", "EWOULDBLOCK", "resource temporarily unavailable",
      means: "A descriptor that never waits has nothing to give, or no room, right now.",
      "Of `connect(2)` on a unix socket: the listener's queue is full."),
  ]

  private static let calls: [Topic] = [
    term(
      "accept", "accept4", "inet_csk_accept",
      means: "The call in which a server waits for its next connection: it is at rest."),
    term(
      "epoll_wait", "epoll_pwait", "poll", "ppoll", "select", "pselect6", "ep_poll",
      means: "Waits until one of many descriptors is ready: where an event loop is at rest.",
      "A loop that is anywhere else for long serves no client; see `event-loop-blocked`."),
    term(
      "recvfrom", "recv", "recvmsg", "read", "sk_wait_data",
      means: "Waits for data on one descriptor; `diagnose` says from whom.",
      "A thread that does so for a client is taken until that client sends or a time-out ends it."),
    term(
      "sendto", "send", "sendmsg", "write", "writev", "sk_stream_wait_memory",
      means: "Blocked when the send buffer is full: the peer does not read.",
      look: ["sockinspect explain peer-not-reading"]),
    term(
      "connect",
      means: "Waits for the answer to its SYN, in SYN-SENT.",
      look: ["sockinspect -tano state syn-sent"]),
    term(
      "futex", "futex_wait",
      means: "Waits for a lock or a condition in memory; a pool's idle threads do so as well.",
      look: ["sockinspect explain lock-wait"]),
    term("clock_nanosleep", "nanosleep", "sleep", means: "Sleeps until some time has passed."),
    term("wait4", "waitid", "waitpid", means: "Waits for a child process to end."),
    term("flock", "fcntl", means: "Waits for a lock on a file; /proc/locks knows who has it."),
  ]

  /// Words of the text of `diagnose`.
  private static let diagnosis: [Topic] =
    Severity.allCases.map { severity in
      term(
        severity.name, means: severity.meaning,
        "How much a finding of `diagnose` matters: critical, warning or notice.")
    }
    + Confidence.allCases.map { confidence in
      term(
        confidence.name, means: confidence.meaning,
        "How sure `diagnose` is of a finding: certain, likely or possible.")
    } + [
      term(
        "root cause", "cause",
        means: "What all that was found behind a listener comes from: the end of a wait chain.",
        "Mend it, and what follows from it, listed under Effects, goes away."),
      term(
        "chain", "wait chain",
        means: "Who waits for whom, from the clients to the root cause.",
        "Each arrow reads \"waits for\"; a time says for how long."),
      term(
        "effects", means: "Findings that follow from the same root cause; they need no cure."),
      term(
        "where", "clients", "since",
        means: "The listener at which clients meet the trouble, how many wait, and for how long.",
        "Clients wait in the accept queue, or on accepted connections for their answer."),
      term(
        "seen", "evidence",
        means: "What the finding rests on, each fact with the file or interface that told it.",
        look: ["sockinspect diagnose --evidence"]),
      term(
        "gap", "not seen",
        means: "Something that could not be read, with the reason.",
        "It is never taken for \"nothing wrong\"; mostly root sees more."),
      term(
        "sample", "interval",
        means: "One reading of the host, and the time between two of them.",
        "What moves or stands still shows only in two.", look: ["sockinspect diagnose --interval 5"]
      ),
      term(
        "recording",
        means: "A file with everything that was read, to be looked at later or elsewhere.",
        look: ["sockinspect record --samples 2 FILE", "sockinspect diagnose --from FILE"]),
    ]

  /// Kinds of sockets, as the first column of a listing names them.
  private static let kinds: [Topic] = Netid.allCases.map { kind in
    Topic(
      group: .term, names: [kind.name], means: Prose.sentence(kind.meaning),
      look: ["sockinspect -a 'netid = \(kind.name)'"])
  }

  /// How servers divide their work, in the words of `serve`.
  private static let models: [Topic] = ServerModel.allCases.map { model in
    Topic(
      group: .term, names: [model.rawValue], means: Prose.sentence(model.meaning),
      text: ["A model of `sockinspect serve`; the course shows what it does to its clients."],
      look: ["sockinspect serve \(model.rawValue)", "sockinspect demo"])
  }
}

extension Netid {
  /// A phrase without a full stop.
  fileprivate var meaning: String {
    switch self {
    case .tcp: "TCP over IPv4 or IPv6"
    case .udp: "UDP over IPv4 or IPv6: datagrams, no connection that the kernel knows of"
    case .raw: "raw IP; in place of the local port stands the protocol"
    case .unixStream: "a unix socket that carries a stream of bytes (SOCK_STREAM)"
    case .unixDatagram: "a unix socket that carries messages (SOCK_DGRAM)"
    case .unixSeqpacket: "a unix socket that carries messages within a connection (SOCK_SEQPACKET)"
    case .packetRaw:
      "a packet socket that gets whole packets, link header included, as tcpdump does"
    case .packetDatagram: "a packet socket that gets packets without their link header"
    }
  }
}
