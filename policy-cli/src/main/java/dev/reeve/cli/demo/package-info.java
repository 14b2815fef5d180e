/// `reeve demo`: the whole product on one machine, told step by step, each step proven. Knows the
/// sample domain and the story; how processes and packets are driven is the lab's.
@NullMarked
package dev.reeve.cli.demo;

import org.jspecify.annotations.NullMarked;
