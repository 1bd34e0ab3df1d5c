package dev.weft.inference.server.http;

import dev.weft.inference.server.completion.CompletionRequest;

/** A request that was read, and how it wants its answer. */
record Prepared(CompletionRequest request, AnswerFormat format, StreamOptions stream) {}
