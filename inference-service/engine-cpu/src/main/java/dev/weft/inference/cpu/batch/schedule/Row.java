package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.cpu.kernel.vector.Attention;
import dev.weft.inference.cpu.kv.KvSequence;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.GenerationWork;
import dev.weft.inference.engine.TokenEvent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request on its way through the batch: its tokens so far, and how many of them are in the KV
 * cache. Owned by the owner thread; only {@link #cancel} comes from others.
 */
public final class Row implements Generation {
    /** Tokens that it produces before it makes room for another tenant's. */
    static final int TURN = 64;

    /** The same before it makes room for one of its own tenant's that has made room. */
    static final int LONG_TURN = 4 * TURN;

    private static final Logger LOG = LoggerFactory.getLogger(Row.class);

    private final GenerationRequest request;
    private final GenerationListener listener;
    private final @Nullable LoraSlot slot;
    private final KvSequence sequence;
    private final TokenCounts counts;
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

    /** It has lost its row to another tenant, or to one of its own that had. */
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
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    /** It runs from now on, for the first time or again; the listener hears of the first. */
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

    /** Why it can't go on; null where nothing is wrong with it. */
    public @Nullable EngineException fault() {
        return fault;
    }

    /** Work for this row alone has failed: it takes part in no step any more. */
    public void failed(Throwable error) {
        if (fault == null) {
            fault = RowFailures.of(this, error);
        }
    }

    /** What fails here is this row's trouble. */
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

    /** It has a row. */
    boolean running() {
        return running;
    }

    /** It has, or has had, a row. */
    boolean hasRun() {
        return admitted;
    }

    /**
     * It may make room for another tenant's: it has got on by a turn since it was given its row, so
     * that it gets on however often it makes room; or nothing is lost, as no step has worked on it.
     */
    boolean hadTurn() {
        return !touched || produced() - producedBefore >= TURN;
    }

    /** It has got on by so much since it was given its row that another can go on in its place. */
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

    /** It waits because it made room. */
    boolean madeRoom() {
        return madeRoom;
    }

    public GenerationRequest request() {
        return request;
    }

    public @Nullable LoraSlot slot() {
        return slot;
    }

    public KvSequence sequence() {
        return sequence;
    }

    /** Tokens produced, by how often; for penalties. */
    public TokenCounts counts() {
        return counts;
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

    /** It continues an answer, or has one token of its prompt left. */
    public boolean decodes() {
        return pending() == 1;
    }

    public int token(int position) {
        return tokens[position];
    }

    /** Goes on with what the cache holds of the next tokens already. */
    void reuse() {
        guarded(this::takeCached);
    }

    private void takeCached() {
        if (computed % Attention.BLOCK == 0) {
            computed += sequence.reuse(tokens, length);
            cached += Math.max(0, computed - reached);
            reached = Math.max(reached, computed);
        }
    }

    /** It takes part in the step that comes. */
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
     * That many more tokens have their keys and values in the cache.
     *
     * @return those of them that had never had them before
     */
    int advance(int count) {
        int before = reached;
        touched = true;
        computed += count;
        reached = Math.max(reached, computed);
        guarded(() -> sequence.publish(tokens, computed));
        return reached - before;
    }

    /** Tokens of the prompt that others had computed; final with the first token. */
    public int cached() {
        return cached;
    }

    /**
     * Gives its cache blocks back; it starts over with what it has, the answer so far included, and
     * finds those of its blocks again whose place nobody has needed.
     */
    void preempt() {
        running = false;
        preemptions++;
        sequence.release();
        computed = 0;
        if (reached == cached) {
            // It has computed nothing itself: as if it had never begun.
            reached = 0;
            cached = 0;
        }
    }

    /**
     * Takes the next token, tells the listener, and says whether and why the row has ended. What
     * the listener throws comes out.
     */
    public @Nullable FinishReason accept(TokenEvent event, int contextLength) {
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
        last(() -> listener.onWork(work()));
    }

    /** It has ended: there is nobody left to tell but the log. */
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
