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
}
