/// How a demo server divides the work of accepting and serving among processes and threads.
public enum ServerModel: String, Sendable, CaseIterable {
  case serial, worker, prefork, thread, pool, event
}
