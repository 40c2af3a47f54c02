import ProcNet

/// ` uid:… ino:… sk:… fwmark:… cgroup:… v6only:… <->`: what ss's `-e` shows.
enum SSExtended {
  static func append(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, to writer: inout ByteWriter
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
      appendControlGroup(surroundings.controlGroup(of: socket), cgroupID, to: &writer)
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
