/**
 * What a decoder is made of, as its family describes it: norms and their places, attention with its
 * window, caps, sinks and rotation for each layer, dense or expert feed-forward parts, multipliers.
 * An engine composes its forward pass of these parts and knows no family. Immutable.
 */
@NullMarked
package dev.weft.format.decoder;

import org.jspecify.annotations.NullMarked;
