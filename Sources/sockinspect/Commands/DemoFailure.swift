import DemoServers

/// What a failed server, client or scenario means for whoever started it.
enum DemoFailure {
  static func status(of error: DemoError) throws(UsageError) -> ExitStatus {
    if error.status == ExitStatus.usage.rawValue { throw UsageError(error.message) }
    Notice.show(error.message)
    return error.status == ExitStatus.incomplete.rawValue ? .incomplete : .failed
  }
}
