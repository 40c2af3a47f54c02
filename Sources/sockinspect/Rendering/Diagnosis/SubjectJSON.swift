import Diagnosis
import ProcNet

/// Whom a finding is about as a JSON object with one key, which says what it is.
struct SubjectJSON {
  let host: [UInt8]

  func append(_ subject: Subject, _ json: inout JSONWriter, _ writer: inout ByteWriter) {
    json.open("{", &writer)
    switch subject {
    case .listener(let socket): Self.append("listener", socket, &json, &writer)
    case .socket(let socket): Self.append("socket", socket, &json, &writer)
    case .process(let process):
      json.key("process", &writer)
      json.open("{", &writer)
      json.member("pid", UInt32(bitPattern: process.process), &writer)
      json.member("command", bytes: process.command, &writer)
      json.close("}", &writer)
    case .host:
      json.key("host", &writer)
      json.open("{", &writer)
      json.member("name", bytes: host, &writer)
      json.close("}", &writer)
    }
    json.close("}", &writer)
  }

  static func append(
    _ name: StaticString, _ socket: SocketName, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.key(name, &writer)
    json.open("{", &writer)
    json.member("netid", plain: socket.netid.name, &writer)
    if socket.netid.isInternet {
      EndpointJSON.append("local", socket.local, &json, &writer)
      if let peer = socket.peer { EndpointJSON.append("peer", peer, &json, &writer) }
      json.member("v6only", socket.isV6Only, &writer)
    } else if let path = socket.path {
      json.member("path", bytes: EndpointText.visible(path), &writer)
      json.member("abstract", path.first == 0 ? true : nil, &writer)
    }
    json.member("inode", socket.inode, &writer)
    if socket.namespace != 0 { json.member("netns", socket.namespace, &writer) }
    json.close("}", &writer)
  }
}

/// Who waits for whom.
enum ChainJSON {
  static func append(
    _ chain: [ChainLink], _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.key("chain", &writer)
    json.open("[", &writer)
    for link in chain { append(link, &json, &writer) }
    json.close("]", &writer)
  }

  private static func append(
    _ link: ChainLink, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("pid", UInt32(bitPattern: link.process.process), &writer)
    json.member("tid", link.thread.map(UInt32.init(bitPattern:)), &writer)
    json.member("command", bytes: link.process.command, &writer)
    json.member("call", text: link.call, &writer)
    json.member("fd", link.descriptor.map(UInt32.init(bitPattern:)), &writer)
    json.member("since_ms", link.since, &writer)
    if let target = link.waitsFor { append(target, &json, &writer) }
    json.close("}", &writer)
  }

  private static func append(
    _ target: ChainLink.Target, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.key("waits_for", &writer)
    json.open("{", &writer)
    json.member("kind", plain: target.kind.rawValue, &writer)
    json.member("text", text: target.text, &writer)
    if let socket = target.socket { SubjectJSON.append("socket", socket, &json, &writer) }
    if let process = target.process {
      json.member("pid", UInt32(bitPattern: process.process), &writer)
      json.member("process", bytes: process.command, &writer)
    }
    json.close("}", &writer)
  }
}
