package dev.weft.inference.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Records a generation's events and checks that they come in order, with one terminal event. */
public final class RecordedGeneration implements GenerationListener {
    private final List<TokenEvent> events = new ArrayList<>();
    private final CompletableFuture<FinishReason> end = new CompletableFuture<>();
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<Void> goOn;
    private @Nullable String fault;
    private int cachedTokens = -1;
    private @Nullable GenerationWork work;
    private boolean hasRow;
    private float @Nullable [] vector;

    @Override
    public synchronized void onRow() {
        if (hasRow || cachedTokens >= 0 || end.isDone()) {
            fault = "the row was reported twice, or too late";
        }
        hasRow = true;
    }

    @Override
    public synchronized void onPrompt(int cached) {
        if (cachedTokens >= 0 || !events.isEmpty() || end.isDone()) {
            fault = "the prompt was reported twice, or too late";
        }
        if (!hasRow) {
            fault = "a prompt before its row";
        }
        if (cached < 0) {
            fault = cached + " cached tokens";
        }
        cachedTokens = cached;
    }

    @Override
    public void onToken(TokenEvent event) {
        record(event);
        CompletableFuture<Void> gate = goOn;
        if (gate != null) {
            wait(gate, Duration.ofMinutes(3), "not let go on");
        }
    }

    private synchronized void record(TokenEvent event) {
        if (cachedTokens < 0) {
            fault = "a token before the prompt was reported";
        }
        if (end.isDone()) {
            fault = "a token after the end";
        }
        if (event.index() != events.size()) {
            fault = "token " + event.index() + " came as number " + events.size();
        }
        events.add(event);
        first.complete(null);
    }

    @Override
    public synchronized void onVector(float[] found) {
        if (cachedTokens < 0 || vector != null || !events.isEmpty() || end.isDone()) {
            fault = "a vector before its prompt, a second one, or one beside tokens";
        }
        vector = found;
    }

    /** The vector of a pooled request, once it has ended. */
    public float[] vectorAtTheEnd(Duration deadline) {
        FinishReason reason = await(deadline);
        synchronized (this) {
            if (vector == null || reason != FinishReason.STOP) {
                throw new AssertionError("no vector; it ended by " + reason);
            }
            return vector.clone();
        }
    }

    @Override
    public synchronized void onWork(GenerationWork of) {
        if (work != null || end.isDone()) {
            fault = "its work was told twice, or too late";
        }
        work = of;
    }

    /** What the generation cost; null if the engine does not tell. */
    public synchronized @Nullable GenerationWork work() {
        return work;
    }

    @Override
    public void onFinish(FinishReason reason) {
        if (!end.complete(reason)) {
            fault = "a second terminal event: " + reason;
        }
    }

    @Override
    public void onError(EngineException error) {
        if (!end.completeExceptionally(error)) {
            fault = "a second terminal event: " + error;
        }
    }

    /** Waits for the terminal event. */
    public FinishReason await(Duration deadline) {
        try {
            FinishReason reason = end.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            if (fault != null) {
                throw new AssertionError(fault);
            }
            return reason;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EngineException failure) {
                throw failure;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no terminal event within " + deadline, e);
        }
    }

    /** From now on each token keeps its engine's thread until {@link #goOn}. */
    public void hold() {
        goOn = new CompletableFuture<>();
    }

    /** Lets the engine go on. */
    public void goOn() {
        CompletableFuture<Void> gate = goOn;
        goOn = null;
        if (gate != null) {
            gate.complete(null);
        }
    }

    /** Waits for the first token. */
    public void awaitFirstToken(Duration deadline) {
        wait(first, deadline, "no token");
    }

    private static void wait(CompletableFuture<Void> what, Duration deadline, String otherwise) {
        try {
            what.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(otherwise + " within " + deadline, e);
        }
    }

    public synchronized List<TokenEvent> events() {
        return List.copyOf(events);
    }

    /** Tokens of the prompt that the engine had computed before; -1 before it says so. */
    public synchronized int cachedTokens() {
        return cachedTokens;
    }

    /** Waits for the terminal event, which must be no error. */
    public List<Integer> tokensAtTheEnd(Duration deadline) {
        await(deadline);
        return tokens();
    }

    public List<Integer> tokens() {
        return events().stream().map(TokenEvent::token).toList();
    }
}
