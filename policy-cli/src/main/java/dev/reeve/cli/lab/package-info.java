/// Hosts, a network and a server on this machine: what the demo and the scenarios run on. Knows how
/// processes, namespaces and packets are driven; knows nothing of a story or a promise.
@NullMarked
package dev.reeve.cli.lab;

import org.jspecify.annotations.NullMarked;
