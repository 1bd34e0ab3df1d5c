package dev.weft.inference.tensorrtllm.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.tensorrtllm.triton.TritonException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TritonRefusalsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Encountered an error when fetching new request: Prompt length (9) exceeds       | REQUEST_FAILED
                    Encountered an error in forwardAsync function: CUDA runtime error               | FAILED
                    PEFT Cache is full. Could not store taskId=7                                    | OVERLOADED
                    Encountered an error when fetching new request: [TensorRT-LLM][ERROR] Assertion failed: pageIds.has_value() (loraCache.cpp:1) | OVERLOADED
                    Encountered an error when fetching new request: [TensorRT-LLM][ERROR] Assertion failed: Invalid low_rank (9) | REQUEST_FAILED
                    Encountered an error in forwardAsync function: [TensorRT-LLM][ERROR] Assertion failed: mStream | FAILED
                    LoRA task 7 not found in cache. Please send LoRA weights with request           | FAILED
                    """)
    void whoIsToBlameIsInTheWords(String words, EngineException.Cause reason) {
        EngineException told =
                TritonRefusals.exception(
                        new TritonException(
                                TritonException.Code.INTERNAL,
                                "Executor failed process requestId 3 due to the following error: "
                                        + words));

        assertThat(told.reason()).isEqualTo(reason);
        assertThat(told).hasMessageContaining(words);
    }

    /** Refusals of a request that the executor has not taken have no such prefix. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Maximum queue size of 8 has been reached, please try again later                | OVERLOADED
                    in ensemble 'x', Exceeds maximum queue size                                     | OVERLOADED
                    [TensorRT-LLM][ERROR] Assertion failed: Input tokens are empty (executor.cpp:1) | REQUEST_FAILED
                    [TensorRT-LLM][ERROR] Assertion failed: Shutdown called, cannot enqueue requests | FAILED
                    [TensorRT-LLM][ERROR] CUDA runtime error in cudaMalloc: out of memory           | FAILED
                    """)
    void aRefusalBeforeItIsTakenIsTheRequestsOwn(String words, EngineException.Cause reason) {
        EngineException told =
                TritonRefusals.exception(new TritonException(TritonException.Code.INTERNAL, words));

        assertThat(told.reason()).isEqualTo(reason);
        assertThat(told).hasMessageContaining(words);
    }
}
