/// What the protocol on top of TCP says of a connection (`INET_DIAG_ULP_INFO`, since Linux 5.4).
public enum UpperLayer: Sendable, Hashable {
  case tls(TLSInfo)
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
    public var receiving: UInt16?
    /// `sendfile` without a copy is allowed (since Linux 6.0).
    public var sendsWithoutCopy = false
    /// Records without padding are expected (since Linux 6.0).
    public var expectsNoPadding = false

    public init() {}
  }

  /// A subflow of MPTCP (`MPTCP_SUBFLOW_ATTR_*` of `linux/mptcp.h`, since Linux 5.6).
  public struct MPTCPInfo: Sendable, Hashable {
    /// `MPTCP_SUBFLOW_FLAG_*`, from bit 0: M m J j B b e c v in ss.
    public var flags: UInt32?
    public var remoteToken: UInt32?
    public var localToken: UInt32?
    public var remoteID: UInt8?
    public var localID: UInt8?
    public var mapSequence: UInt64?
    public var mapSubflowSequence: UInt32?
    public var subflowOffset: UInt32?
    public var mapLength: UInt16?

    public init() {}
  }
}

/// Peers that must sign with TCP-MD5 (RFC 2385). The kernel tells the key as well, to those who may
/// administer the network; it is nothing to be shown or passed on.
public struct MD5Peers: Sendable, Hashable {
  public var address: IPAddress
  public var prefix: UInt8

  public init(address: IPAddress, prefix: UInt8) {
    self.address = address
    self.prefix = prefix
  }
}
