import ProcNet

/// ` md5keys:10.0.0.0/8`, ` tcp-ulp-tls version: 1.3 …`, ` tcp-ulp-mptcp flags:Mec …`, as ss writes
/// them behind its `-i`; of the MD5 keys only for whom they are.
enum SSUpperLayer {
  static func append(_ details: SocketDetails, to writer: inout ByteWriter) {
    append(details.md5Peers, to: &writer)
    guard let name = details.upperLayerName else { return }
    writer.append(" tcp-ulp-")
    SafeText.append(name, to: &writer)
    switch details.upperLayer {
    case .tls(let tls): append(tls, to: &writer)
    case .mptcp(let subflow): append(subflow, to: &writer)
    case nil: break
    }
  }

  private static func append(_ peers: [MD5Peers], to writer: inout ByteWriter) {
    for (place, peer) in peers.enumerated() {
      writer.append(place == 0 ? " md5keys:" : ",")
      append(peer, to: &writer)
    }
  }

  /// `10.0.0.0/8`.
  static func append(_ peer: MD5Peers, to writer: inout ByteWriter) {
    AddressText.append(peer.address, to: &writer)
    writer.append(UInt8(ascii: "/"))
    writer.append(decimal: UInt32(peer.prefix))
  }

  private static func append(_ tls: UpperLayer.TLSInfo, to writer: inout ByteWriter) {
    append(" version: ", tls.version, [0x0303: "1.2", 0x0304: "1.3"], to: &writer)
    append(" cipher: ", tls.cipher, [51: "aes-gcm-128", 52: "aes-gcm-256"], to: &writer)
    let places: [UInt16: StaticString] = [1: "none", 2: "sw", 3: "hw", 4: "hw-record"]
    append(" rxconf: ", tls.receiving, places, to: &writer)
    append(" txconf: ", tls.sending, places, to: &writer)
    if tls.sendsWithoutCopy { writer.append(" zc_ro_tx") }
    if tls.expectsNoPadding { writer.append(" no_pad_rx") }
  }

  private static func append(
    _ label: StaticString, _ value: UInt16?, _ names: [UInt16: StaticString],
    to writer: inout ByteWriter
  ) {
    guard let value else { return }
    writer.append(label)
    if let name = names[value] { return writer.append(name) }
    writer.append("unknown(")
    writer.append(decimal: UInt32(value))
    writer.append(UInt8(ascii: ")"))
  }

  /// Tokens and places in the stream in hexadecimal.
  private static func append(_ flow: UpperLayer.MPTCPInfo, to writer: inout ByteWriter) {
    if let flags = flow.flags, flags != 0 {
      writer.append(" flags:")
      for (bit, letter) in "MmJjBbecv".utf8.enumerated() where flags & (1 << UInt32(bit)) != 0 {
        writer.append(letter)
      }
    }
    if let remote = flow.remoteToken, let local = flow.localToken, let remoteID = flow.remoteID,
      let localID = flow.localID
    {
      append(" token:", remote, remoteID, to: &writer)
      append("/", local, localID, to: &writer)
    }
    append(" seq:", flow.mapSequence, to: &writer)
    append(" sfseq:", flow.mapSubflowSequence.map { UInt64($0) }, to: &writer)
    append(" ssnoff:", flow.subflowOffset.map { UInt64($0) }, to: &writer)
    append(" maplen:", flow.mapLength.map { UInt64($0) }, to: &writer)
  }

  /// The token in at least four digits.
  private static func append(
    _ label: StaticString, _ token: UInt32, _ number: UInt8, to writer: inout ByteWriter
  ) {
    writer.append(label)
    let digits = String(token, radix: 16)
    writer.append(String(repeating: "0", count: max(0, 4 - digits.count)) + digits)
    writer.append("(id:")
    writer.append(decimal: UInt32(number))
    writer.append(UInt8(ascii: ")"))
  }

  private static func append(
    _ label: StaticString, _ value: UInt64?, to writer: inout ByteWriter
  ) {
    guard let value else { return }
    writer.append(label)
    writer.append(String(value, radix: 16))
  }
}
