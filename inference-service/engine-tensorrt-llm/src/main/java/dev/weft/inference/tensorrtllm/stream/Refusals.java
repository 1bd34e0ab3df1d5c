package dev.weft.inference.tensorrtllm.stream;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.tensorrtllm.triton.TritonException;

/**
 * What refusals of Triton and TensorRT-LLM mean: their codes don't tell, their words do
 * (addRequestPeft in cpp/tensorrt_llm/batch_manager/peftCacheManager.cpp, claimPagesWithEvict in
 * cpp/tensorrt_llm/runtime/loraCache.cpp, Triton's rate limiter).
 */
final class Refusals {
    private static final String NOT_IN_CACHE = "not found in cache";
    private static final String CACHE_FULL = "Cache is full";
    private static final String QUEUE_FULL = "maximum queue size";

    private Refusals() {}

    /** The weights of the adapter must be sent. */
    static boolean isMiss(TritonException refusal) {
        return message(refusal).contains(NOT_IN_CACHE);
    }

    /** For whoever asked. */
    static EngineException exception(TritonException refusal) {
        String message = message(refusal);
        boolean full = message.contains(CACHE_FULL) || message.contains(QUEUE_FULL);
        return new EngineException(
                full ? EngineException.Cause.OVERLOADED : EngineException.Cause.FAILED,
                "TensorRT-LLM: " + message,
                refusal);
    }

    private static String message(TritonException refusal) {
        return String.valueOf(refusal.getMessage());
    }
}
