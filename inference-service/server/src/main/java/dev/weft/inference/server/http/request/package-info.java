/**
 * Reads what requests say: completions, chats, and texts to tokenize, with their settings, against
 * the model that is served. It may block for an adapter's files, so it runs on virtual threads.
 */
@NullMarked
package dev.weft.inference.server.http.request;

import org.jspecify.annotations.NullMarked;
