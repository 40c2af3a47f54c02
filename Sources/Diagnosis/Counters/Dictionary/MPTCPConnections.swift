extension CounterDictionary {
  /// Multipath TCP: connections and their further subflows.
  static let mptcpConnections = describe(
    (
      "MPTcpExt",
      [
        .init("MPCapableSYNRX", "a client asked for multipath TCP in its SYN"),
        .init("MPCapableSYNTX", "a program of this host asked for multipath TCP in its SYN"),
        .init("MPCapableSYNACKRX", "a server agreed to multipath TCP in its SYN/ACK"),
        .init(
          "MPCapableACKRX", "a client confirmed multipath TCP in the last ACK of the handshake"),
        .init(
          "MPCapableFallbackACK",
          "a server went back to plain TCP during the handshake",
          "The client, or something on the way, does not do multipath TCP."),
        .init(
          "MPCapableFallbackSYNACK",
          "a client went back to plain TCP since the server did not agree to multipath"),
        .init(
          "MPCapableSYNTXDrop",
          "a client went back to plain TCP since SYNs with the multipath option got no answer",
          "Something on the way swallows the option."),
        .init(
          "MPCapableSYNTXDisabled",
          "a client did not ask for multipath TCP since that failed lately"),
        .init(
          "MPCapableEndpAttempt",
          "a client asked for a multipath connection at a port that is only for further subflows"),
        .init("MPFallbackTokenInit", "a connection went back to plain TCP since it got no token"),
        .init(
          "MPTCPRetrans",
          "data was sent again on another subflow",
          "One of the ways is slow or gone."),
        .init("MPJoinNoTokenFound", "a subflow asked to join a connection that is not known here"),
        .init("MPJoinNoIdFound", "a subflow asked to join at an address that has no id here"),
        .init("MPJoinSynRx", "a subflow asked to join a connection"),
        .init("MPJoinSynBackupRx", "a subflow asked to join a connection as a spare"),
        .init("MPJoinSynAckRx", "a server let one of our subflows join"),
        .init("MPJoinSynAckBackupRx", "a server let one of our subflows join as a spare"),
        .init(
          "MPJoinSynAckHMacFailure", "a server's answer to a joining subflow was not authentic"),
        .init("MPJoinAckRx", "a joining subflow finished its handshake"),
        .init("MPJoinAckHMacFailure", "the last ACK of a joining subflow was not authentic"),
        .init("MPJoinRejected", "a subflow was not let in: limits, or the path manager refused"),
        .init("MPJoinSynTx", "this host tried to add a subflow"),
        .init(
          "MPJoinSynTxCreatSkErr",
          "a subflow could not be added since its socket could not be made"),
        .init(
          "MPJoinSynTxBindErr",
          "a subflow could not be added since its address could not be taken"),
        .init("MPJoinSynTxConnectErr", "a subflow could not be added since connect failed"),
        .init("MPJoinPortSynRx", "a subflow asked to join at a port of its own"),
        .init("MPJoinPortSynAckRx", "a server let a subflow join at another port"),
        .init("MPJoinPortAckRx", "a subflow at another port finished its handshake"),
        .init("MismatchPortSynRx", "a subflow asked to join at a port that had not been announced"),
        .init(
          "MismatchPortAckRx",
          "the last ACK of a subflow came to a port that had not been announced"),
        .init("MPCurrEstab", .level, "multipath connections established at this moment"),
        .init(
          "Blackhole",
          "a way that swallows multipath SYNs was noticed",
          "New connections go as plain TCP for a while."),
        .init(
          "MPCapableDataFallback",
          "a connection went back to plain TCP since its first data lacked the option"),
        .init("MD5SigFallback", "a connection went back to plain TCP since it has MD5 signatures"),
        .init(
          "SimultConnectFallback",
          "a connection went back to plain TCP since both ends had called connect"),
      ]
    ))
}
