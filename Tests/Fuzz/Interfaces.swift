import ProcNet

/// The kernel's answer to the question for network interfaces.
func fuzz(_ input: Span<UInt8>) {
  var gaps: [Gap] = []
  _ = Interfaces(through: OneAnswerKernel(input), gaps: &gaps)
}
