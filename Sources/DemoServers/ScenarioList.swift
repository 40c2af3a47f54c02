/// All scenarios, in the order of the course: each server model with its faults and its healthy
/// twin, then what can happen to any of them, then the other kinds of socket.
public enum ScenarioList {
  public static var all: [any Scenario] { models + faults + waits + queues + others }

  private static var models: [any Scenario] {
    [
      SerialBlocked(), SerialHealthy(), WorkerJoin(), WorkerHealthy(), PreforkFull(),
      PreforkHealthy(), ThreadMany(), PoolExhausted(), PoolLock(), PoolHealthy(), Event10k(),
      EventSpin(), EventSleep(), EventBlockedUpstream(), HealthyBusy(),
    ]
  }

  private static var faults: [any Scenario] {
    [
      UpstreamChain(), CallsItself(), WaitCycle(), CloseWait(), NotReading(), SlowReader(),
      Descriptors(), PausedListener(), ReuseportStopped(), ReuseportHealthy(), Stopped(),
    ]
  }

  private static var waits: [any Scenario] {
    [
      Unanswered(), LongPollHealthy(), DatabasePool(), DatabasePoolHealthy(),
      FileLocked(), FileLockPolled(),
      StoppedTerminal(), FullPipe(), NestedEventLoop(), ChildWaited(), Overload(),
      NobodyListens(), LoopbackOnly(), HangingMount(),
    ]
  }

  private static var queues: [any Scenario] {
    [AbandonedQueue(), ConnectStuck(), SynFlood(), TimeWaitPorts()]
  }

  private static var others: [any Scenario] {
    [UDPDrops(), UnixBacklog(), UnixHealthy(), UnixDatagramFull()]
  }

  public static func named(_ name: String) -> (any Scenario)? { all.first { $0.name == name } }
}
