/**
 * Answers as OpenAI has them: chats and texts, whole or as server-sent events, with
 * log-probabilities. An answer is written by one thread at a time.
 */
@NullMarked
package dev.weft.inference.server.http.format;

import org.jspecify.annotations.NullMarked;
