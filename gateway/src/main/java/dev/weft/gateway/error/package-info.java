/**
 * Failures as clients see them: OpenAI's envelope for whatever goes wrong before the first byte.
 */
@NullMarked
package dev.weft.gateway.error;

import org.jspecify.annotations.NullMarked;
