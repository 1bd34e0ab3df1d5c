package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.cpu.batch.draft.DraftOutcomes;
import dev.weft.inference.cpu.batch.draft.RowDrafts;
import dev.weft.inference.cpu.kv.KvSequence;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.constraint.TokenConstraint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request on its way through the batch. The owner thread owns it; only {@link #cancel} is called
 * by others.
 */
public final class Row implements Generation {
    private static final Logger LOG = LoggerFactory.getLogger(Row.class);

    private final GenerationRequest request;
    private final GenerationListener listener;
    private final @Nullable LoraSlot slot;
    private final RowTokens tokens;
    private final RowCache cache;
    private final RowTurn turn;
    private final RowWork work = new RowWork();
    private final TokenCounts counts;
    private final @Nullable RowConstraint constraint;
    private final @Nullable RowPool pool;
    private @Nullable RowDrafts drafts;
    private @Nullable EngineException fault;
    private boolean ended;
    private volatile boolean cancelled;

    public Row(
            GenerationRequest request,
            GenerationListener listener,
            @Nullable LoraSlot slot,
            KvSequence sequence) {
        this.request = request;
        this.listener = listener;
        this.slot = slot;
        this.tokens = new RowTokens(request);
        this.cache = new RowCache(sequence);
        this.turn = new RowTurn(tokens);
        this.counts = new TokenCounts(request);
        TokenConstraint asked = request.constraint();
        this.constraint = asked == null ? null : new RowConstraint(asked);
        this.pool = RowPool.of(request.pooled(), slot);
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    /** Lets it run from now on, for the first time or again; the listener hears of the first. */
    void admitted() {
        if (turn.begin()) {
            guarded(listener::onRow);
        }
    }

    /** The error because of which the row can't go on; null if there is none. */
    public @Nullable EngineException fault() {
        return fault;
    }

    /** Notes that work for this row alone has failed, so that it takes part in no step any more. */
    public void failed(Throwable error) {
        if (fault == null) {
            fault = RowFailures.of(this, error);
        }
    }

    /** Runs work whose failure ends this row alone. */
    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    /** Whether it has a row, and since when. */
    RowTurn turn() {
        return turn;
    }

    public String tenant() {
        return request.owner().tenant();
    }

    public GenerationRequest request() {
        return request;
    }

    public @Nullable LoraSlot slot() {
        return slot;
    }

    /** The adapter of a position; null for the base. */
    @Nullable LoraSlot slotAt(int position) {
        return position < cache.sequence().adapterFrom() ? null : slot;
    }

    public KvSequence sequence() {
        return cache.sequence();
    }

    /** How often each token was produced; for penalties. */
    public TokenCounts counts() {
        return counts;
    }

    /** The constraint on its tokens; null for none. */
    public @Nullable RowConstraint constraint() {
        return constraint;
    }

    /** The states that it gathers; null if it produces tokens. */
    public @Nullable RowPool pool() {
        return pool;
    }

    /** Whether its next token waits for a mask, so that it takes part in no step. */
    public boolean awaits() {
        return constraint != null && constraint.awaits();
    }

    public boolean cancelled() {
        return cancelled;
    }

    public boolean ended() {
        return ended;
    }

    /** Prompt and answer so far. */
    public int length() {
        return tokens.length();
    }

    public int produced() {
        return tokens.produced();
    }

    /** Tokens whose keys and values are in the cache. */
    int computed() {
        return cache.computed();
    }

    /** Tokens that must pass through the model before the next one can be chosen; 1 in decode. */
    int pending() {
        return length() - computed();
    }

    /** Whether it continues an answer, or has one token of its prompt left. */
    public boolean decodes() {
        return pending() == 1;
    }

    public int token(int position) {
        return tokens.get(position);
    }

    RowTokens tokens() {
        return tokens;
    }

    /** Reuses the next tokens' keys and values that the cache holds already. */
    void reuse() {
        guarded(this::takeCached);
    }

    private void takeCached() {
        KvSequence sequence = cache.sequence();
        if (!sequence.stretch(length())) {
            startOver();
            sequence.stretch(length());
        }
        if (pool != null && pool.readsAll()) {
            return;
        }
        if (!awaits() && cache.isAtABlock()) {
            cache.reuse(tokens);
        }
    }

    /** Its drafts and their outcomes. */
    RowDrafts drafts(DraftOutcomes all) {
        RowDrafts own = drafts;
        if (own == null) {
            own = new RowDrafts(all);
            drafts = own;
        }
        return own;
    }

    /** Makes room in the cache for its next token and so many more; false if there is none. */
    boolean reserve(int more) {
        return cache.sequence().reserve(length() + more);
    }

    private void releaseDrafts() {
        if (drafts != null) {
            drafts.release();
        }
    }

    private void startOver() {
        cache.release();
        if (pool != null) {
            pool.restart();
        }
    }

    /** Lets it take part in the next step. */
    public void schedule() {
        work.step(produced() > 0);
    }

    /**
     * Counts more tokens whose keys and values are in the cache.
     *
     * @return those of them that never had them before
     */
    int advance(int count) {
        turn.touch();
        int computed = cache.advance(count);
        guarded(() -> cache.publish(tokens));
        return computed;
    }

    /** Tokens of the prompt that others had computed; final with the first token. */
    public int cached() {
        return cache.cached();
    }

    /**
     * Gives its cache blocks back. The row starts over later with its prompt and the answer so far,
     * and reuses its blocks as far as nobody has needed their place.
     */
    void preempt() {
        turn.end();
        work.preempted();
        startOver();
        releaseDrafts();
        cache.forgetReused();
    }

    /**
     * Takes the next token, tells the listener, and says whether and why the row has ended.
     * Exceptions of the constraint and of the listener are thrown on.
     */
    public @Nullable FinishReason accept(TokenEvent event, int contextLength) {
        if (constraint != null) {
            constraint.accept(event.token());
        }
        if (produced() == 0) {
            listener.onPrompt(cached());
        }
        tokens.add(event.token(), contextLength);
        counts.add(event.token());
        listener.onToken(event);
        if (event.endOfSequence()) {
            return FinishReason.STOP;
        }
        boolean full = produced() >= request.ending().maxTokens() || length() >= contextLength;
        return full ? FinishReason.LENGTH : null;
    }

    /** Tells the listener the vector of its prompt; its exceptions are thrown on. */
    public void tell(float[] vector) {
        listener.onPrompt(cached());
        listener.onVector(vector);
    }

    /** Never throws; a listener that does hears no more. */
    public void finish(FinishReason reason) {
        end();
        last(() -> listener.onFinish(reason));
    }

    /** Never throws; a listener that does hears no more. */
    public void fail(EngineException error) {
        end();
        last(() -> listener.onError(error));
    }

    private void end() {
        ended = true;
        last(cache.sequence()::release);
        last(this::releaseDrafts);
        last(() -> listener.onWork(work.sum()));
    }

    /** Runs one of the last calls; a failure can only be logged. */
    private void last(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            LOG.error("the end of request {} failed", request.id(), e);
        }
    }
}
