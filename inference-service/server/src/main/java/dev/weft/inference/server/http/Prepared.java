package dev.weft.inference.server.http;

import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.inference.server.models.ServedModel;

/** A request that was read, and how it wants its answer. */
record Prepared(
        ServedModel model, CompletionRequest request, AnswerFormat format, StreamOptions stream) {}
