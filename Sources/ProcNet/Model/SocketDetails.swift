/// What a listing shows of a socket beyond its row; every fact is optional because kernels, kinds
/// of sockets and privileges differ in what they tell.
public final class SocketDetails: Sendable {
  /// Buffers and their limits; nil when not asked for, and where the source has none.
  public let memory: SocketMemory?
  /// Packets dropped at this socket, from `memory` or, where a source knows nothing else of the
  /// memory, alone (`drops` in `/proc/net/udp`).
  public let drops: UInt32?
  /// `tcp_info` (`INET_DIAG_INFO`); nil for what is no whole TCP socket, as in TIME-WAIT.
  public let tcp: TCPInfo?
  /// Name of the congestion control (`INET_DIAG_CONG`).
  public let congestion: [UInt8]?
  /// What the congestion control says of itself; nil for those that say nothing.
  public let congestionInfo: CongestionInfo?
  /// `SO_MARK`; needs CAP_NET_ADMIN (`INET_DIAG_MARK`).
  public let mark: UInt32?
  /// `IP_TOS` (`INET_DIAG_TOS`).
  public let typeOfService: UInt8?
  /// `IPV6_TCLASS` (`INET_DIAG_TCLASS`).
  public let trafficClass: UInt8?
  /// `SO_PRIORITY`/net_cls class (`INET_DIAG_CLASS_ID`).
  public let classID: UInt32?
  /// cgroup v2 id = inode of its folder (`INET_DIAG_CGROUP_ID`, since Linux 5.9).
  public let cgroupID: UInt64?
  /// Bit 0: shut down for receiving, bit 1: for sending (`INET_DIAG_SHUTDOWN`).
  public let shutdown: UInt8?
  /// Upper layer protocol: `tls`, `mptcp`, `espintcp`, `smc`.
  public let upperLayerName: [UInt8]?
  /// What it says of itself (`INET_DIAG_ULP_INFO`).
  public let upperLayer: UpperLayer?
  /// Who must sign what it sends (`INET_DIAG_MD5SIG`); needs CAP_NET_ADMIN.
  public let md5Peers: [MD5Peers]
  /// Socket option bits (`INET_DIAG_SOCKOPT`, since Linux 5.10).
  public let socketOptions: UInt16?
  /// unix LISTEN: inodes of the connections that wait for accept (`UNIX_DIAG_ICONS`).
  public let waiting: [UInt32]?
  /// unix: the file a path is bound to (`UNIX_DIAG_VFS`).
  public let file: SocketFile?
  /// What only packet sockets have.
  public let packet: PacketDetails?

  /// Details of which only those that are given are known; drops are those of the memory unless
  /// told apart.
  public init(
    memory: SocketMemory? = nil, tcp: TCPInfo? = nil, congestion: [UInt8]? = nil,
    congestionInfo: CongestionInfo? = nil, mark: UInt32? = nil, typeOfService: UInt8? = nil,
    trafficClass: UInt8? = nil, classID: UInt32? = nil, cgroupID: UInt64? = nil,
    shutdown: UInt8? = nil, upperLayerName: [UInt8]? = nil, upperLayer: UpperLayer? = nil,
    md5Peers: [MD5Peers] = [], socketOptions: UInt16? = nil,
    waiting: [UInt32]? = nil, file: SocketFile? = nil, packet: PacketDetails? = nil,
    drops: UInt32? = nil
  ) {
    self.memory = memory
    self.drops = drops ?? memory?.drops
    self.tcp = tcp
    self.congestion = congestion
    self.congestionInfo = congestionInfo
    self.mark = mark
    self.typeOfService = typeOfService
    self.trafficClass = trafficClass
    self.classID = classID
    self.cgroupID = cgroupID
    self.shutdown = shutdown
    self.upperLayerName = upperLayerName
    self.upperLayer = upperLayer
    self.md5Peers = md5Peers
    self.socketOptions = socketOptions
    self.waiting = waiting
    self.file = file
    self.packet = packet
  }
}

/// The file that a unix socket is bound to (`struct unix_diag_vfs`).
public struct SocketFile: Sendable, Hashable {
  /// Inode of the file in its file system (`udiag_vfs_ino`), not of the socket.
  public var inode: UInt32
  /// The device's number as the kernel sends it.
  public var device: UInt32

  /// The two words of `unix_diag_vfs`.
  public init(inode: UInt32, device: UInt32) {
    self.inode = inode
    self.device = device
  }
}

/// The memory of a socket in bytes (`SK_MEMINFO_*` of `linux/sock_diag.h`); drops is a count.
public struct SocketMemory: Sendable, Hashable {
  /// `SK_MEMINFO_RMEM_ALLOC`: taken by what waits to be read, overhead included.
  public var receiveAllocated: UInt32
  /// `SK_MEMINFO_RCVBUF`: what that may take (`SO_RCVBUF`).
  public var receiveLimit: UInt32
  /// `SK_MEMINFO_WMEM_ALLOC`: taken by what the layers below have been given to send.
  public var sendAllocated: UInt32
  /// `SK_MEMINFO_SNDBUF`: what sending may take (`SO_SNDBUF`).
  public var sendLimit: UInt32
  /// `SK_MEMINFO_FWD_ALLOC`: reserved for the socket and not used at present.
  public var forwardAllocated: UInt32
  /// `SK_MEMINFO_WMEM_QUEUED`: taken by what waits to be sent or acknowledged.
  public var sendQueued: UInt32
  /// `SK_MEMINFO_OPTMEM`: taken by options and filters.
  public var options: UInt32
  /// Since Linux 4.2.
  public var backlog: UInt32?
  /// Packets dropped at this socket (since Linux 4.7); of a listener: connections it dropped.
  public var drops: UInt32?

  /// The words of `INET_DIAG_SKMEMINFO` in order; without them 0, but nil for backlog and drops.
  public init(words: [UInt32]) {
    func word(_ index: Int) -> UInt32? { index < words.count ? words[index] : nil }
    receiveAllocated = word(0) ?? 0
    receiveLimit = word(1) ?? 0
    sendAllocated = word(2) ?? 0
    sendLimit = word(3) ?? 0
    forwardAllocated = word(4) ?? 0
    sendQueued = word(5) ?? 0
    options = word(6) ?? 0
    backlog = word(7)
    drops = word(8)
  }
}

/// What a congestion control says of itself.
public enum CongestionInfo: Sendable, Hashable {
  /// `tcpvegas_info`: times in microseconds.
  case vegas(enabled: Bool, rttCount: UInt32, rtt: UInt32, minRTT: UInt32)
  /// `tcp_dctcp_info`.
  case dctcp(enabled: Bool, ceState: UInt16, alpha: UInt32, ecnBytes: UInt32, totalBytes: UInt32)
  /// `tcp_bbr_info`: bytes per second, microseconds, gains times 256.
  case bbr(bandwidth: UInt64, minRTT: UInt32, pacingGain: UInt32, windowGain: UInt32)
}

/// What `packet_diag` says of a packet socket (`packet_diag_info`, rings, fanout).
public struct PacketDetails: Sendable, Hashable {
  /// `pdi_version`: layout of its rings, 0 to 2 for `TPACKET_V1` to `V3`.
  public var version: UInt32?
  /// `pdi_copy_thresh`: packets longer than this are copied to the queue as well
  /// (`PACKET_COPY_THRESH`).
  public var copyThreshold: UInt32?
  /// `PDI_RUNNING` 1, `PDI_AUXDATA` 2, `PDI_ORIGDEV` 4, `PDI_VNETHDR` 8, `PDI_LOSS` 16.
  public var flags: UInt32?
  /// The ring in memory that it receives into; nil without one.
  public var receiveRing: Ring?
  /// The ring in memory that it sends from; nil without one.
  public var sendRing: Ring?
  /// Low 16 bits the group's id, high 16 bits how packets are spread.
  public var fanout: UInt32?

  /// A ring of frames that kernel and program share (`packet_diag_ring`).
  public struct Ring: Sendable, Hashable {
    /// Bytes of a block (`pdr_block_size`).
    public var blockSize: UInt32
    /// How many blocks there are (`pdr_block_nr`).
    public var blockCount: UInt32
    /// Bytes of a frame (`pdr_frame_size`).
    public var frameSize: UInt32
    /// How many frames there are (`pdr_frame_nr`).
    public var frameCount: UInt32
    /// Milliseconds.
    public var retireTimeout: UInt32
    /// `pdr_features`: bits of `TPACKET_V3`.
    public var features: UInt32

    /// The words of the attribute in order; what is missing is 0.
    public init(words: [UInt32]) {
      func word(_ index: Int) -> UInt32 { index < words.count ? words[index] : 0 }
      blockSize = word(0)
      blockCount = word(1)
      frameSize = word(2)
      frameCount = word(3)
      retireTimeout = word(4)
      features = word(6)
    }
  }

  /// Nothing is known yet.
  public init() {}
}

/// What the protocol on top of TCP says of a connection (`INET_DIAG_ULP_INFO`, since Linux 5.4).
public enum UpperLayer: Sendable, Hashable {
  /// The kernel encrypts (kTLS).
  case tls(TLSInfo)
  /// The connection is a subflow of Multipath TCP.
  case mptcp(MPTCPInfo)

  /// The kernel's TLS (`TLS_INFO_*` of `linux/tls.h`); numbers are the kernel's.
  public struct TLSInfo: Sendable, Hashable {
    /// 0x0303 is TLS 1.2, 0x0304 TLS 1.3.
    public var version: UInt16?
    /// `TLS_CIPHER_*`: 51 AES-GCM-128, 52 AES-GCM-256.
    public var cipher: UInt16?
    /// Who encrypts and decrypts: 1 nobody, 2 the kernel, 3 the interface, 4 the interface by
    /// whole records.
    public var sending: UInt16?
    /// Who decrypts, likewise.
    public var receiving: UInt16?
    /// `sendfile` without a copy is allowed (since Linux 6.0).
    public var sendsWithoutCopy = false
    /// Records without padding are expected (since Linux 6.0).
    public var expectsNoPadding = false

    /// Nothing is known yet.
    public init() {}
  }

  /// A subflow of MPTCP (`MPTCP_SUBFLOW_ATTR_*` of `linux/mptcp.h`, since Linux 5.6).
  public struct MPTCPInfo: Sendable, Hashable {
    /// `MPTCP_SUBFLOW_FLAG_*`, from bit 0: M m J j B b e c v in ss.
    public var flags: UInt32?
    /// `MPTCP_SUBFLOW_ATTR_TOKEN_REM`: the peer's number of the MPTCP connection.
    public var remoteToken: UInt32?
    /// `MPTCP_SUBFLOW_ATTR_TOKEN_LOC`: our number of the MPTCP connection.
    public var localToken: UInt32?
    /// `MPTCP_SUBFLOW_ATTR_ID_REM`: the peer's number of its address.
    public var remoteID: UInt8?
    /// `MPTCP_SUBFLOW_ATTR_ID_LOC`: our number of our address.
    public var localID: UInt8?
    /// `MPTCP_SUBFLOW_ATTR_MAP_SEQ`: data sequence number of the mapping that is received.
    public var mapSequence: UInt64?
    /// `MPTCP_SUBFLOW_ATTR_MAP_SFSEQ`: sequence number in the subflow where it begins.
    public var mapSubflowSequence: UInt32?
    /// `MPTCP_SUBFLOW_ATTR_SSN_OFFSET`: from TCP's sequence numbers to those of the subflow.
    public var subflowOffset: UInt32?
    /// `MPTCP_SUBFLOW_ATTR_MAP_DATALEN`: bytes of that mapping.
    public var mapLength: UInt16?

    /// Nothing is known yet.
    public init() {}
  }
}

/// Peers that must sign with TCP-MD5 (RFC 2385). The kernel tells the key as well, to those who may
/// administer the network; it is nothing to be shown or passed on.
public struct MD5Peers: Sendable, Hashable {
  /// The address, or the first of a range, that the key is for.
  public var address: IPAddress
  /// Bits of the address that count (`tcpm_prefixlen`).
  public var prefix: UInt8

  /// Without the key, which is never kept.
  public init(address: IPAddress, prefix: UInt8) {
    self.address = address
    self.prefix = prefix
  }
}
