import ProcNet

/// Reads hosts and ports: `src 10/8:ssh`, `dst [::1]`, `src unix:/run/*`, `sport >= :1024`.
struct HostParser {
  /// The whole filter, for what is wrong with it.
  let text: String
  let context: ParseContext

  /// A port after `sport` or `dport`, with or without a colon.
  func port(
    _ end: SocketEnd, _ comparison: Comparison, at word: Token
  ) throws(FilterError) -> Expression {
    let (family, rest) = try familyPrefix(word.text[...], word)
    let number = rest.hasPrefix(":") ? rest.dropFirst() : rest
    guard let port = try port(number, word) else {
      return comparison.isEquality ? within(family, .always) : within(family, .never)
    }
    return within(family, condition(end, comparison, port))
  }

  /// A number, or the number of a service, is any socket's port, as in ss; the name of a protocol
  /// is one of raw sockets only.
  private struct Port {
    var number: UInt16
    var netids: NetidSet?
  }

  private func condition(_ end: SocketEnd, _ comparison: Comparison, _ port: Port) -> Expression {
    let holds: Expression =
      comparison == .notEqual
      ? .not(.holds(.port(end, .equal, port.number)))
      : .holds(.port(end, comparison, port.number))
    return port.netids.map { .holds(.netids($0)) && holds } ?? holds
  }

  private func within(_ families: FamilySet?, _ expression: Expression) -> Expression {
    families.map { .holds(.families($0)) && expression } ?? expression
  }

  /// A host word of any family.
  func host(
    _ end: SocketEnd, at word: Token, _ warnings: inout [String]
  ) throws(FilterError) -> Expression {
    let (family, rest) = try familyPrefix(word.text[...], word)
    if family == .unix || (family == nil && (context.takesPaths || Self.isPath(rest))) {
      return .holds(.path(end, Glob(Self.pattern(rest), foldsCase: true)))
    }
    if family == .packet || (family == nil && context.takesProtocols) {
      return try packet(rest, word)
    }
    return within(family, try internet(end, rest, word, &warnings))
  }

  /// A backslash that was written as an escape stands for itself.
  private static func pattern(_ word: Substring) -> [UInt8] {
    let backslash = UInt8(ascii: "\\")
    return word.unicodeScalars.flatMap { scalar in
      guard let byte = RawText.byte(of: scalar) else { return Array(String(scalar).utf8) }
      return byte == backslash ? [backslash, backslash] : [byte]
    }
  }

  static func isPath(_ word: some StringProtocol) -> Bool {
    word.hasPrefix("/") || word.hasPrefix("@")
  }

  private func familyPrefix(
    _ text: Substring, _ word: Token
  ) throws(FilterError) -> (FamilySet?, Substring) {
    guard let colon = text.firstIndex(of: ":") else { return (nil, text) }
    let name = String(text[..<colon])
    let rest = text[text.index(after: colon)...]
    if let families = ["inet", "inet6", "unix", "link"].contains(name)
      ? FamilyNames.families(named: name) : nil
    {
      return (families, rest)
    }
    if ["netlink", "vsock", "tipc", "xdp"].contains(name) {
      throw error("sockets of the family \(name) are not listed", at: word)
    }
    return (nil, text)
  }

  private func internet(
    _ end: SocketEnd, _ text: Substring, _ word: Token, _ warnings: inout [String]
  ) throws(FilterError) -> Expression {
    let (host, number) = try split(text, word, &warnings)
    let condition = try address(end, host, word)
    guard let port = try port(number, word) else { return condition }
    let holds = self.condition(end, .equal, port)
    return condition == .always ? holds : condition && holds
  }

  /// Cuts `HOST:PORT` as ss does, at the last colon; where that makes no sense, the whole is an
  /// address without brackets (`::1`).
  private func split(
    _ text: Substring, _ word: Token, _ warnings: inout [String]
  ) throws(FilterError) -> (host: Substring, port: Substring) {
    if text.hasPrefix("[") { return try splitBrackets(text, word) }
    let start = text.firstIndex(of: "/") ?? text.startIndex
    guard let colon = text[start...].lastIndex(of: ":") else { return (text, "") }
    let host = text[..<colon]
    let port = text[text.index(after: colon)...]
    guard host.contains(":") else { return (host, port) }
    let isWhole = AddressReader.pattern(text) != nil
    let isPort = AddressReader.isDecimal(port) || port == "*"
    guard isPort, AddressReader.pattern(host) != nil else { return (text, "") }
    if isWhole {
      warnings.append(
        "'\(text)' is read as [\(host)]:\(port), as ss does; write [\(text)] for the address")
    }
    return (host, port)
  }

  /// `[::1]`, `[::1]:80`, `[fe80::/10]`, `[fe80::]/10`, `[fe80::1]%eth0:80`.
  private func splitBrackets(
    _ text: Substring, _ word: Token
  ) throws(FilterError) -> (host: Substring, port: Substring) {
    guard let close = text.firstIndex(of: "]") else { throw error("'[' is not closed", at: word) }
    let rest = text[text.index(after: close)...]
    let colon = rest.firstIndex(of: ":") ?? rest.endIndex
    let between = rest[..<colon]
    guard between.isEmpty || between.hasPrefix("/") || between.hasPrefix("%") else {
      throw error("'\(rest)' can't follow ']'; a port follows as ]:PORT", at: word)
    }
    return (text.dropFirst().prefix { $0 != "]" } + between, rest[colon...].dropFirst())
  }

  private func address(
    _ end: SocketEnd, _ host: Substring, _ word: Token
  ) throws(FilterError) -> Expression {
    if host.isEmpty || host == "*" { return .always }
    if let percent = host.firstIndex(of: "%") {
      var device = word
      device.text = String(host[host.index(after: percent)...])
      return try address(end, host[..<percent], word) && (try interface(device))
    }
    if let pattern = AddressReader.pattern(host) { return .holds(.address(end, pattern)) }
    guard host.unicodeScalars.contains(where: { $0.properties.isAlphabetic }), !host.contains(":")
    else { throw badAddress(String(host), end, word) }
    let known: [IPAddress]
    do throws(KernelError) {
      known = try context.resolveHost(String(host))
    } catch {
      throw notLookedUp("'\(host)'", error, at: word)
    }
    let wanted = known.filter { context.families.contains($0.isIPv6 ? .inet6 : .inet) }
    guard !wanted.isEmpty else { throw error("no address is known for '\(host)'", at: word) }
    let choices = wanted.map { Expression.holds(.address(end, AddressPattern($0))) }
    return choices.count == 1 ? choices[0] : .any(choices)
  }

  private func badAddress(_ host: String, _ end: SocketEnd, _ word: Token) -> FilterError {
    var hint = AddressReader.isDecimal(host) ? "; a port is \(end.portWord) = :\(host)" : ""
    let parts = host.split(separator: "/", maxSplits: 1)
    if parts.count == 2, let network = AddressReader.pattern("\(parts[0])/0") {
      hint = "; a network has a prefix of 0 to \(network.address.isIPv6 ? 128 : 32) bits"
    }
    return error("'\(host)' is not an address\(hint)", at: word)
  }

  /// nil for any port.
  private func port(_ text: Substring, _ word: Token) throws(FilterError) -> Port? {
    if text.isEmpty || text == "*" {
      if text.isEmpty, word.text == ":" { throw error("a port is missing after ':'", at: word) }
      return nil
    }
    if let number = AddressReader.unsigned(text, UInt16.self) { return Port(number: number) }
    if text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
      throw error("port \(text) is out of range (0 to 65535)", at: word)
    }
    switch context.resolvePort(String(text), context.netids) {
    case .service(let number): return Port(number: number)
    case .ipProtocol(let number):
      return Port(number: number, netids: context.netids == .raw ? nil : .raw)
    case .unknown(let failure): throw notLookedUp("'\(text)'", failure, at: word)
    case .missing:
      let what = context.netids == .raw ? "an IP protocol" : "a port nor a known service"
      throw error("'\(text)' is \(context.netids == .raw ? "not" : "neither") \(what)", at: word)
    }
  }

  /// `link:PROTOCOL[:DEVICE]`, the protocol as a number or a common name.
  private func packet(_ text: Substring, _ word: Token) throws(FilterError) -> Expression {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    var expression = Expression.holds(.families(.packet))
    if let name = parts.first, !name.isEmpty, name != "*" {
      guard let number = PacketProtocolNames.number(of: String(name)) else {
        throw error(
          "unknown link protocol '\(name)'", at: word,
          suggestion: NearestWord.to(String(name), among: PacketProtocolNames.table.map(\.0)))
      }
      expression = expression && .holds(.packetProtocol(number))
    }
    if parts.count == 2, !parts[1].isEmpty, parts[1] != "*" {
      var device = word
      device.text = String(parts[1])
      expression = expression && (try interface(device))
    }
    return expression
  }

  func interface(_ word: Token) throws(FilterError) -> Expression {
    let name = word.text.rawBytes
    let search = context.interface(name)
    if case .found(let index) = search { return .holds(.interface(index: index, name: name)) }
    if let index = AddressReader.unsigned(word.text, UInt32.self) {
      return .holds(.interface(index: index, name: nil))
    }
    if case .unknown(let failure) = search {
      throw notLookedUp("interface '\(word.text)'", failure, at: word)
    }
    throw error("no interface is called '\(word.text)'", at: word)
  }

  private func error(
    _ complaint: String, at token: Token, suggestion: String? = nil
  ) -> FilterError {
    FilterError(complaint, text: text, at: token.range, suggestion: suggestion)
  }

  /// A name of which it is not known whether it is right.
  private func notLookedUp(_ what: String, _ cause: KernelError, at token: Token) -> FilterError {
    var failure = error("\(what) could not be looked up: \(cause.message)", at: token)
    failure.cause = cause
    return failure
  }
}
