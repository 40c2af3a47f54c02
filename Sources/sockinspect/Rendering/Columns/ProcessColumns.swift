import ProcNet

extension Column {
  /// Who holds a socket, and what it belongs to.
  static let processColumns: [Column] = [
    process, command, pid, peerProcess, cgroup, service, container,
  ]

  static let process = Column(
    "process", "Process", "all holders, or why there is none", needs: [.owners, .standing]
  ) { socket, surroundings, writer in
    let owners = surroundings.owners(of: socket)
    if !owners.isEmpty {
      writer.append("users:")
      return SSOwners.append(owners, to: &writer)
    }
    let standing = surroundings.standing(of: socket)
    writer.append(standing == .held ? "-" : "(\(standing.rawValue))")
  }

  static let command = text("command", "Command", "command of the first holder", needs: .owners) {
    socket, surroundings in surroundings.owners(of: socket).last?.command
  }

  static let pid = Column("pid", "PID", "process ids of all holders", needs: .owners) {
    socket, surroundings, writer in
    appendList(surroundings.owners(of: socket).map(\.process), to: &writer)
  }

  static let peerProcess = Column(
    "peer-process", "Peer Process", "holders of the other end, when it is on this host",
    needs: [.owners, .peers]
  ) { socket, surroundings, writer in
    let owners = surroundings.peerOwners(of: socket)
    guard !owners.isEmpty else { return writer.append(UInt8(ascii: "-")) }
    writer.append("users:")
    SSOwners.append(owners, to: &writer)
  }

  static let cgroup = text(
    "cgroup", "Cgroup", "cgroup (v2) of the socket's creator", needs: .attributes
  ) { socket, surroundings in surroundings.controlGroup(of: socket) }

  static let service = text(
    "service", "Service", "systemd unit of the socket or its holder",
    needs: [.attributes, .owners]
  ) { socket, surroundings in surroundings.service(of: socket).map { $0.rawBytes } }

  static let container = text(
    "container", "Container", "container of the socket or its holder",
    needs: [.attributes, .owners]
  ) { socket, surroundings in surroundings.container(of: socket).map { $0.rawBytes } }

  /// Distinct numbers in ascending order, with commas.
  private static func appendList(_ numbers: [Int32], to writer: inout ByteWriter) {
    guard !numbers.isEmpty else { return writer.append(UInt8(ascii: "-")) }
    for (index, number) in Set(numbers).sorted().enumerated() {
      if index > 0 { writer.append(UInt8(ascii: ",")) }
      writer.append(decimal: Int(number))
    }
  }
}
