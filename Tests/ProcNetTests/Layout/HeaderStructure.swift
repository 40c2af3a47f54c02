import Testing

/// The bytes of a kernel structure, written field by field where the installed header puts each.
struct HeaderStructure {
  let name: String
  private(set) var bytes: [UInt8]

  init(_ name: String) throws {
    self.name = name
    bytes = [UInt8](repeating: 0, count: try #require(HeaderOracle.size(of: name)))
  }

  /// Writes a number in the host's byte order, as wide as the field is.
  mutating func set(_ field: String, _ value: UInt64) throws {
    let place = try #require(HeaderOracle.place(of: field, in: name), "\(name).\(field)")
    put(value, at: place.offset, width: place.width)
  }

  /// Writes bytes at the beginning of a field of a structure inside this one.
  mutating func set(_ field: String, _ inner: String, _ innerField: String, _ value: [UInt8]) throws
  {
    let outer = try #require(HeaderOracle.place(of: field, in: name))
    let place = try #require(HeaderOracle.place(of: innerField, in: inner), "\(innerField)")
    #expect(value.count <= place.width)
    bytes.replaceSubrange(
      outer.offset + place.offset..<outer.offset + place.offset + value.count, with: value)
  }

  /// Appends an attribute: length, type, payload, padding.
  mutating func append(attribute constant: String, _ payload: [UInt8]) throws {
    let type = try #require(HeaderOracle.constant(constant), "\(constant)")
    let header = bytes.count
    bytes += [0, 0, 0, 0] + payload
    put(UInt64(4 + payload.count), at: header, width: 2)
    put(UInt64(type), at: header + 2, width: 2)
    while bytes.count % 4 != 0 { bytes.append(0) }
  }

  private mutating func put(_ value: UInt64, at offset: Int, width: Int) {
    for index in 0..<width {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (index * 8))
    }
  }
}
