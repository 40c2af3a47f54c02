/// Which files a recording of a host holds, beside sockets and control groups.
enum HostRecorderPaths {
  static let mostControlGroups = 100_000
  /// Threads of one process, and of all, whose state is recorded.
  static let mostThreadsOfProcess = 4096
  static let mostThreads = 65_536
  /// epoll descriptors of one process whose watch lists are recorded, and pipes whose ends are.
  static let mostWatchLists = 256

  /// Tables and counters of one network namespace, in `NetworkNamespace.tables`.
  static let tables = [
    "tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6", "unix", "packet",
    "netstat", "snmp", "snmp6", "sockstat", "sockstat6", "dev", "softnet_stat",
  ]

  /// What says as much of interfaces and addresses where netlink is refused.
  static let insteadOfRouteAnswers =
    ProcNetInterfaces.File.allCases.map(\.rawValue) + ["fib_trie"]

  /// In `/proc/<pid>`; beside `cgroup`; readable for everybody, unless `hidepid` hides the process.
  static let ofProcess = ["comm", "stat", "status", "limits", "cmdline"]

  /// In `/proc/<pid>/task/<tid>`, beside `wchan` and `syscall`, which need the rights of a debugger.
  static let ofThread = ["comm", "stat", "status", "schedstat"]

  static let links = ["/proc/self/ns/net", "/proc/thread-self/ns/net", "/proc/1/ns/net"]

  static let files =
    [
      "/etc/passwd", "/etc/services", "/etc/protocols", "/proc/mounts", "/proc/self/mounts",
      "/proc/self/mountinfo", "/proc/self/status", "/proc/self/stat", "/proc/self/cgroup",
      "/proc/uptime", "/proc/stat", "/proc/loadavg", "/proc/meminfo",
    ] + settings.map { "/proc/sys/\($0)" }

  /// Settings that each network namespace has of its own, below `/proc/sys/net`; some of them are
  /// the host's on most kernels, and read the same everywhere.
  static let ofNamespace = [
    "core/somaxconn", "ipv4/ip_local_port_range", "ipv4/ip_local_reserved_ports",
    "ipv4/tcp_max_orphans", "ipv4/tcp_max_syn_backlog", "ipv4/tcp_max_tw_buckets",
    "ipv4/tcp_mem", "ipv4/tcp_syncookies", "ipv4/tcp_tw_reuse",
  ].map { "/proc/sys/net/\($0)" }

  private static let settings =
    [
      "kernel/hostname", "kernel/osrelease", "kernel/arch", "kernel/pid_max", "fs/file-nr",
      "fs/nr_open",
    ]
    + core.map { "net/core/\($0)" } + internet.map { "net/ipv4/\($0)" }
    + [
      "net/ipv6/bindv6only", "net/unix/max_dgram_qlen",
      "net/netfilter/nf_conntrack_count", "net/netfilter/nf_conntrack_max",
    ]

  private static let core = [
    "somaxconn", "netdev_max_backlog", "rmem_default", "rmem_max", "wmem_default", "wmem_max",
    "optmem_max", "default_qdisc",
  ]

  private static let internet = [
    "ip_local_port_range", "ip_local_reserved_ports", "tcp_abort_on_overflow",
    "tcp_congestion_control", "tcp_fastopen", "tcp_fin_timeout", "tcp_keepalive_intvl",
    "tcp_keepalive_probes", "tcp_keepalive_time", "tcp_max_orphans", "tcp_max_syn_backlog",
    "tcp_max_tw_buckets", "tcp_mem", "tcp_moderate_rcvbuf", "tcp_orphan_retries",
    "tcp_retries1", "tcp_retries2", "tcp_rmem", "tcp_syn_retries", "tcp_synack_retries",
    "tcp_syncookies", "tcp_timestamps", "tcp_tw_reuse", "tcp_wmem", "udp_mem",
    "udp_rmem_min", "udp_wmem_min",
  ]
}
