/// Netlink messages as a kernel would send them, for a `FakeKernel` to answer with.
public enum FakeDatagram {
  /// `nlmsghdr` and payload, padded to a multiple of four. The port id is 4242.
  public static func message(
    type: UInt16, flags: UInt16 = 2, sequence: UInt32 = 1, _ payload: [UInt8]
  ) -> [UInt8] {
    var message = [UInt8](repeating: 0, count: 16) + payload
    put(UInt32(message.count), into: &message, at: 0)
    put(UInt32(type) | UInt32(flags) << 16, into: &message, at: 4)
    put(sequence, into: &message, at: 8)
    put(4242, into: &message, at: 12)
    while message.count % 4 != 0 { message.append(0) }
    return message
  }

  /// `NLMSG_DONE` with the status that ends a dump well.
  public static func done(sequence: UInt32 = 1) -> [UInt8] {
    message(type: 3, sequence: sequence, [0, 0, 0, 0])
  }

  /// `NLMSG_ERROR` with an error number, positive as in `errno`.
  public static func error(_ number: Int32, sequence: UInt32 = 1) -> [UInt8] {
    var payload = [UInt8](repeating: 0, count: 4)
    put(UInt32(bitPattern: -number), into: &payload, at: 0)
    return message(type: 2, sequence: sequence, payload)
  }

  /// Where the messages of a datagram begin, as far as their lengths can be believed.
  public static func messages(in datagram: [UInt8]) -> [Int] {
    var starts: [Int] = []
    var start = 0
    while datagram.count - start >= 16 {
      let length = (0..<4).reduce(0) { $0 | Int(datagram[start + $1]) << (8 * $1) }
      guard length >= 16, length <= datagram.count - start else { break }
      starts.append(start)
      start += (length + 3) & ~3
    }
    return starts
  }

  /// Writes a number in the byte order of netlink; what does not fit is left out.
  public static func put(_ number: UInt32, into bytes: inout [UInt8], at offset: Int) {
    for index in 0..<4 where offset + index < bytes.count {
      bytes[offset + index] = UInt8(truncatingIfNeeded: number >> UInt32(8 * index))
    }
  }
}
