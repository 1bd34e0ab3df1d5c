package dev.weft.inference.tensorrtllm.tokens;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.constraint.TokenConstraint;
import dev.weft.inference.tensorrtllm.adapter.SentAdapter;
import dev.weft.inference.tensorrtllm.stream.GenerationContext;
import dev.weft.inference.tensorrtllm.stream.RunningGeneration;
import dev.weft.inference.tensorrtllm.triton.InferenceInputs;
import dev.weft.inference.tensorrtllm.triton.OutputName;
import dev.weft.inference.tensorrtllm.triton.TritonResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A generation of token ids. The backend says that an answer has ended, not why. The reason is a
 * stop token if one came, else the limit if all tokens came, else the end token, which TensorRT-LLM
 * neither counts as part of the answer nor sends.
 *
 * <p>TensorRT-LLM holds back only one stop token. If {@code min_tokens} is to hold back several,
 * the answer is asked for in two requests: first the tokens that must come, with the stop tokens as
 * bad words, then those that follow.
 *
 * <p>A request whose answer has a form asks XGrammar for it and tests each token that comes.
 */
final class TokenGeneration extends RunningGeneration<PackedAdapter> {
    private final TokenInputs requests;
    private final Set<Integer> stop;
    private final int limit;
    private final boolean logits;

    /** Tokens of the first of two requests; 0 if one is enough. */
    private final int first;

    // used by the events' thread: the first request's tokens, and whether that request runs
    private final List<Integer> told = new ArrayList<>();

    private boolean held;

    TokenGeneration(
            GenerationContext<PackedAdapter> context,
            TokenInputs requests,
            boolean logits,
            GenerationRequest request,
            GenerationListener listener,
            @Nullable SentAdapter<PackedAdapter> adapter) {
        super(context, request, listener, adapter);
        this.requests = requests;
        this.stop = new HashSet<>(request.ending().stopTokens());
        this.limit = requests.limit(request);
        this.first =
                TokenInputs.heldBack(request) ? Math.min(request.ending().minTokens(), limit) : 0;
        this.held = first > 0;
        this.logits = logits && request.topLogProbabilities() >= 0;
    }

    @Override
    protected InferenceInputs inputs(
            @Nullable SentAdapter<PackedAdapter> adapter, boolean weights) {
        TokenInputs.Part part =
                held
                        ? TokenInputs.Part.heldBack(told, first - told.size())
                        : TokenInputs.Part.open(told, limit - told.size());
        return requests.inputs(request(), part, adapter, weights);
    }

    @Override
    protected boolean sendsWeights() {
        return true;
    }

    @Override
    protected Runnable read(TritonResponse response, boolean last) {
        int[] tokens = tokens(response);
        if (request().topLogProbabilities() < 0 || tokens.length == 0) {
            return tokens.length == 1 ? () -> tell(tokens[0]) : () -> tell(tokens);
        }
        if (logits) {
            float[] values = floats(response, TokenInputs.LOGITS);
            int vocabulary = Math.toIntExact(response.lastDimension());
            return () -> tell(tokens, values, vocabulary);
        }
        float[] values = floats(response, TokenInputs.LOG_PROBABILITIES);
        return () -> tell(tokens, values);
    }

    private static int[] tokens(TritonResponse response) {
        select(response, TokenInputs.SEQUENCE_LENGTH);
        int count = response.getInt(0);
        if (count == 0) {
            return new int[0];
        }
        select(response, TokenInputs.OUTPUT_IDS);
        if (count < 0 || count > response.lastDimension()) {
            throw new IllegalStateException(
                    "sequence_length "
                            + count
                            + ", but output_ids has "
                            + response.lastDimension());
        }
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = response.getInt(i);
        }
        return tokens;
    }

    private static float[] floats(TritonResponse response, OutputName output) {
        select(response, output);
        float[] values = new float[Math.toIntExact(response.bytes() / response.type().bytes())];
        for (int i = 0; i < values.length; i++) {
            values[i] = response.getFloat(i);
        }
        return values;
    }

    private static void select(TritonResponse response, OutputName output) {
        if (!response.select(output)) {
            throw new IllegalStateException("a response without " + output);
        }
    }

    private void tell(int token) {
        tell(token, Float.NaN, List.of());
    }

    private void tell(int[] tokens) {
        for (int token : tokens) {
            tell(token);
        }
    }

    /**
     * Tells the new tokens; each response brings the log-probabilities of all tokens so far, the
     * new ones' last.
     */
    private void tell(int[] tokens, float[] logProbabilities) {
        requireRows(tokens, logProbabilities.length);
        int earlier = logProbabilities.length - tokens.length;
        for (int i = 0; i < tokens.length; i++) {
            tell(tokens[i], logProbabilities[earlier + i], List.of());
        }
    }

    private void tell(int[] tokens, float[] values, int vocabulary) {
        requireRows(tokens, values.length / vocabulary);
        for (int i = 0; i < tokens.length; i++) {
            LogitRow row = new LogitRow(values, i * vocabulary, requests.vocabulary(vocabulary));
            tell(tokens[i], row.of(tokens[i]), row.top(request().topLogProbabilities()));
        }
    }

    private static void requireRows(int[] tokens, int rows) {
        if (rows < tokens.length) {
            throw new IllegalStateException(
                    rows + " log-probabilities for " + tokens.length + " tokens");
        }
    }

    private void tell(int token, float logProbability, List<TokenEvent.TopToken> top) {
        if (hasEnded()) {
            return;
        }
        if (!keepsToItsForm(token)) {
            return;
        }
        if (held) {
            told.add(token);
        }
        boolean end = !held && stop.contains(token);
        produce(token, end, logProbability, top);
        if (end) {
            finish(FinishReason.STOP);
        } else if (produced() == limit) {
            finish(FinishReason.LENGTH);
        }
    }

    /**
     * Tests a token with the request's own constraint, whatever XGrammar was asked for; a token
     * that is refused ends the request with an error.
     */
    private boolean keepsToItsForm(int token) {
        TokenConstraint form = request().constraint();
        if (form == null) {
            return true;
        }
        try {
            if (form.allows(token)) {
                form.accept(token);
                return true;
            }
            end(
                    new EngineException(
                            EngineException.Cause.REQUEST_FAILED,
                            "TensorRT-LLM's XGrammar let the answer leave its form: token %d behind %d others"
                                    .formatted(token, produced())));
        } catch (EngineException e) {
            end(e);
        }
        return false;
    }

    @Override
    protected void onLast() {
        if (held && produced() == first) {
            held = false;
            goOn();
        } else if (held || stop.isEmpty()) {
            end(
                    new EngineException(
                            EngineException.Cause.FAILED,
                            "TensorRT-LLM ended the answer after %d of %d tokens and gave no reason"
                                    .formatted(produced(), limit)));
        } else if (keepsToItsForm(request().ending().stopTokens().getFirst())) {
            produce(request().ending().stopTokens().getFirst(), true, Float.NaN, List.of());
            finish(FinishReason.STOP);
        }
    }
}
