/// Which network namespaces somebody asks for.
public enum NamespaceChoice: Sendable, Hashable {
  case own, all
  case process(Int32)
  /// A name under `/run/netns`, where `ip netns add` puts it.
  case named(String)
  case path(String)

  /// `self`, `all`, a process number, a path (which has a slash), else a name.
  ///
  /// A namespace named `all` or `7` is reached by its path.
  public init(_ argument: String) {
    switch argument {
    case "self": self = .own
    case "all": self = .all
    case _ where argument.utf8.contains(UInt8(ascii: "/")): self = .path(argument)
    default: self = Int32(procDigits: argument.utf8).map(Self.process) ?? .named(argument)
    }
  }
}
