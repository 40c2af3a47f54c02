extension CounterDictionary {
  /// Multipath TCP: data, addresses and the end of subflows.
  static let mptcpTraffic = describe(
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
        .init("InfiniteMapTx", "a peer was told that the rest goes as plain TCP"),
        .init("InfiniteMapRx", "a peer told that the rest goes as plain TCP"),
        .init("DSSNoMatchTCP", "a mapping of data did not fit the numbers of its subflow"),
        .init("DataCsumErr", "data had a wrong checksum", "Something on the way changes data."),
        .init("OFOQueueTail", "data out of order was put aside behind all the rest"),
        .init(
          "OFOQueue", "data out of order was put aside", "Subflows of different speed; normal."),
        .init("OFOMerge", "data out of order was merged with what was there"),
        .init("NoDSSInWindow", "data was outside of the window of the connection"),
        .init("DuplicateData", "data had come before, on another subflow"),
        .init("AddAddr", "a peer announced a further address"),
        .init("AddAddrTx", "a further address was announced to a peer"),
        .init("AddAddrTxDrop", "a further address was not announced for want of resources"),
        .init("EchoAdd", "a peer confirmed an address that was announced to it"),
        .init("EchoAddTx", "the address that a peer announced was confirmed"),
        .init(
          "EchoAddTxDrop",
          "the confirmation of a peer's address was not sent for want of resources"),
        .init("PortAdd", "a peer announced a further address with a port"),
        .init("AddAddrDrop", "a peer's further address was ignored"),
        .init("RmAddr", "a peer took back an address"),
        .init("RmAddrDrop", "a peer's taking back of an address was ignored"),
        .init("RmAddrTx", "an address was taken back"),
        .init("RmAddrTxDrop", "the taking back of an address was not sent for want of resources"),
        .init("RmSubflow", "a subflow was removed since its address had gone"),
        .init("MPPrioTx", "a peer was told to treat a subflow as a spare, or no longer"),
        .init("MPPrioRx", "a peer told to treat a subflow as a spare, or no longer"),
        .init("MPFailTx", "a peer was told that data had arrived damaged"),
        .init("MPFailRx", "a peer told that data had arrived damaged"),
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
