import ProcNet

/// Says of findings which other ones they follow from.
struct Causes {
  let file: CaseFile

  init(_ file: CaseFile) { self.file = file }

  func linked(_ findings: [Finding]) -> [Finding] { findings }
}
