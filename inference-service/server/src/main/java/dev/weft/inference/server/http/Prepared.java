package dev.weft.inference.server.http;

import dev.weft.inference.server.completion.CompletionRequest;

/**
 * A request that was read, and how it wants its answer.
 *
 * @param stream as server-sent events
 * @param includeUsage a last event of the stream tells the usage
 */
record Prepared(
        CompletionRequest request, AnswerFormat format, boolean stream, boolean includeUsage) {}
