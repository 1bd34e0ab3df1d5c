/**
 * Failures as clients see them: an error in the envelope of the path's API (OpenAI's or
 * Anthropic's) for whatever goes wrong before the first byte.
 */
@NullMarked
package dev.weft.gateway.error;

import org.jspecify.annotations.NullMarked;
