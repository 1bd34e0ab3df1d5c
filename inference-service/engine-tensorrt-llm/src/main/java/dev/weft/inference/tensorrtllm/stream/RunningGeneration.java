package dev.weft.inference.tensorrtllm.stream;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.GenerationWork;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.tensorrtllm.adapter.AdapterData;
import dev.weft.inference.tensorrtllm.adapter.SentAdapter;
import dev.weft.inference.tensorrtllm.triton.InferenceCall;
import dev.weft.inference.tensorrtllm.triton.InferenceInputs;
import dev.weft.inference.tensorrtllm.triton.ResponseReceiver;
import dev.weft.inference.tensorrtllm.triton.TritonException;
import dev.weft.inference.tensorrtllm.triton.TritonResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A generation of a model in Triton. Its listener gets exactly one terminal event, from the events'
 * thread, whatever Triton does; later events are ignored.
 *
 * @param <W> the form in which the model gets an adapter
 */
public abstract class RunningGeneration<W extends AdapterData>
        implements Generation, GenerationGate.Guest {
    private static final Logger LOG = LoggerFactory.getLogger(RunningGeneration.class);

    /**
     * Number of sends of the adapter's weights after which another miss ends the generation. One is
     * enough, unless other adapters evict this one at once.
     */
    private static final int MAX_SENDS = 4;

    private final GenerationContext<W> context;
    private final GenerationRequest request;
    private final GenerationListener listener;
    private final @Nullable SentAdapter<W> adapter;
    private final long begunNanos = System.nanoTime();

    // set by other threads; they count before events that Triton's threads have queued
    private volatile boolean cancelled;
    private volatile @Nullable EngineException failed;

    // the events' thread
    private int sends;
    private int produced;

    /** Tokens that were told before the current call. */
    private int before;

    /** Time from its start until it was handed to Triton; negative before that. */
    private long queueNanos = -1;

    private boolean ended;
    private @Nullable InferenceCall call;

    protected RunningGeneration(
            GenerationContext<W> context,
            GenerationRequest request,
            GenerationListener listener,
            @Nullable SentAdapter<W> adapter) {
        this.context = context;
        this.request = request;
        this.listener = listener;
        this.adapter = adapter;
    }

    /** The tensors of the request, with the adapter's weights if the model may not have them. */
    protected abstract InferenceInputs inputs(@Nullable SentAdapter<W> adapter, boolean weights);

    /** True if a request must bring an adapter's weights the first time. */
    protected abstract boolean sendsWeights();

    /**
     * Copies what a response holds; on a thread of Triton's.
     *
     * @return the work with it on the events' thread
     */
    protected abstract Runnable read(TritonResponse response, boolean last);

    /** The last response has come, and its content did not end the generation. */
    protected abstract void onLast();

    protected final GenerationRequest request() {
        return request;
    }

    /** Tokens told so far. */
    protected final int produced() {
        return produced;
    }

    protected final boolean hasEnded() {
        return ended;
    }

    /** Hands it to Triton when it is its turn; returns at once. */
    public final void start() {
        context.events()
                .post(() -> {
                    if (!ended) {
                        context.gate().arrive(this);
                    }
                });
    }

    @Override
    public final String tenant() {
        return request.owner().tenant();
    }

    @Override
    public final void enter() {
        submit();
    }

    @Override
    public final void refuse() {
        end(context.gate().overShare());
    }

    @Override
    public final void cancel() {
        cancelled = true;
        context.events().post(this::heed);
    }

    /** Ends it with an error unless it has ended. */
    public final void fail(EngineException error) {
        failed = error;
        context.events().post(this::heed);
    }

    /** Tells a token. Events' thread. */
    protected final void produce(
            int token, boolean last, float logProbability, List<TokenEvent.TopToken> top) {
        if (produced == 0) {
            context.counters().prompt(request.prompt().size());
            context.gate().served(this, request.prompt().size());
            listener.onPrompt(0);
        }
        context.counters().token();
        context.gate().served(this, 1);
        listener.onToken(new TokenEvent(produced++, token, last, logProbability, top));
    }

    /** Ends it unless it has ended; Triton is told to stop if it has not. Events' thread. */
    protected final void finish(FinishReason reason) {
        if (leave()) {
            listener.onWork(work());
            listener.onFinish(reason);
        }
    }

    /** Ends it with an error. */
    protected final void end(EngineException error) {
        if (leave()) {
            listener.onWork(work());
            listener.onError(error);
        }
    }

    /**
     * The cost of the generation. TensorRT-LLM tells neither the generation's steps nor its wait in
     * TensorRT-LLM's queue.
     */
    private GenerationWork work() {
        boolean ran = queueNanos >= 0;
        return GenerationWork.outside(ran ? queueNanos : System.nanoTime() - begunNanos, ran);
    }

    private void heed() {
        EngineException failure = failed;
        if (failure != null) {
            end(failure);
        } else if (cancelled) {
            finish(FinishReason.CANCELLED);
        }
    }

    private boolean leave() {
        if (ended) {
            return false;
        }
        ended = true;
        if (adapter != null) {
            context.shelf().release(adapter);
        }
        context.ended().accept(this);
        context.gate().leave(this);
        stopCall();
        return true;
    }

    private void stopCall() {
        if (call != null) {
            try {
                call.cancel();
            } catch (TritonException e) {
                LOG.warn("a request goes on although nobody waits for it: {}", e.getMessage());
            }
        }
    }

    /** Hands the next part of it to Triton after the last one has ended. Events' thread. */
    protected final void goOn() {
        sends = 0;
        submit();
    }

    private void submit() {
        heed();
        if (ended) {
            return;
        }
        before = produced;
        boolean weights = adapter != null && sendsWeights() && !adapter.sent();
        if (adapter != null) {
            adapter.lend();
        }
        if (adapter != null && weights) {
            sends++;
            adapter.sent(true);
        }
        Receiver receiver = new Receiver();
        long loads = context.model().loads();
        try {
            InferenceInputs inputs = inputs(adapter, weights);
            if (queueNanos < 0) {
                queueNanos = System.nanoTime() - begunNanos;
                listener.onRow();
            }
            call = context.model().infer(inputs, receiver);
        } catch (TritonException e) {
            receiver.onClosed();
            if (context.model().isGone(e, loads)) {
                context.model().await(new Resume());
            } else {
                end(TritonRefusals.exception(e));
            }
        } catch (RuntimeException | Error e) {
            receiver.onClosed();
            end(new EngineException(EngineException.Cause.FAILED, e.toString(), e));
        }
    }

    private void onFailure(TritonException failure, boolean last) {
        if (last) {
            call = null;
        }
        heed();
        boolean missed = last && produced == before && TritonRefusals.isMiss(failure);
        if (adapter != null && sendsWeights() && missed && sends < MAX_SENDS && !ended) {
            context.counters().countSentAgain();
            adapter.sent(false);
            submit();
        } else {
            end(TritonRefusals.exception(failure));
        }
    }

    /** The receiver of one try, called by Triton's threads. */
    private final class Receiver implements ResponseReceiver {
        @Override
        public void onResponse(TritonResponse response, boolean last) {
            Runnable told = read(response, last);
            context.events().post(last ? () -> tell(told, true) : () -> tell(told, false));
        }

        @Override
        public void onFailure(TritonException failure, boolean last) {
            context.events().post(() -> RunningGeneration.this.onFailure(failure, last));
        }

        @Override
        public void onEnd() {
            context.events().post(() -> tell(() -> {}, true));
        }

        @Override
        public void onClosed() {
            if (adapter != null) {
                adapter.takeBack();
            }
        }

        private void tell(Runnable told, boolean last) {
            heed();
            if (last) {
                call = null;
            }
            try {
                if (!ended) {
                    told.run();
                }
                if (last && !ended) {
                    onLast();
                }
            } catch (RuntimeException | Error e) {
                end(
                        new EngineException(
                                EngineException.Cause.REQUEST_FAILED,
                                "a response could not be told: " + e.getMessage(),
                                e));
            }
        }
    }

    private final class Resume implements ModelHost.Waiting {
        @Override
        public void onModel() {
            context.events().post(RunningGeneration.this::submit);
        }

        @Override
        public void onNoModel(EngineException reason) {
            fail(reason);
        }
    }
}
