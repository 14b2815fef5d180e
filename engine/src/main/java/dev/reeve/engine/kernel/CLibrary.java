package dev.reeve.engine.kernel;

import dev.reeve.engine.tool.ToolException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/// Calls of the C library for what Java has no words for.
@SuppressWarnings("restricted")
final class CLibrary {

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  static final MethodHandle SOCKET =
      function("socket", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  static final MethodHandle OPEN = function("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  static final MethodHandle SETNS = function("setns", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  static final MethodHandle WRITE =
      function("write", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
  static final MethodHandle READ =
      function("read", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
  private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT);

  private final MemorySegment state;

  CLibrary(Arena arena) {
    state = arena.allocate(STATE);
  }

  private static MethodHandle function(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_LONG, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /// @param what names the call in what is said when it fails
  /// @throws ToolException at a result below 0
  long call(String what, MethodHandle function, Object... arguments) throws ToolException {
    var all = new ArrayList<Object>(List.of(state));
    all.addAll(List.of(arguments));
    long result;
    try {
      result = (long) function.invokeWithArguments(all);
    } catch (Throwable e) {
      throw new IllegalStateException(what, e); // a call of C throws nothing
    }
    if ((int) result < 0) throw failed(what, (int) ERRNO.get(state, 0L));
    return result;
  }

  void close(int descriptor) throws ToolException {
    long unused = call("close", CLOSE, descriptor);
  }

  /// @param number of errno(3)
  static ToolException failed(String what, int number) {
    String said =
        switch (number) {
          case 1 -> "operation not permitted";
          case 2 -> "no such entry";
          case 17 -> "it is there already";
          case 22 -> "invalid argument";
          case 93 -> "this kernel has no such part";
          default -> "error " + number;
        };
    return new ToolException("netlink: " + what + ": " + said);
  }
}
