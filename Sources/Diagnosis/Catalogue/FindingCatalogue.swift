extension FindingDescription {
  /// All findings in the order of the manual: queues, who should serve, connections, the host,
  /// other kinds of socket. One file in `Findings/` and one line here; a test compares the two.
  public static let all: [FindingDescription] = [
    acceptQueueFull,
    acceptQueueFilling,
    acceptQueueDrops,
    serverBlocked,
    workersExhausted,
    eventLoopBlocked,
    acceptorWaitsChild,
    processStopped,
    descriptorsExhausted,
    listenerPaused,
    reuseportImbalance,
    synQueuePressure,
    selfCall,
    waitCycle,
    waitsUpstream,
    lockWait,
    requestUnanswered,
    closeWaitLeak,
    receiveStuck,
    peerNotReading,
    retransmitting,
    connectStuck,
    ephemeralPorts,
    timeWaitPressure,
    orphanPressure,
    tcpMemory,
    backlogClipped,
    backlogSmall,
    udpDrops,
    unixBacklogFull,
    unixReceiveFull,
  ]

  public static func named(_ id: String) -> FindingDescription? { all.first { $0.id == id } }
}
