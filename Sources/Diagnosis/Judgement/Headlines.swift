import ProcNet

/// Completes the titles of causes that are only a notice by themselves: whom they keep waiting.
enum Headlines {
  static func completed(_ findings: [Finding]) -> [Finding] {
    findings.map { cause in
      guard cause.severity == .notice, cause.isCause,
        let effect = findings.first(where: { follows($0, from: cause.reference, findings) }),
        case .listener(let name) = effect.subject
      else { return cause }
      var completed = cause
      completed.title +=
        effect.subject == cause.subject
        ? "; nobody new is answered until then"
        : ", and \(name.text) answers nobody new until it goes on"
      return completed
    }
  }

  /// A critical finding that leads back to this cause.
  private static func follows(
    _ effect: Finding, from cause: FindingReference, _ all: [Finding]
  ) -> Bool {
    guard effect.severity == .critical else { return false }
    var open = effect.causes
    var seen: Set<FindingReference> = []
    while let next = open.popLast() {
      if next == cause { return true }
      guard seen.insert(next).inserted else { continue }
      open += all.filter { $0.reference == next }.flatMap(\.causes)
    }
    return false
  }
}
