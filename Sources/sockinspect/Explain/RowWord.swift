/// A word that ss's letters put behind a row and that is no field of `tcp_info`.
struct RowWord: Sendable {
  let name: String
  /// As it looks.
  let shown: String
  let means: String
  /// Empty when there is no more to say.
  let more: String
  let look: String

  init(_ name: String, _ shown: String, _ means: String, _ more: String, _ look: String) {
    self.name = name
    self.shown = shown
    self.means = means
    self.more = more
    self.look = look
  }

  /// Behind the addresses, in the order of the letters -p, -e, -o and -i; tcp_info has its own.
  static let all: [RowWord] = [
    .init(
      "users",
      "users:((…))",
      "All owners: name, process id and descriptor of each.",
      "The same as the column process. Names are chosen by the programs themselves.",
      "sockinspect -tanp"),
    .init("uid", "uid:", "User id of the creator; left out when it is 0.", "", "sockinspect -tane"),
    .init(
      "ino",
      "ino:",
      "Inode of the socket; of a bound unix socket that of its file.",
      "In `/proc/PID/fd` it is the number of `socket:[…]`.",
      "ls -l /proc/PID/fd"),
    .init(
      "sk",
      "sk:",
      "The kernel's own number of the socket, hexadecimal.",
      "The cookie, which is not used twice while the host runs.",
      "sockinspect -tane"),
    .init(
      "fwmark",
      "fwmark:",
      "Mark of the socket for routing and firewalls: SO_MARK.",
      "",
      "sockinspect -tane"),
    .init(
      "cgroup",
      "cgroup:",
      "Control group of the socket's creator, which names the service or container.",
      "With socket activation or passed descriptors the owner can be in another one.",
      "sockinspect --columns +service,container"),
    .init(
      "v6only",
      "v6only:",
      "Whether an IPv6 socket takes IPv6 only (1) or IPv4 as well (0).",
      "",
      "sysctl net.ipv6.bindv6only"),
    .init(
      "shutdown",
      "<-> --> <-- ---",
      "Directions that are open: <-> both, --> sending only, <-- receiving only, --- none.",
      "What `shutdown(2)` has closed.",
      "sockinspect -xae"),
    .init(
      "dev",
      "dev:",
      "Device of the file that a unix socket is bound to.",
      "",
      "sockinspect -xe"),
    .init(
      "peers",
      "peers:",
      "Of a unix listener: inodes of the clients that wait for accept.",
      "",
      "sockinspect listen -x --waiting"),
    .init("ts", "ts", "Both ends use timestamps.", "", "sockinspect -tanio"),
    .init(
      "sack",
      "sack",
      "Both ends use selective acknowledgements.",
      "Without them loss takes longer to repair.",
      "sockinspect -tanio"),
    .init(
      "ecn",
      "ecn",
      "Both ends use explicit congestion notification.",
      "",
      "sysctl net.ipv4.tcp_ecn"),
    .init(
      "ecnseen",
      "ecnseen",
      "At least one packet arrived with a mark of explicit congestion notification.",
      "",
      "sockinspect -tanio"),
    .init(
      "fastopen",
      "fastopen",
      "Data went with the SYN (TCP Fast Open).",
      "",
      "sysctl net.ipv4.tcp_fastopen"),
    .init(
      "wscale",
      "wscale:",
      "Window scaling: by how many bits the peer's windows and ours are scaled.",
      "Without it windows end at 64 KiB, which is slow over long distances.",
      "sockinspect -tani"),
    .init(
      "send",
      "send",
      """
      Congestion window × segment size ÷ round-trip time: the rate that is possible, in bits per \
      second.
      """,
      "Reckoned by the tool as ss does; it is no measurement.",
      "sockinspect -tani"),
    .init(
      "bbr",
      "bbr:(…)",
      """
      What BBR has measured: bandwidth of the bottleneck, smallest round-trip time, its two gains.
      """,
      "",
      "sockinspect -tani"),
    .init(
      "dctcp",
      "dctcp:(…)",
      """
      What DCTCP has measured: congestion seen last, its share in 1024ths, bytes marked and all \
      bytes.
      """,
      "",
      "sockinspect -tani"),
    .init(
      "ver",
      "ver:",
      "Of a packet socket: PACKET_VERSION of its rings, from 0.",
      "",
      "sockinspect -0e"),
    .init(
      "cpy_thresh",
      "cpy_thresh:",
      "Of a packet socket: packets larger than this many bytes are copied.",
      "",
      "sockinspect -0e"),
    .init(
      "flags",
      "flags( … )",
      "Of a packet socket: running, auxdata, origdev, vnethdr, loss.",
      "",
      "sockinspect -0e"),
    .init(
      "ring_rx",
      "ring_rx(…)",
      "Of a packet socket: the ring it receives into.",
      """
      Size and number of blocks (blk_size, blk_nr) and frames (frm_size, frm_nr), time-out (tmo), \
      features.
      """,
      "sockinspect -0e"),
    .init(
      "ring_tx",
      "ring_tx(…)",
      "Of a packet socket: the ring it sends from.",
      "",
      "sockinspect -0e"),
    .init(
      "fanout",
      "fanout(…)",
      "Of a packet socket: the group that shares packets, and how they are spread.",
      "",
      "sockinspect -0e"),
  ]
}
