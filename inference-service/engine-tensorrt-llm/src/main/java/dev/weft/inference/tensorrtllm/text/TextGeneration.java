package dev.weft.inference.tensorrtllm.text;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.tensorrtllm.adapter.SentAdapter;
import dev.weft.inference.tensorrtllm.stream.GenerationContext;
import dev.weft.inference.tensorrtllm.stream.RunningGeneration;
import dev.weft.inference.tensorrtllm.triton.InferenceInputs;
import dev.weft.inference.tensorrtllm.triton.TritonResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A generation of text. Every response holds the whole answer so far; its new part is told as
 * tokens of the base's tokenizer, which need not be those that the model sampled.
 */
final class TextGeneration extends RunningGeneration<PeftFolder> {
    private static final char UNFINISHED = '\uFFFD';

    private final TextInputs requests;

    // the events' thread
    private final AnswerTokens tokens;
    private String told = "";
    private String reason = "";

    TextGeneration(
            GenerationContext<PeftFolder> context,
            TextInputs requests,
            TextCodec codec,
            GenerationRequest request,
            GenerationListener listener,
            @Nullable SentAdapter<PeftFolder> adapter) {
        super(context, request, listener, adapter);
        this.requests = requests;
        this.tokens = new AnswerTokens(codec);
    }

    @Override
    protected InferenceInputs inputs(@Nullable SentAdapter<PeftFolder> adapter, boolean weights) {
        return requests.inputs(request(), adapter);
    }

    /** The model reads the adapter's folder whenever it has to. */
    @Override
    protected boolean sendsWeights() {
        return false;
    }

    @Override
    protected Runnable read(TritonResponse response, boolean last) {
        if (!response.select(TextInputs.TEXT)) {
            throw new IllegalStateException("a response without " + TextInputs.TEXT);
        }
        String text = response.getText();
        String why = response.select(TextInputs.FINISH_REASON) ? response.getText() : "";
        return () -> tell(text, why, last);
    }

    private void tell(String text, String why, boolean last) {
        if (!text.startsWith(told)) {
            throw new IllegalStateException(
                    "the model's text does not go on from what it said before");
        }
        // a character whose bytes are not all sampled yet comes again as a whole
        String sure = last ? text : withoutUnfinished(text);
        String added = sure.length() > told.length() ? sure.substring(told.length()) : "";
        told = told + added;
        if (!why.isEmpty() && !why.equals("None")) {
            reason = why;
        }
        if (added.isEmpty()) {
            return;
        }
        for (int token : tokens.add(added)) {
            if (!hasEnded()) {
                produce(token, false, Float.NaN, List.of());
            }
        }
    }

    private static String withoutUnfinished(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == UNFINISHED) {
            end--;
        }
        return text.substring(0, end);
    }

    @Override
    protected void onLast() {
        switch (reason) {
            case "stop" -> {
                produce(request().ending().stopTokens().getFirst(), true, Float.NaN, List.of());
                finish(FinishReason.STOP);
            }
            case "length" -> finish(FinishReason.LENGTH);
            default ->
                    end(
                            new EngineException(
                                    EngineException.Cause.FAILED,
                                    "TensorRT-LLM ended the answer with the reason '"
                                            + reason
                                            + "'; known are stop and length"));
        }
    }
}
