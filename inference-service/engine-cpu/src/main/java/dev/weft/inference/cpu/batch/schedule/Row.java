package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.cpu.batch.draft.Draft;
import dev.weft.inference.cpu.batch.draft.DraftOutcomes;
import dev.weft.inference.cpu.batch.draft.Drafter;
import dev.weft.inference.cpu.batch.draft.RowDrafts;
import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.inference.cpu.kv.KvSequence;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.GenerationWork;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.constraint.TokenConstraint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request on its way through the batch: its tokens so far, and how many of them are in the KV
 * cache. The owner thread owns it; only {@link #cancel} is called by others.
 */
public final class Row implements Generation {
    /** Tokens that a row produces before it makes room for another tenant's. */
    static final int TURN = 64;

    /** Tokens before it makes room for a row of its own tenant that has made room. */
    static final int LONG_TURN = 4 * TURN;

    private static final Logger LOG = LoggerFactory.getLogger(Row.class);

    private final GenerationRequest request;
    private final GenerationListener listener;
    private final @Nullable LoraSlot slot;
    private final KvSequence sequence;
    private final TokenCounts counts;
    private final @Nullable RowConstraint constraint;
    private @Nullable RowDrafts drafts;
    private final @Nullable RowPool pool;
    private int[] tokens;
    private int length;
    private int computed;

    /** The largest {@link #computed} so far, and the positions of it that others had computed. */
    private int reached;

    private int cached;
    private final long begunNanos = System.nanoTime();
    private long queueNanos = -1;
    private int promptSteps;
    private int decodeSteps;
    private int preemptions;
    private boolean admitted;
    private boolean running;
    private boolean ended;
    private @Nullable EngineException fault;

    /** Its place among all requests, in the order in which they came. */
    private long arrival;

    /** What it had produced when its turn began, and whether a step has worked on it since. */
    private int producedBefore;

    private boolean touched;

    /** It has lost its row to another tenant, or to a row of its own tenant that had. */
    private boolean madeRoom;

    private long turn;
    private volatile boolean cancelled;

    public Row(
            GenerationRequest request,
            GenerationListener listener,
            @Nullable LoraSlot slot,
            KvSequence sequence) {
        this.request = request;
        this.listener = listener;
        this.slot = slot;
        this.sequence = sequence;
        this.length = request.prompt().size();
        this.tokens =
                Arrays.copyOf(
                        promptOf(request), length + Math.min(request.ending().maxTokens(), 256));
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
        running = true;
        madeRoom = false;
        producedBefore = produced();
        touched = false;
        if (admitted) {
            return;
        }
        admitted = true;
        guarded(listener::onRow);
    }

    /** Why it can't go on; null if nothing is wrong with it. */
    public @Nullable EngineException fault() {
        return fault;
    }

    /** Work for this row alone has failed: it takes part in no step any more. */
    public void failed(Throwable error) {
        if (fault == null) {
            fault = RowFailures.of(this, error);
        }
    }

    /** Runs work whose failure ends this row alone. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    void arrived(long place) {
        arrival = place;
    }

    long arrival() {
        return arrival;
    }

    public String tenant() {
        return request.owner().tenant();
    }

    /** Whether it has a row. */
    boolean running() {
        return running;
    }

    /** Whether it has, or has had, a row. */
    boolean hasRun() {
        return admitted;
    }

    /**
     * Whether it may make room for another tenant's: it has advanced by a turn since it got its
     * row, so that it advances however often it makes room; or no step has worked on it, so nothing
     * is lost.
     */
    boolean hadTurn() {
        return !touched || produced() - producedBefore >= TURN;
    }

    /** Whether it has advanced so far since it got its row that another can go on in its place. */
    boolean hadLongTurn() {
        return touched && produced() - producedBefore >= LONG_TURN;
    }

    /**
     * Gives its row to another that waits; it goes on in its next turn.
     *
     * @param place among all that have
     */
    void makeRoom(long place) {
        madeRoom = true;
        turn = place;
    }

    /** Its place among all that have made room. */
    long turn() {
        return turn;
    }

    /** Whether it waits because it made room. */
    boolean madeRoom() {
        return madeRoom;
    }

    public GenerationRequest request() {
        return request;
    }

    public @Nullable LoraSlot slot() {
        return slot;
    }

    /** The adapter of a position; null for the base. */
    @Nullable LoraSlot slotAt(int position) {
        return position < sequence.adapterFrom() ? null : slot;
    }

    public KvSequence sequence() {
        return sequence;
    }

    /** How often each token was produced; for penalties. */
    public TokenCounts counts() {
        return counts;
    }

    /** What its tokens may be; null for any. */
    public @Nullable RowConstraint constraint() {
        return constraint;
    }

    /** What it gathers in the place of tokens; null if it produces tokens. */
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
        return length;
    }

    public int produced() {
        return length - request.prompt().size();
    }

    /** Tokens whose keys and values are in the cache. */
    int computed() {
        return computed;
    }

    /** Tokens that must pass through the model before the next one can be chosen; 1 in decode. */
    int pending() {
        return length - computed;
    }

    /** Whether it continues an answer, or has one token of its prompt left. */
    public boolean decodes() {
        return pending() == 1;
    }

    public int token(int position) {
        return tokens[position];
    }

    /** Reuses the next tokens' keys and values that the cache holds already. */
    void reuse() {
        guarded(this::takeCached);
    }

    private void takeCached() {
        if (!sequence.stretch(length)) {
            sequence.release();
            startOver();
            sequence.stretch(length);
        }
        if (pool != null && pool.readsAll()) {
            return;
        }
        if (!awaits() && computed % Attention.BLOCK == 0) {
            computed += sequence.reuse(tokens, length);
            cached += Math.max(0, computed - reached);
            reached = Math.max(reached, computed);
        }
    }

    /**
     * So many tokens can be drafted: at most what the answer may have, and less than what would
     * rotate its positions in another way.
     */
    int draftable(int most) {
        if (pool != null) {
            return 0;
        }
        int left = request.ending().maxTokens() - produced() - 1;
        return Math.max(0, Math.min(most, Math.min(left, sequence.room(length))));
    }

    /**
     * What may follow by its constraint or, if that expects nothing, by its own text.
     *
     * @param all what came of all requests' drafts
     */
    Draft find(DraftOutcomes all, int most) {
        Draft expected = expected(most);
        return expected.tokens().isEmpty() ? drafts(all).find(tokens, length, most) : expected;
    }

    /** What came of its drafts. */
    RowDrafts drafts(DraftOutcomes all) {
        RowDrafts own = drafts;
        if (own == null) {
            own = new RowDrafts(all);
            drafts = own;
        }
        return own;
    }

    private Draft expected(int most) {
        if (constraint == null || most < 1 || produced() == 0 || fault != null) {
            return Draft.NONE;
        }
        try {
            return Draft.expected(constraint.expected(most));
        } catch (RuntimeException | Error e) {
            failed(e);
            return Draft.NONE;
        }
    }

    /** Its wish for a draft. */
    Drafter.Ask ask(Drafter.Place place, int most) {
        return new Drafter.Ask(place, tokens, length, most);
    }

    /** Makes room in the cache for its next token and so many more; false if there is none. */
    boolean reserve(int more) {
        return sequence.reserve(length + more);
    }

    private void releaseDrafts() {
        if (drafts != null) {
            drafts.release();
        }
    }

    private void startOver() {
        computed = 0;
        if (pool != null) {
            pool.restart();
        }
    }

    /** Lets it take part in the next step. */
    public void schedule() {
        if (queueNanos < 0) {
            queueNanos = System.nanoTime() - begunNanos;
        }
        if (produced() == 0) {
            promptSteps++;
        } else {
            decodeSteps++;
        }
    }

    /**
     * Counts more tokens whose keys and values are in the cache.
     *
     * @return those of them that never had them before
     */
    int advance(int count) {
        int before = reached;
        touched = true;
        computed += count;
        reached = Math.max(reached, computed);
        guarded(() -> {
            sequence.publish(tokens, computed);
            sequence.leaveBehind(computed);
        });
        return reached - before;
    }

    /** Tokens of the prompt that others had computed; final with the first token. */
    public int cached() {
        return cached;
    }

    /**
     * Gives its cache blocks back; it starts over with what it has, the answer so far included, and
     * finds its blocks again as far as nobody has needed their place.
     */
    void preempt() {
        running = false;
        preemptions++;
        sequence.release();
        releaseDrafts();
        startOver();
        if (reached == cached) {
            // It has computed nothing itself: as if it had never begun.
            reached = 0;
            cached = 0;
        }
    }

    /**
     * Takes the next token, tells the listener, and says whether and why the row has ended.
     * Exceptions of the constraint and of the listener are thrown on.
     */
    public @Nullable FinishReason accept(TokenEvent event, int contextLength) {
        if (constraint != null) {
            constraint.accept(event.token());
        }
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.min(2 * length, contextLength + 1));
        }
        if (produced() == 0) {
            listener.onPrompt(cached);
        }
        tokens[length++] = event.token();
        counts.add(event.token());
        listener.onToken(event);
        if (event.endOfSequence()) {
            return FinishReason.STOP;
        }
        boolean full = produced() >= request.ending().maxTokens() || length >= contextLength;
        return full ? FinishReason.LENGTH : null;
    }

    /** Tells the listener the vector of its prompt; its exceptions are thrown on. */
    public void tell(float[] vector) {
        listener.onPrompt(cached);
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
        last(sequence::release);
        last(this::releaseDrafts);
        last(() -> listener.onWork(work()));
    }

    /** Runs the last call of the listener; a failure can only be logged. */
    private void last(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.error("the end of request {} failed", request.id(), e);
        }
    }

    private GenerationWork work() {
        long waited = queueNanos < 0 ? System.nanoTime() - begunNanos : queueNanos;
        return new GenerationWork(waited, promptSteps, decodeSteps, preemptions);
    }

    private static int[] promptOf(GenerationRequest request) {
        return request.prompt().stream().mapToInt(Integer::intValue).toArray();
    }
}
