import ProcNet

/// Keys of sockets, and of what is in them.
extension JSONObject {
  static let socket = JSONObject(
    "socket", "one socket",
    [
      .required("netid", .netid, of: ColumnSet.sockets["netid"]),
      .required("state", .state, of: ColumnSet.sockets["state"]),
      .required(
        "family", .word(AddressFamily.allCases.map(\.name)), of: ColumnSet.sockets["family"]),
      .optional("recv_q", .count, of: ColumnSet.sockets["recv-q"]),
      .optional("send_q", .count, of: ColumnSet.sockets["send-q"]),
      .optional(
        "local", .reference("endpoint"), "own address and port", "Internet sockets have it."),
      .optional(
        "peer", .reference("endpoint"), "address and port of the other end",
        """
        Internet sockets have it; of those without a peer the address is a wildcard and the \
        port 0.
        """),
      .optional("v6only", .flag, "whether an IPv6 socket takes no IPv4, `IPV6_V6ONLY`"),
      .optional("path", .text, of: ColumnSet.sockets["path"]),
      .optional(
        "abstract", .alwaysTrue, "unix: true when the name is abstract, not a file",
        "Absent when it is a file."),
      .optional("peer_inode", .count, "unix: inode of the other end"),
      .optional(
        "protocol", .count, "packet: number of the ethernet protocol, `ETH_P_*`", "3 is all."),
      .optional("interface", .text, of: ColumnSet.sockets["interface"]),
      .required("inode", .count, of: ColumnSet.sockets["inode"]),
      .optional("uid", .count, of: ColumnSet.sockets["uid"]),
      .optional("cookie", .matching("^[0-9a-f]{1,16}$"), of: ColumnSet.sockets["cookie"]),
      .optional("netns", .count, "inode of the network namespace"),
      .optional("netns_name", .text, "its name under `/run/netns`"),
      .optional("cgroup", .text, of: ColumnSet.sockets["cgroup"]),
      .optional("service", .text, of: ColumnSet.sockets["service"]),
      .optional("container", .text, of: ColumnSet.sockets["container"]),
      .optional(
        "owners", .list(.reference("owner"), notEmpty: true),
        "owners of the socket, each with its descriptor",
        """
        Absent when there is none, or when it could not be read; `standing` and `incomplete` \
        say which.
        """),
      .optional(
        "peer_owners", .list(.reference("owner"), notEmpty: true),
        "owners of the other end, when it is on this host"),
      .required(
        "standing", .word(Ownership.allCases.map(\.rawValue)), of: ColumnSet.sockets["standing"]),
      .optional("queued", .flag, "TCP: whether it waits in an accept queue"),
      .optional("age_ms", .count, of: ColumnSet.sockets["age"]),
      .optional(
        "timer",
        .object([
          .required(
            "kind", .word(["on", "keepalive", "timewait", "persist", "delack", "unknown"]),
            "what the timer is for, in the words of ss",
            """
            `on` is for retransmission, `persist` for a window probe, `delack` for a delayed \
            acknowledgement.
            """),
          .required("expires_ms", .count, "milliseconds until it fires"),
          .required("retransmits", .count, "how often it has fired without progress"),
        ]), "the timer that runs"),
      .optional("shutdown", .count, "bit 0: shut down for receiving, bit 1: for sending"),
      .optional("mark", .count, of: ColumnSet.sockets["mark"]),
      .optional("tos", .count, of: ColumnSet.sockets["tos"]),
      .optional("tclass", .count, of: ColumnSet.sockets["tclass"]),
      .optional("class_id", .count, of: ColumnSet.sockets["class-id"]),
      .optional("ulp", .text, of: ColumnSet.sockets["ulp"]),
      .optional(
        "tls",
        .object([
          .optional("version", .count, "version of TLS: 771 is 1.2, 772 is 1.3"),
          .optional(
            "cipher", .count, "the kernel's number of the cipher, `TLS_CIPHER_*`: 51 is AES-GCM-128"
          ),
          .optional(
            "sending", .count, "which part encrypts: 1 none, 2 the kernel, 3 and 4 the interface"),
          .optional("receiving", .count, "which part decrypts, likewise"),
        ]), "what the kernel's TLS says of the connection"),
      .optional(
        "mptcp",
        .object([
          .optional("flags", .count, "`MPTCP_SUBFLOW_FLAG_*` bits"),
          .optional("remote_token", .count, "the other end's token of the connection"),
          .optional("local_token", .count, "the own token of the connection"),
          .optional("remote_id", .count, "the other end's number of its address"),
          .optional("local_id", .count, "the own number of the address"),
        ]), "the subflow of an MPTCP connection"),
      .optional(
        "md5_peers", .list(.text), "networks whose packets must be signed with TCP-MD5",
        "Their keys are not shown."),
      .optional("drops", .count, of: ColumnSet.sockets["drops"]),
      .optional(
        "waiting_inodes", .list(.count),
        "unix listeners: inodes of the clients that wait for accept"),
      .optional(
        "memory",
        .object([
          .required("receive_allocated", .count, of: ColumnSet.sockets["rmem"]),
          .required("receive_limit", .count, of: ColumnSet.sockets["rcvbuf"]),
          .required(
            "send_allocated", .count,
            "memory of data handed to the network and not yet freed, bytes"),
          .required("send_limit", .count, of: ColumnSet.sockets["sndbuf"]),
          .required("forward_allocated", .count, "memory that is reserved and not used yet, bytes"),
          .required("send_queued", .count, of: ColumnSet.sockets["wmem"]),
          .required("options", .count, "memory of options, such as filters, bytes"),
          .optional(
            "backlog", .count,
            "memory of packets that arrived while a program held the socket, bytes",
            "Since Linux 4.2."),
          .optional("drops", .count, of: ColumnSet.sockets["drops"]),
        ]), "memory of the socket, in bytes, except for `drops`"),
      .optional("congestion", .text, of: ColumnSet.sockets["congestion"]),
      .optional(
        "congestion_info", .oneOf([.vegas, .dctcp, .bbr]),
        "what the congestion control says of itself", "The keys depend on it."),
      .optional(
        "tcp", .object(tcp),
        """
        tcp_info: the kernel's numbers under their own names, with the unit unless it is bytes, \
        segments or a count
        """,
        """
        A field that the running kernel does not have is absent, and so is one whose value \
        says that there is no limit or no measurement. A listener has `state`, `unacked` and \
        `sacked`, which are its queue and the limit, and `max_pacing_rate_bytes_per_s` where \
        it is set; the kernel fills in no other field that means something there.
        """),
      .optional(
        "packet",
        .object([
          .optional("version", .count, "version of the rings, `PACKET_VERSION`"),
          .optional(
            "copy_threshold", .count,
            "packets larger than this are copied, `PACKET_COPY_THRESH`, bytes"),
          .optional(
            "flags", .count,
            """
            bits: 1 running, 2 auxiliary data, 4 original device, 8 virtio header, 16 loss \
            tolerated
            """),
          .optional("fanout", .count, "low 16 bits: group, high 16 bits: how packets are spread"),
          .optional("receive_ring", .reference("ring"), "ring that packets are received into"),
          .optional("send_ring", .reference("ring"), "ring that packets are sent from"),
        ]), "what only packet sockets have"),
    ])

  static let vegas = JSONObject(
    "vegas", "vegas",
    [
      .required("enabled", .flag, "whether it works on this connection"),
      .required("rtt_count", .count, "samples of the round-trip time"),
      .required("rtt_us", .count, "round-trip time, microseconds"),
      .required("min_rtt_us", .count, "smallest round-trip time, microseconds"),
    ])

  static let dctcp = JSONObject(
    "dctcp", "dctcp",
    [
      .required("enabled", .flag, "whether it works on this connection"),
      .required("ce_state", .count, "whether the last packet had met congestion"),
      .required("alpha", .count, "share of packets that met congestion, in 1024ths"),
      .required("ecn_bytes", .count, "bytes acknowledged as having met congestion"),
      .required("total_bytes", .count, "bytes acknowledged"),
    ])

  static let bbr = JSONObject(
    "bbr", "bbr",
    [
      .required("bandwidth_bytes_per_s", .count, "bandwidth of the bottleneck, bytes per second"),
      .required("min_rtt_us", .count, "smallest round-trip time, microseconds"),
      .required("pacing_gain_256ths", .count, "gain of the sending rate, times 256"),
      .required("cwnd_gain_256ths", .count, "gain of the congestion window, times 256"),
    ])

  /// The fields of `tcp_info`.
  private static let tcp: [JSONKey] = TCPInfoDescription.all.map { description in
    .optional(description.field.key, .count, description.meaning, description.detail)
  }

  static let endpoint = JSONObject(
    "endpoint", "one end of a connection",
    [
      .required("address", .text, "IPv4 or IPv6 address without brackets"),
      .required("port", .number(from: 0, to: 65535), "port; of raw sockets the IP protocol"),
    ])

  static let owner = JSONObject(
    "owner", "a process that owns a socket, and its descriptor",
    [
      .required("pid", .number(from: 1), "process id"),
      .required("command", .text, "name of the process, at most 15 bytes"),
      .required("fd", .number(from: 0), "number of the descriptor in that process"),
    ])

  static let ring = JSONObject(
    "ring", "a ring of packets that a program shares with the kernel",
    [
      .required("block_size", .count, "size of a block of the ring, bytes"),
      .required("block_count", .count, "blocks of the ring"),
      .required("frame_size", .count, "size of a frame of the ring, bytes"),
      .required("frame_count", .count, "frames of the ring"),
      .required(
        "retire_timeout_ms", .count,
        "milliseconds after which a block is handed over even if it is not full"),
      .required("features", .count, "bits: features of the ring"),
    ])

  static let summary = JSONObject(
    "summary", "how many sockets there are of one kind in one state",
    [
      .required("netid", .netid, of: ColumnSet.summary["netid"]),
      .required("state", .state, of: ColumnSet.summary["state"]),
      .required("total", .count, of: ColumnSet.summary["total"]),
      .optional("inet", .count, of: ColumnSet.summary["inet"]),
      .optional("inet6", .count, of: ColumnSet.summary["inet6"]),
      .optional("queued", .count, of: ColumnSet.summary["queued"]),
      .optional("orphans", .count, of: ColumnSet.summary["orphans"]),
    ])
}
