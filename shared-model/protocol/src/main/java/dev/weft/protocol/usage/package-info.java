/**
 * What a worker tells a gateway of an answer, beside the answer: how many tokens it took, and what
 * went wrong. No state; any thread.
 */
@NullMarked
package dev.weft.protocol.usage;

import org.jspecify.annotations.NullMarked;
