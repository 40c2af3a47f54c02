/// A kubernetes pod in the name of a folder.
enum ControlGroupsPod {
  /// `pod<number>` (cgroupfs driver) or `kubepods-burstable-pod<number>.slice` (systemd driver,
  /// which writes `_` for `-`); containerd may put `…slice:cri-containerd:<id>` into one name, and
  /// kind another word in front, `kubelet-kubepods-…`.
  static func number(in name: [UInt8]) -> String? {
    var unit = name.prefix { $0 != UInt8(ascii: ":") }
    let ending = Array(".slice".utf8)
    if unit.suffix(ending.count) == ending[...] { unit = unit.dropLast(ending.count) }
    if unit.split(separator: UInt8(ascii: "-")).contains(where: {
      $0.elementsEqual("kubepods".utf8)
    }),
      let dash = unit.lastIndex(of: UInt8(ascii: "-")),
      unit[(dash + 1)...].starts(with: "pod".utf8)
    {
      unit = unit[(dash + 1)...]
    }
    guard unit.starts(with: "pod".utf8) else { return nil }
    return plain(unit.dropFirst(3))
  }

  /// 32 hexadecimal digits, in groups or (static pods) not.
  private static func plain(_ number: ArraySlice<UInt8>) -> String? {
    let dash = UInt8(ascii: "-")
    let written = number.map { $0 == UInt8(ascii: "_") ? dash : $0 }
    let digits = written.filter { $0 != dash }
    guard digits.count == 32, digits.allSatisfy(ControlGroupsContainer.isHexadecimal),
      written.count == 32 || written.count == 36
    else { return nil }
    return String(rawBytes: written)
  }
}
