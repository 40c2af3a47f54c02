/// Keys of listeners, and of the connections that wait there.
extension JSONObject {
  static let listener = JSONObject(
    "listener", "one listening socket",
    [
      .required(
        "netid", .word(["tcp", "udp", "u_str", "u_seq"]), of: ColumnSet.listeners["netid"]),
      .required("family", .word(["inet", "inet6", "unix"]), "address family: inet, inet6 or unix"),
      .optional("local", .reference("endpoint"), "own address and port"),
      .optional("v6only", .flag, "whether an IPv6 socket takes no IPv4, `IPV6_V6ONLY`"),
      .optional("path", .text, of: ColumnSet.sockets["path"]),
      .optional(
        "abstract", .alwaysTrue, "unix: true when the name is abstract, not a file",
        "Absent when it is a file."),
      .optional("interface", .text, of: ColumnSet.sockets["interface"]),
      .optional("netns", .count, "inode of the network namespace"),
      .optional("netns_name", .text, "its name under `/run/netns`"),
      .required("inode", .count, of: ColumnSet.listeners["inode"]),
      .optional("uid", .count, of: ColumnSet.sockets["uid"]),
      .optional("cookie", .matching("^[0-9a-f]{1,16}$"), of: ColumnSet.sockets["cookie"]),
      .optional(
        "shard", .count, "`SO_REUSEPORT`: which of the sockets on this address, from 1",
        """
        Ages, `abandoned`, `unread_bytes`, `syn_queue` and `connections` of all of them are \
        with the fullest one, unless something waits at one of them only.
        """),
      .optional("shards", .count, of: ColumnSet.listeners["shards"]),
      .optional(
        "accept_queue",
        .object([
          .optional(
            "length", .count,
            "connections waiting for accept, those included whose client reset them"),
          .optional("limit", .count, of: ColumnSet.listeners["limit"]),
          .optional("full", .flag, "whether newcomers are refused: `length` is more than `limit`"),
          .optional("oldest_ms", .count, of: ColumnSet.listeners["oldest"]),
          .optional("median_ms", .count, of: ColumnSet.listeners["median"]),
          .optional("p90_ms", .count, of: ColumnSet.listeners["p90"]),
          .optional("abandoned", .count, of: ColumnSet.listeners["abandoned"]),
          .optional("unread_bytes", .count, of: ColumnSet.listeners["unread"]),
        ]), "TCP and unix: connections that wait for accept"),
      .optional(
        "receive_queue",
        .object([
          .optional("memory", .count, "memory of what was not read, bytes"),
          .optional("limit", .count, "limit of that memory, bytes"),
        ]), "UDP: datagrams that have not been read"),
      .optional(
        "syn_queue",
        .object([
          .required("length", .count, "their number")
        ]), "TCP: handshakes under way"),
      .optional("drops", .count, of: ColumnSet.listeners["drops"]),
      .optional("drops_in_interval", .count, "with `--interval`: of them between the two samples"),
      .optional("interval_ms", .count, "with `--interval`: the time between the two samples"),
      .optional("drops_per_s", .decimal, "with `--interval`: `drops_in_interval` per second"),
      .optional(
        "connections", .map(keys: JSONType.connectionStates, .count),
        "accepted connections by state",
        """
        Those that still have an owner: `ESTAB` and `CLOSE-WAIT` always, others where there \
        are any.
        """),
      .optional(
        "owners", .list(.reference("owner"), notEmpty: true),
        "owners of the listener, each with its descriptor"),
      .optional("cgroup", .text, of: ColumnSet.sockets["cgroup"]),
      .optional("service", .text, of: ColumnSet.sockets["service"]),
      .optional("container", .text, of: ColumnSet.sockets["container"]),
      .optional(
        "waiting", .list(.reference("waiting")), "with `--waiting`: who waits, longest first"),
      .optional(
        "blocked", .list(.reference("owner"), notEmpty: true),
        """
        with --waiting, unix: which processes are blocked in `connect(2)` because the queue is \
        full
        """),
    ])

  static let waiting = JSONObject(
    "waiting", "a connection in an accept queue",
    [
      .optional("peer", .reference("endpoint"), "TCP: address and port of the client"),
      .optional("state", .word(["ESTAB", "CLOSE-WAIT"]), "TCP: state of the connection"),
      .optional("abandoned", .flag, "TCP: whether the client has hung up"),
      .optional("age_ms", .count, "milliseconds since the handshake ended"),
      .optional("unread_bytes", .count, "bytes that the client has sent"),
      .optional("peer_inode", .count, "inode of the client's socket, when it is on this host"),
      .optional(
        "peer_owners", .list(.reference("owner"), notEmpty: true),
        "owners of the client's end, each with its descriptor"),
    ])
}
