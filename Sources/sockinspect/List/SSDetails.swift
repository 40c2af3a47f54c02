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
    _ socket: borrowing Socket, _ context: any SocketContext, to writer: inout ByteWriter
  ) {
    if processes { appendOwners(context.owners(of: socket), to: &writer) }
    if socket.netid.isInternet {
      if timers, let timer = socket.timer { SSTimer.append(timer, to: &writer) }
      if extended { SSExtended.append(socket, context, to: &writer) }
      appendMemoryAndInformation(socket, to: &writer)
    } else if socket.netid.isUnix {
      appendUnix(socket, to: &writer)
    } else {
      appendPacket(socket, context, to: &writer)
    }
  }

  /// ` users:(("name",pid=1,fd=3),…)`, nothing when no process holds the socket.
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
    _ socket: borrowing Socket, _ context: any SocketContext, to writer: inout ByteWriter
  ) {
    guard let details = socket.details else { return }
    if extended {
      SSExtended.append(socket, context, to: &writer)
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

/// ` uid:… ino:… sk:… fwmark:… cgroup:… v6only:… <->`: what ss's `-e` shows.
enum SSExtended {
  static func append(
    _ socket: borrowing Socket, _ context: any SocketContext, to writer: inout ByteWriter
  ) {
    // Rows from /proc/net/raw and the like have no more to tell; ss prints nothing there.
    guard socket.cookie != nil || socket.netid == .tcp else { return }
    if let uid = socket.uid, uid != 0 {
      writer.append(" uid:")
      writer.append(decimal: uid)
    }
    writer.append(" ino:")
    writer.append(decimal: socket.inode)
    writer.append(" sk:")
    writer.append(hexadecimal: socket.cookie ?? 0)
    guard let details = socket.details else { return }
    if let mark = details.mark, mark != 0 {
      writer.append(" fwmark:0x")
      writer.append(hexadecimal: UInt64(mark))
    }
    if let cgroupID = details.cgroupID {
      writer.append(" cgroup:")
      appendControlGroup(context.controlGroup(of: socket), cgroupID, to: &writer)
    }
    if let isV6Only = socket.isV6Only { writer.append(isV6Only ? " v6only:1" : " v6only:0") }
    if let mask = details.shutdown { appendShutdown(mask, to: &writer) }
  }

  private static func appendControlGroup(
    _ path: [UInt8]?, _ id: UInt64, to writer: inout ByteWriter
  ) {
    if let path {
      SafeText.append(path, to: &writer)
    } else {
      writer.append("unreachable:")
      writer.append(hexadecimal: id)
    }
  }

  /// Which directions are open: `<->`, `-->`, `<--`, `---`.
  static func appendShutdown(_ mask: UInt8, to writer: inout ByteWriter) {
    writer.append(mask & 1 == 0 ? " <-" : " --")
    writer.append(UInt8(ascii: mask & 2 == 0 ? ">" : "-"))
  }
}

/// ` ver:0 cpy_thresh:0 flags( running )` and the rings of a packet socket.
struct SSPacket {
  let packet: PacketDetails
  let separator: StaticString

  func append(to writer: inout ByteWriter) {
    if let flags = packet.flags { appendInformation(flags, to: &writer) }
    if let ring = packet.receiveRing { append(ring, "ring_rx(", to: &writer) }
    if let ring = packet.sendRing { append(ring, "ring_tx(", to: &writer) }
    if let fanout = packet.fanout { appendFanout(fanout, to: &writer) }
  }

  private func appendInformation(_ flags: UInt32, to writer: inout ByteWriter) {
    writer.append(separator)
    writer.append("ver:")
    writer.append(decimal: packet.version ?? 0)
    writer.append(" cpy_thresh:")
    writer.append(decimal: packet.copyThreshold ?? 0)
    writer.append(" flags( ")
    let names: [(UInt32, StaticString)] = [
      (1, "running"), (2, " auxdata"), (4, " origdev"), (8, " vnethdr"), (16, " loss"),
    ]
    for (bit, name) in names where flags & bit != 0 { writer.append(name) }
    writer.append(flags == 0 ? "0 )" : " )")
  }

  private func append(
    _ ring: PacketDetails.Ring, _ name: StaticString, to writer: inout ByteWriter
  ) {
    writer.append(separator)
    writer.append(name)
    let parts: [(StaticString, UInt32)] = [
      ("blk_size:", ring.blockSize), (",blk_nr:", ring.blockCount),
      (",frm_size:", ring.frameSize), (",frm_nr:", ring.frameCount),
      (",tmo:", ring.retireTimeout),
    ]
    for (label, value) in parts {
      writer.append(label)
      writer.append(decimal: value)
    }
    writer.append(",features:0x")
    writer.append(hexadecimal: UInt64(ring.features))
    writer.append(UInt8(ascii: ")"))
  }

  private func appendFanout(_ fanout: UInt32, to writer: inout ByteWriter) {
    let kinds: [StaticString] = ["hash", "lb", "cpu", "roll", "random", "qm"]
    writer.append(separator)
    writer.append("fanout(id:")
    writer.append(decimal: fanout & 0xFFFF)
    writer.append(",type:")
    let kind = Int(fanout >> 16)
    if kind < kinds.count {
      writer.append(kinds[kind])
    } else {
      writer.append("0x")
      writer.append(hexadecimal: UInt64(kind))
    }
    writer.append(UInt8(ascii: ")"))
  }
}
