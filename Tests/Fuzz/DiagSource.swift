import ProcNet

/// A whole answer of sock_diag, message headers included, to every kind of dump.
func fuzz(_ input: Span<UInt8>) {
  let kernel = OneAnswerKernel(input)
  var gaps: [Gap] = []
  let query = SocketQuery(netids: .all, details: .all)
  do {
    try DiagSource().list(query, through: kernel, gaps: &gaps) { _ throws(KernelError) in }
  } catch {
    require(false, "a listing failed for another reason than its sink")
  }
}
