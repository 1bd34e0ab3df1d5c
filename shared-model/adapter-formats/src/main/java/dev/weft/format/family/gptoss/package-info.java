/** gpt-oss: attention with sinks, experts with biases. */
@NullMarked
package dev.weft.format.family.gptoss;

import org.jspecify.annotations.NullMarked;
