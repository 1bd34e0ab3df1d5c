/**
 * Errors as clients see them. Each has one code with HTTP status and retriability, in OpenAI's
 * envelope.
 */
@NullMarked
package dev.weft.protocol.error;

import org.jspecify.annotations.NullMarked;
