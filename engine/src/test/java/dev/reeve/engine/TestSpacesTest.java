package dev.reeve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestSpacesTest {

  @Test
  void only_what_a_process_of_this_machine_made_that_is_gone_is_left() throws Exception {
    String own = TestSpaces.prefix("lab") + "h";
    String me = "-" + ProcessHandle.current().pid() + "-";
    Process short1 = new ProcessBuilder("true").start();
    String gone = "-" + short1.pid() + "-";
    assertThat(short1.waitFor()).isZero();

    assertThat(own).contains(me);
    assertThat(TestSpaces.isLeft(own)).isFalse();
    assertThat(TestSpaces.isLeft(own.replace(me, gone))).isTrue();
    assertThat(TestSpaces.isLeft("rt1" + gone + "lab1h")).as("another container's").isFalse();
    assertThat(TestSpaces.isLeft("reeve" + gone + "h")).as("somebody else's").isFalse();
  }
}
