package dev.reeve.engine.vici;

/// One packet of the protocol.
sealed interface ViciFrame {

  record CommandRequest(String name, ViciMessage message) implements ViciFrame {}

  record CommandResponse(ViciMessage message) implements ViciFrame {}

  record CommandUnknown() implements ViciFrame {}

  record EventRegister(String name) implements ViciFrame {}

  record EventUnregister(String name) implements ViciFrame {}

  record EventConfirm() implements ViciFrame {}

  record EventUnknown() implements ViciFrame {}

  record Event(String name, ViciMessage message) implements ViciFrame {}
}
