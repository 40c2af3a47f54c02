import Glibc

/// Closing somebody's socket: the one thing in this library that changes anything.
extension Kernel {
  /// Recordings and kernels made by tests have nothing to close.
  public func close(_ socket: borrowing Socket, in place: NetworkNamespace) throws(KernelError) {
    throw KernelError("close", "a socket", .malformed("only a live host has any"))
  }
}

extension LiveKernel {
  public func close(_ socket: borrowing Socket, in place: NetworkNamespace) throws(KernelError) {
    guard let message = DestroyRequest.message(socket) else {
      throw KernelError(
        "close", "a socket", .malformed("the kernel closes only TCP and UDP sockets it has named"))
    }
    // Whoever reads another /proc does not mean our own sockets.
    guard root.isOwn else {
      throw KernelError("close", "a socket", .malformed("only those of our own host can be"))
    }
    let netlink = try opening(.network, at: place.path) { () throws(KernelError) in
      try NetlinkSocket(.socketDiagnosis)
    }
    try netlink.send(message)
    try netlink.receive { (datagram) throws(KernelError) in
      guard let number = DestroyRequest.answer(in: datagram) else {
        throw KernelError("close", "a socket", .malformed("the answer is none"))
      }
      if number != 0 { throw KernelError("close", "a socket", .system(number)) }
      return .complete
    }
  }
}

extension KernelError {
  /// The socket went before it could be closed; another one may be in its place (`ESTALE`).
  public var isGoneSocket: Bool { number == ENOENT || number == ESTALE }
  /// The kernel was built without `INET_DIAG_DESTROY`.
  public var isUnknownToKernel: Bool { number == EOPNOTSUPP }
}
