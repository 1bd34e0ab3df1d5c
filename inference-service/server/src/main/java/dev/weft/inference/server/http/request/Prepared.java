package dev.weft.inference.server.http.request;

import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.inference.server.http.format.AnswerFormat;
import dev.weft.inference.server.models.ResolvedModel;

/** A request that was read, and how it wants its answer. */
public record Prepared(
        ResolvedModel model,
        CompletionRequest request,
        AnswerFormat format,
        StreamOptions stream) {}
