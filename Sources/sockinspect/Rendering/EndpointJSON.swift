import ProcNet

/// Members that objects of several commands have: an end of a connection, a list of holders.
enum EndpointJSON {
  static func append(
    _ name: StaticString, _ endpoint: Endpoint, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.key(name, &writer)
    json.open("{", &writer)
    json.key("address", &writer)
    json.quoted(&writer) { AddressText.append(endpoint.address, to: &$0) }
    json.member("port", endpoint.port, &writer)
    json.close("}", &writer)
  }

  static func append(
    _ name: StaticString, _ owners: [Owner],
    _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    guard !owners.isEmpty else { return }
    json.key(name, &writer)
    json.open("[", &writer)
    for owner in owners {
      json.open("{", &writer)
      json.member("pid", UInt32(bitPattern: owner.process), &writer)
      json.member("command", bytes: owner.command, &writer)
      json.member("fd", UInt32(bitPattern: owner.descriptor), &writer)
      json.close("}", &writer)
    }
    json.close("]", &writer)
  }
}
