extension CounterDictionary {
  /// The counters to look at when a server does not answer: queues, SYN, resets, retransmission,
  /// memory, in this order.
  public static let listen: [String] =
    queues + handshakes + resets + retransmission + memory

  private static let queues = [
    "TcpExtListenOverflows", "TcpExtListenDrops", "TcpExtTCPReqQFullDrop",
    "TcpExtTCPReqQFullDoCookies", "TcpExtTCPDeferAcceptDrop", "TcpExtTCPMigrateReqFailure",
    "TcpExtTCPFastOpenListenOverflow", "UdpRcvbufErrors", "Udp6RcvbufErrors",
  ]

  private static let handshakes = [
    "TcpActiveOpens", "TcpPassiveOpens", "TcpAttemptFails", "TcpCurrEstab",
    "TcpExtTCPSynRetrans", "TcpExtSyncookiesSent", "TcpExtSyncookiesRecv",
    "TcpExtSyncookiesFailed", "TCPtw", "TcpExtTCPTimeWaitOverflow",
  ]

  private static let resets = [
    "TcpEstabResets", "TcpOutRsts", "TcpExtEmbryonicRsts", "TcpExtTCPAbortOnData",
    "TcpExtTCPAbortOnClose", "TcpExtTCPAbortOnTimeout", "TcpExtTCPAbortOnMemory",
  ]

  private static let retransmission = [
    "TcpRetransSegs", "TcpExtTCPTimeouts", "TcpExtTCPLostRetransmit", "TcpExtTCPRetransFail",
    "TcpExtTCPWinProbe", "TcpExtTCPToZeroWindowAdv",
  ]

  private static let memory = [
    "TCPmem", "TCPorphan", "UDPmem", "TcpExtTCPMemoryPressures", "TcpExtPruneCalled",
    "TcpExtRcvPruned", "TcpExtTCPRcvQDrop", "TcpExtTCPBacklogDrop", "TcpExtTCPOFODrop",
    "TcpExtTCPZeroWindowDrop", "UdpMemErrors",
  ]
}
