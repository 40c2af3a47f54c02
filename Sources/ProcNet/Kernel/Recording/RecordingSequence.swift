/// Gives a recorded netlink answer the sequence number of the request that it now answers.
enum RecordingSequence {
  /// Writes the number into each `nlmsghdr` of the datagram; stops at a length that lies.
  static func write(_ sequence: UInt32, into frames: borrowing RecordingFrames) {
    let memory = unsafe frames.bodyMemory
    var start = 8
    while memory.count - start >= 16 {
      let length = unsafe Int(memory.loadUnaligned(fromByteOffset: start, as: UInt32.self))
      guard length >= 16, length <= memory.count - start else { return }
      unsafe memory.storeBytes(of: sequence.littleEndian, toByteOffset: start + 8, as: UInt32.self)
      start += (length + 3) & ~3
    }
  }
}
