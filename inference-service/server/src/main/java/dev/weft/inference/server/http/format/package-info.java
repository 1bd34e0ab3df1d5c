/**
 * Answers as OpenAI has them (chats, texts and responses) and Anthropic (messages), whole or as
 * server-sent events; chats and texts with log-probabilities. An answer is written by one thread at
 * a time.
 */
@NullMarked
package dev.weft.inference.server.http.format;

import org.jspecify.annotations.NullMarked;
