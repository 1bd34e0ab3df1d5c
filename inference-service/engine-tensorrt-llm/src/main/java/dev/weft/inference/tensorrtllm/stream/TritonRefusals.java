package dev.weft.inference.tensorrtllm.stream;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.tensorrtllm.triton.TritonException;

/**
 * What refusals of Triton and TensorRT-LLM mean: their codes don't tell, their words do
 * (addRequestPeft in cpp/tensorrt_llm/batch_manager/peftCacheManager.cpp, claimPagesWithEvict in
 * cpp/tensorrt_llm/runtime/loraCache.cpp, fetchNewRequests and terminateActiveRequests in
 * cpp/tensorrt_llm/executor/executorImpl.cpp, Triton's rate limiter).
 */
final class TritonRefusals {
    private static final String NOT_IN_CACHE = "not found in cache";
    private static final String CACHE_FULL = "Cache is full";
    private static final String QUEUE_FULL = "maximum queue size";

    /** What the executor says if a check of that request alone fails; not if a step fails. */
    private static final String NOT_TAKEN = "error when fetching new request";

    private TritonRefusals() {}

    /** The weights of the adapter must be sent. */
    static boolean isMiss(TritonException refusal) {
        return message(refusal).contains(NOT_IN_CACHE);
    }

    /** For whoever asked. */
    static EngineException exception(TritonException refusal) {
        String message = message(refusal);
        return new EngineException(reason(message), "TensorRT-LLM: " + message, refusal);
    }

    private static EngineException.Cause reason(String message) {
        if (message.contains(CACHE_FULL) || message.contains(QUEUE_FULL)) {
            return EngineException.Cause.OVERLOADED;
        }
        return message.contains(NOT_TAKEN)
                ? EngineException.Cause.REQUEST_FAILED
                : EngineException.Cause.FAILED;
    }

    private static String message(TritonException refusal) {
        return String.valueOf(refusal.getMessage());
    }
}
