/// The counters of multipath TCP.
enum MPTCPCounters {
  /// Multipath TCP: connections and their further subflows.
  static let connections = CounterDescription.list(
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
          "The client, or something on the path, does not do multipath TCP."),
        .init(
          "MPCapableFallbackSYNACK",
          "a client went back to plain TCP since the server did not agree to multipath"),
        .init(
          "MPCapableSYNTXDrop",
          "a client went back to plain TCP since SYNs with the multipath option got no answer",
          "Something on the path drops the option."),
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
          "One of the paths is slow or gone."),
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
          "the kernel noticed a path that drops multipath SYNs",
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

  /// Multipath TCP: data, addresses and the end of subflows.
  static let traffic = CounterDescription.list(
    (
      "MPTcpExt",
      [
        .init("DSSNotMatching", "a mapping of data to a subflow contradicted the one before"),
        .init(
          "DSSCorruptionFallback",
          "mappings of data to a subflow were damaged, and the connection went back to plain TCP"),
        .init("DSSCorruptionReset", "mappings of data were damaged, and the subflow was reset"),
        .init(
          "DssFallback",
          "a connection went back to plain TCP since a mapping of data was wrong or missing"),
        .init(
          "FallbackFailed",
          "a connection should have gone back to plain TCP and could not any more"),
        .init("InfiniteMapTx", "this host announced to a peer that the rest goes as plain TCP"),
        .init("InfiniteMapRx", "a peer announced that the rest goes as plain TCP"),
        .init("DSSNoMatchTCP", "a mapping of data did not fit the numbers of its subflow"),
        .init("DataCsumErr", "data had a wrong checksum", "Something on the path changes data."),
        .init("OFOQueueTail", "data out of order was put aside behind all the rest"),
        .init(
          "OFOQueue", "data out of order was put aside", "Subflows of different speed; normal."),
        .init("OFOMerge", "data out of order was merged with what was there"),
        .init("NoDSSInWindow", "data was outside of the window of the connection"),
        .init("DuplicateData", "data had come before, on another subflow"),
        .init("AddAddr", "a peer announced a further address"),
        .init("AddAddrTx", "a further address was announced to a peer"),
        .init("AddAddrTxDrop", "a further address was not announced for lack of resources"),
        .init("EchoAdd", "a peer confirmed an address that was announced to it"),
        .init("EchoAddTx", "the address that a peer announced was confirmed"),
        .init(
          "EchoAddTxDrop",
          "the confirmation of a peer's address was not sent for lack of resources"),
        .init("PortAdd", "a peer announced a further address with a port"),
        .init("AddAddrDrop", "a peer's further address was ignored"),
        .init("RmAddr", "a peer took back an address"),
        .init("RmAddrDrop", "a peer's taking back of an address was ignored"),
        .init("RmAddrTx", "an address was taken back"),
        .init("RmAddrTxDrop", "the taking back of an address was not sent for lack of resources"),
        .init("RmSubflow", "a subflow was removed since its address had gone"),
        .init("MPPrioTx", "this host asked a peer to treat a subflow as a spare, or no longer"),
        .init("MPPrioRx", "a peer asked to treat a subflow as a spare, or no longer"),
        .init("MPFailTx", "this host reported to a peer that data had arrived damaged"),
        .init("MPFailRx", "a peer reported that data had arrived damaged"),
        .init("MPFastcloseTx", "a connection was broken off with all its subflows"),
        .init("MPFastcloseRx", "a peer broke off a connection with all its subflows"),
        .init("MPRstTx", "a subflow was reset, with the reason"),
        .init("MPRstRx", "a peer reset a subflow, with the reason"),
        .init("SubflowStale", "a subflow was taken for dead, since it did not get on"),
        .init("SubflowRecover", "a subflow that was taken for dead came back"),
        .init(
          "SndWndShared", "the send window of a subflow was taken from the connection as a whole"),
        .init(
          "RcvWndShared",
          "the receive window of a subflow was taken from the connection as a whole"),
        .init(
          "RcvWndConflictUpdate",
          """
          the receive window of a subflow was corrected after another one had moved that of the \
          connection
          """),
        .init("RcvWndConflict", "two subflows moved the receive window of a connection at once"),
        .init("WinProbe", "a window probe was sent for a multipath connection"),
      ]
    ))
}
