/// Runs inet_diag byte code by the kernel's rules (`inet_diag_bc_audit`, `inet_diag_bc_run`),
/// written from the description of the format and not from the assembler.
struct ByteCodeInterpreter {
  let code: [UInt8]

  /// What the kernel knows of a socket when it runs a program.
  struct Entry {
    /// `AF_INET` 2 or `AF_INET6` 10.
    var family: UInt8
    var sourcePort: UInt16
    var destinationPort: UInt16
    /// 4 or 16 bytes.
    var source: [UInt8]
    var destination: [UInt8]
  }

  private func half(_ offset: Int) -> Int { Int(code[offset]) | Int(code[offset + 1]) << 8 }

  /// How long the instruction must be at least; nil when it is unknown or cut off.
  private func leastLength(at offset: Int) -> Int? {
    let rest = code.count - offset
    switch code[offset] {
    case 0, 1: return 4
    case 2...5: return rest >= 8 ? 8 : nil
    case 7, 8:
      guard rest >= 12 else { return nil }
      guard let addressLength = [0: 0, 2: 4, 10: 16][Int(code[offset + 4])] else { return nil }
      guard Int(code[offset + 5]) <= addressLength * 8 else { return nil }
      return rest >= 12 + addressLength ? 12 + addressLength : nil
    default: return nil
    }
  }

  /// What the kernel checks before it takes a program: EINVAL otherwise.
  var isAccepted: Bool {
    guard code.count >= 4, code.count % 4 == 0 else { return false }
    var starts: Set<Int> = [code.count]
    var jumps: [Int] = []
    var offset = 0
    while offset < code.count {
      starts.insert(offset)
      guard offset + 4 <= code.count, let least = leastLength(at: offset) else { return false }
      let rest = code.count - offset
      let yes = Int(code[offset + 1])
      let no = half(offset + 2)
      if code[offset] != 0 {
        if no < least || no > rest + 4 || no % 4 != 0 { return false }
        if no < rest { jumps.append(offset + no) }
      }
      if yes < least || yes > rest + 4 || yes % 4 != 0 { return false }
      offset += yes
    }
    return offset == code.count && jumps.allSatisfy(starts.contains)
  }

  func keeps(_ entry: Entry) -> Bool {
    var offset = 0
    while offset < code.count {
      offset += holds(at: offset, entry) ? Int(code[offset + 1]) : half(offset + 2)
    }
    return offset == code.count
  }

  private func holds(at offset: Int, _ entry: Entry) -> Bool {
    switch code[offset] {
    case 0: true
    case 1: false
    case 2: Int(entry.sourcePort) >= half(offset + 6)
    case 3: Int(entry.sourcePort) <= half(offset + 6)
    case 4: Int(entry.destinationPort) >= half(offset + 6)
    case 5: Int(entry.destinationPort) <= half(offset + 6)
    case 7: host(at: offset, entry.family, entry.source, entry.sourcePort)
    default: host(at: offset, entry.family, entry.destination, entry.destinationPort)
    }
  }

  private func host(
    at offset: Int, _ family: UInt8, _ address: [UInt8], _ port: UInt16
  ) -> Bool {
    let wantedFamily = code[offset + 4]
    let bits = Int(code[offset + 5])
    let wantedPort = Int32(truncatingIfNeeded: half(offset + 8) | half(offset + 10) << 16)
    let wanted = Array(code[(offset + 12)...])
    if wantedPort != -1, wantedPort != Int32(port) { return false }
    if wantedFamily != 0, wantedFamily != family {
      guard family == 10, wantedFamily == 2 else { return false }
      let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
      return address.starts(with: mapped) && Self.same(Array(address[12...]), wanted, bits)
    }
    return Self.same(address, wanted, bits)
  }

  private static func same(_ left: [UInt8], _ right: [UInt8], _ bits: Int) -> Bool {
    (0..<bits).allSatisfy { bit in
      (left[bit / 8] ^ right[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
    }
  }
}
