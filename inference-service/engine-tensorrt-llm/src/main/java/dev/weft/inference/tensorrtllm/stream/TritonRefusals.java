package dev.weft.inference.tensorrtllm.stream;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.tensorrtllm.triton.TritonException;
import java.util.Locale;

/**
 * Finds out what a refusal of Triton or TensorRT-LLM means by its words, since its code doesn't say
 * it (addRequestPeft in cpp/tensorrt_llm/batch_manager/peftCacheManager.cpp, claimPagesWithEvict in
 * cpp/tensorrt_llm/runtime/loraCache.cpp, enqueueRequests, fetchNewRequests and
 * terminateActiveRequests in cpp/tensorrt_llm/executor/executorImpl.cpp, Triton's rate limiter).
 */
final class TritonRefusals {
    private static final String NOT_IN_CACHE = "not found in cache";

    /** Said by the caches of adapters if each adapter there is in use. */
    private static final String CACHE_FULL = "Cache is full";

    /**
     * Said by the caches of adapters if too few adapters there can be evicted: a check of the pages
     * fails.
     */
    private static final String NO_PAGES = "Assertion failed: pageIds.has_value()";

    /**
     * The queue is full, in the words of Triton ("Exceeds maximum queue size") and of the executor,
     * in lower case.
     */
    private static final String QUEUE_FULL = "maximum queue size";

    /** Said by the executor if a check of one request alone fails, and not if a step fails. */
    private static final String NOT_TAKEN = "error when fetching new request";

    /** The beginning of the executor's message once it has taken a request. */
    private static final String TAKEN = "Executor failed process requestId";

    /** Said by all checks of TensorRT-LLM (TLLM_CHECK). */
    private static final String CHECK_FAILED = "Assertion failed";

    /** Said by a check that a request is not to blame for. */
    private static final String SHUT_DOWN = "Shutdown called";

    private TritonRefusals() {}

    /** Whether the refusal means that the adapter's weights must be sent. */
    static boolean isMiss(TritonException refusal) {
        return message(refusal).contains(NOT_IN_CACHE);
    }

    /** The error that the request ends with. */
    static EngineException exception(TritonException refusal) {
        String message = message(refusal);
        return new EngineException(reason(message), "TensorRT-LLM: " + message, refusal);
    }

    private static EngineException.Cause reason(String message) {
        if (message.contains(CACHE_FULL)
                || message.contains(NO_PAGES)
                || message.toLowerCase(Locale.ROOT).contains(QUEUE_FULL)) {
            return EngineException.Cause.OVERLOADED;
        }
        return message.contains(NOT_TAKEN) || failsACheckBeforeItIsTaken(message)
                ? EngineException.Cause.REQUEST_FAILED
                : EngineException.Cause.FAILED;
    }

    private static boolean failsACheckBeforeItIsTaken(String message) {
        return message.contains(CHECK_FAILED)
                && !message.contains(TAKEN)
                && !message.contains(SHUT_DOWN);
    }

    private static String message(TritonException refusal) {
        return String.valueOf(refusal.getMessage());
    }
}
