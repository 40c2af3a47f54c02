import ProcNet

/// Who waits for whom at locks on files, from `/proc/locks`.
public struct FileLocks: Sendable {
  /// Waiting process → the process that holds what it waits for.
  public var holders: [Int32: Int32] = [:]

  public init() {}

  init(through kernel: any Kernel) {}
}
