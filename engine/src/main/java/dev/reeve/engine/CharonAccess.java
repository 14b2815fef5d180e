package dev.reeve.engine;

import dev.reeve.engine.ike.Charon;
import dev.reeve.engine.ike.IkeDaemon;
import dev.reeve.engine.ike.IkeException;

/// The way to charon, which is started when it does not run.
record CharonAccess(IkeDaemon daemon) {

  interface Talk<T> {
    T with(Charon charon) throws IkeException;
  }

  interface Order {
    void to(Charon charon) throws IkeException;
  }

  <T> T ask(Talk<T> talk) throws IkeException {
    try (Charon charon = Charon.connect(daemon.ensure())) {
      return talk.with(charon);
    }
  }

  void tell(Order order) throws IkeException {
    try (Charon charon = Charon.connect(daemon.ensure())) {
      order.to(charon);
    }
  }
}
