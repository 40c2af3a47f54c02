import Testing

extension EndToEnd {
  /// Other processes choose their names and their sockets' paths, and terminals obey them.
  @Suite("Names of other processes do no harm")
  struct HostileNames {
    @Test(
      "no control, escape, bidirectional or broken bytes come out",
      arguments: [
        "-anp", "-OHxanpe", "-j", "-janp", "-anp --format jsonl", "-anp --format csv",
        "-anp --color always --format table", "-anp --columns pid,command,path,process",
        "-anp --sort command", "-tanp nosuchcommand",
      ])
    func safe(_ letters: String) throws {
      let zoo = try Zoo(.hostile)
      let ours = try zoo.sockinspect(letters.split(separator: " ").map(String.init))
      #expect(ours.ending == .exited(letters.hasSuffix("nosuchcommand") ? 1 : 0), "\(ours)")
      #expect(dangers(in: ours.output).isEmpty, "\(ours)")
      #expect(dangers(in: ours.errors).isEmpty, "\(ours)")
    }

    @Test("every socket stays one row")
    func oneRowEach() throws {
      let zoo = try Zoo(.hostile)
      try #require(zoo.catalog.named.count >= 15)
      for child in zoo.catalog.named {
        let ours = try zoo.sockinspect(["-OHuanp", "pid", "=", "\(child.pid)"])
        #expect(rows(ours).count == 1, "\(ours)")
      }
    }

    @Test("JSON keeps each name: controls as escapes, what is no UTF-8 as text")
    func namesInJSON() throws {
      let zoo = try Zoo(.hostile)
      let sockets = try sockets(try zoo.sockinspect(["-juanp"]).output)
      let owners = sockets.compactMap { $0["owners"] as? [[String: Any]] }.joined()
      for child in zoo.catalog.named {
        let owner = owners.first { ($0["pid"] as? Int).map(Int32.init) == child.pid }
        let command = try #require(owner?["command"] as? String, "\(child.name)")
        #expect(command == visible(child.bytes))
      }
    }

    @Test("unix paths keep their bytes in the same way")
    func pathsInJSON() throws {
      let zoo = try Zoo(.hostile)
      let sockets = try sockets(try zoo.sockinspect(["-jxan"]).output)
      let paths = Set(sockets.compactMap { $0["path"] as? String })
      for child in zoo.catalog.named {
        let name = visible(child.bytes)
        #expect(paths.contains("\(zoo.folder.path)/\(name)"), "\(name)")
      }
    }
  }
}

/// Characters as they are, bytes that belong to none as `\xff`.
private func visible(_ bytes: [UInt8]) -> String {
  var text = ""
  var rest = bytes[...]
  while !rest.isEmpty {
    let character = (1...4).lazy.compactMap { length in
      rest.count < length ? nil : String(validating: rest.prefix(length), as: UTF8.self)
    }.first
    text += character ?? "\\x" + String(rest.first ?? 0, radix: 16)
    rest = rest.dropFirst(character?.utf8.count ?? 1)
  }
  return text
}

/// Everything in the output that a terminal or a reader could be deceived by: controls other than
/// newline, bidirectional controls, bytes that are no UTF-8. Colours of our own are allowed.
func dangers(in bytes: [UInt8]) -> [String] {
  guard let text = String(validating: bytes, as: UTF8.self) else { return ["no UTF-8"] }
  let ownColours = /\u{1b}\[[0-9;]*m/
  let scalars = text.replacing(ownColours, with: "").unicodeScalars
  return Set(scalars.filter(isDangerous)).map { String($0.value, radix: 16) }
}

private func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x0A: false
  case 0x00...0x1F, 0x7F...0x9F: true
  case 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
  default: false
  }
}
