/// Words as `netsh ipsec` takes them go in, values of the model come out. Knows nothing of agents
/// or stores.
@NullMarked
package dev.reeve.cli.ipsec.netsh;

import org.jspecify.annotations.NullMarked;
