import ProcNet

/// What ss prints behind the addresses for each of its letters, in its order and words.
struct SSDetails {
  var processes = false
  var timers = false
  var extended = false
  var memory = false
  var information = false
  /// Everything on one line instead of indented lines below the row.
  var oneLine = false

  var isEmpty: Bool { !(processes || timers || extended || memory || information) }

  /// What has to be asked of the kernel for it.
  var needs: SocketQuery.Details {
    var needs: SocketQuery.Details = []
    if extended { needs.insert(.attributes) }
    if memory { needs.insert(.memory) }
    if information { needs.insert(.tcp) }
    return needs
  }

  func append(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, to writer: inout ByteWriter
  ) {
    if processes { appendOwners(surroundings.owners(of: socket), to: &writer) }
    if socket.netid.isInternet {
      if timers, let timer = socket.timer { SSTimer.append(timer, to: &writer) }
      if extended { SSExtended.append(socket, surroundings, to: &writer) }
      appendMemoryAndInformation(socket, to: &writer)
    } else if socket.netid.isUnix {
      appendUnix(socket, to: &writer)
    } else {
      appendPacket(socket, surroundings, to: &writer)
    }
  }

  /// ` users:(("name",pid=1,fd=3),…)`, nothing when nobody holds the socket.
  private func appendOwners(_ owners: [Owner], to writer: inout ByteWriter) {
    guard !owners.isEmpty else { return }
    writer.append(" users:")
    SSOwners.append(owners, to: &writer)
  }

  private func appendMemoryAndInformation(
    _ socket: borrowing Socket, to writer: inout ByteWriter
  ) {
    guard memory || (information && socket.netid != .udp) else { return }
    guard let details = socket.details else { return }
    appendBreak(to: &writer)
    if memory, let held = details.memory { SSMemory.append(held, to: &writer) }
    if information, let tcp = details.tcp {
      SSTCPInfo(info: tcp, details: details, state: socket.state, showsOptions: timers)
        .append(to: &writer)
    }
  }

  private func appendUnix(_ socket: borrowing Socket, to writer: inout ByteWriter) {
    guard let details = socket.details else { return }
    if memory, let held = details.memory { SSMemory.append(held, to: &writer) }
    guard extended else { return }
    if let mask = details.shutdown { SSExtended.appendShutdown(mask, to: &writer) }
    if let file = details.file {
      writer.append(" ino:")
      writer.append(decimal: file.inode)
      // ss takes the kernel's number apart as the C library does with its own.
      writer.append(" dev:")
      writer.append(decimal: file.device >> 8 & 0xFFF)
      writer.append(UInt8(ascii: "/"))
      writer.append(decimal: file.device & 0xFF | file.device >> 12 & ~0xFF)
    }
    if let waiting = details.waiting {
      writer.append(" peers:")
      for inode in waiting {
        writer.append(UInt8(ascii: " "))
        writer.append(decimal: inode)
      }
    }
  }

  private func appendPacket(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, to writer: inout ByteWriter
  ) {
    guard let details = socket.details else { return }
    if extended {
      SSExtended.append(socket, surroundings, to: &writer)
      if let packet = details.packet {
        SSPacket(packet: packet, separator: oneLine ? " " : "\n\t").append(to: &writer)
      }
    }
    if memory, let held = details.memory { SSMemory.append(held, to: &writer) }
  }

  private func appendBreak(to writer: inout ByteWriter) {
    if !oneLine { writer.append("\n\t") }
  }
}

/// `(("name",pid=1,fd=3),("name",pid=2,fd=3))`.
enum SSOwners {
  static func append(_ owners: [Owner], to writer: inout ByteWriter) {
    writer.append(UInt8(ascii: "("))
    for (index, owner) in owners.enumerated() {
      writer.append(index == 0 ? "(\"" : ",(\"")
      SafeText.append(owner.command, to: &writer)
      writer.append("\",pid=")
      writer.append(decimal: Int(owner.process))
      writer.append(",fd=")
      writer.append(decimal: Int(owner.descriptor))
      writer.append(UInt8(ascii: ")"))
    }
    writer.append(UInt8(ascii: ")"))
  }
}

/// ` skmem:(r0,rb131072,…)`.
enum SSMemory {
  static func append(_ memory: SocketMemory, to writer: inout ByteWriter) {
    writer.append(" skmem:(r")
    writer.append(decimal: memory.receiveAllocated)
    writer.append(",rb")
    writer.append(decimal: memory.receiveLimit)
    writer.append(",t")
    writer.append(decimal: memory.sendAllocated)
    writer.append(",tb")
    writer.append(decimal: memory.sendLimit)
    writer.append(",f")
    writer.append(decimal: memory.forwardAllocated)
    writer.append(",w")
    writer.append(decimal: memory.sendQueued)
    writer.append(",o")
    writer.append(decimal: memory.options)
    if let backlog = memory.backlog {
      writer.append(",bl")
      writer.append(decimal: backlog)
    }
    if let drops = memory.drops {
      writer.append(",d")
      writer.append(decimal: drops)
    }
    writer.append(UInt8(ascii: ")"))
  }
}

/// ` timer:(keepalive,119min,0)`.
enum SSTimer {
  static func append(_ timer: SocketTimer, to writer: inout ByteWriter) {
    guard timer.kind != 0 else { return }
    writer.append(" timer:(")
    writer.append(timer.name)
    writer.append(UInt8(ascii: ","))
    appendTime(timer.expires, to: &writer)
    writer.append(UInt8(ascii: ","))
    writer.append(decimal: UInt32(timer.retransmits))
    writer.append(UInt8(ascii: ")"))
  }

  /// `119min`, `1min50sec`, `9.820ms` (ss's way to write 9.82 s), `204ms`.
  static func appendTime(_ milliseconds: UInt32, to writer: inout ByteWriter) {
    let minutes = milliseconds / 60_000
    var seconds = milliseconds / 1000 % 60
    var rest = milliseconds % 1000
    if minutes > 0 {
      rest = 0
      writer.append(decimal: minutes)
      writer.append("min")
      if minutes > 9 { seconds = 0 }
    }
    if seconds > 0 {
      if seconds > 9 { rest = 0 }
      writer.append(decimal: seconds)
      writer.append(rest > 0 ? "." : "sec")
    }
    if rest > 0 {
      if rest < 100 { writer.append(rest < 10 ? "00" : "0") }
      writer.append(decimal: rest)
      writer.append("ms")
    }
  }
}
