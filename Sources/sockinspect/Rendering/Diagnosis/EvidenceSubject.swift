import Diagnosis
import ProcNet

/// The process, thread or connection that a fact belongs to, in words.
enum EvidenceSubject {
  /// `pid 3040, fd 4, 127.0.0.1:9000 with peer 127.0.0.1:35628`; empty when it belongs to none.
  static func text(_ place: Evidence.Place) -> String {
    var parts: [String] = []
    if let process = place.process { parts.append("pid \(process)") }
    if let thread = place.thread, thread != place.process { parts.append("thread \(thread)") }
    if let descriptor = place.descriptor { parts.append("fd \(descriptor)") }
    if let connection = connection(place) { parts.append(connection) }
    if let path = place.path { parts.append(name(path)) }
    return parts.joined(separator: ", ")
  }

  private static func connection(_ place: Evidence.Place) -> String? {
    guard let local = place.local else { return place.peer.map { "peer \(text($0))" } }
    guard let peer = place.peer else { return text(local) }
    return "\(text(local)) with peer \(text(peer))"
  }

  static func text(_ endpoint: Endpoint) -> String {
    var writer = ByteWriter(capacity: 64)
    AddressText.append(endpoint, isV6Only: true, interface: nil, to: &writer)
    return writer.text
  }

  static func name(_ path: [UInt8]) -> String {
    String(decoding: EndpointText.visible(path), as: UTF8.self)
  }
}
