/// Values of the model become lines for people, 80 columns wide. Knows nothing of options, files or
/// the network.
@NullMarked
package dev.reeve.cli.text;

import org.jspecify.annotations.NullMarked;
