package dev.reeve.engine.xfrm;

/// How many policies the kernel holds for each direction, those of sockets left out.
record PolicyCount(int in, int out, int forward) {
  int total() {
    return in + out + forward;
  }
}
