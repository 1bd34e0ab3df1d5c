package dev.weft.inference.server.completion;

import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.GenerationWork;
import dev.weft.inference.engine.PooledOutput;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.server.residency.AdapterLease;
import dev.weft.inference.server.residency.AdapterLeases;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.error.Faults;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request in the engine. It waits for its adapter on a virtual thread of its own, starts a
 * generation for each choice, and hands their events on. It gives the adapter back when the engine
 * has ended the last of them. The lock guards few fields and is never held while anything waits.
 */
public final class RunningCompletion {
    /** How long a request that has begun waits for the engine to take its next choice. */
    private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(60);

    private static final long LOOK_MILLIS = 20;

    private final Engine engine;
    private final PooledShares shares;
    private final AdapterLeases leases;
    private final CompletionRequest request;
    private final CompletionListener listener;
    private final CompletionWatch watch;
    private final @Nullable Generation[] generations;
    private final boolean[] cancelled;

    /** The places of a request for vectors; choices of one for tokens all run at once. */
    private volatile PooledShares.@Nullable Places places;

    private @Nullable Thread starter;
    private @Nullable AdapterLease lease;
    private int open;
    private boolean started;
    private boolean failed;

    public RunningCompletion(
            Engine engine,
            PooledShares shares,
            AdapterLeases leases,
            CompletionRequest request,
            CompletionListener listener,
            CompletionWatch watch) {
        this.engine = engine;
        this.shares = shares;
        this.leases = leases;
        this.request = request;
        this.listener = listener;
        this.watch = watch;
        this.generations = new @Nullable Generation[request.choices().count()];
        this.cancelled = new boolean[request.choices().count()];
    }

    /** Begins; returns at once. Call it once. */
    public synchronized void start() {
        if (!allCancelled()) {
            starter =
                    Thread.ofVirtual()
                            .name("completion-" + request.id())
                            .start(this::leaseAndGenerate);
        }
    }

    /** Ends all choices. Idempotent, from any thread. */
    public void cancel() {
        for (int choice = 0; choice < cancelled.length; choice++) {
            cancel(choice);
        }
        interruptStarter();
    }

    /** Ends one choice. Idempotent, from any thread. */
    public void cancel(int choice) {
        Generation generation;
        synchronized (this) {
            cancelled[choice] = true;
            generation = generations[choice];
        }
        if (generation != null) {
            generation.cancel();
        }
    }

    private void leaseAndGenerate() {
        try {
            if (request.adapter() != null) {
                hold(lease(request.adapter()));
            }
            if (request.pooled() == null) {
                for (int choice = 0; choice < cancelled.length; choice++) {
                    generate(choice, false);
                }
            } else {
                generateInTurn();
            }
        } catch (InterruptedException e) {
            // the interrupter has cancelled and listens no more
            fail(new ApiException(ErrorCode.OVERLOADED, "the request was cancelled", e));
        } catch (EngineException e) {
            fail(EngineFailures.toApi(e));
        } catch (RuntimeException | Error e) {
            fail(Faults.ofRequest(e));
        } finally {
            begun();
        }
    }

    private AdapterLease lease(AdapterDigest adapter) throws InterruptedException {
        watch.adapterAsked();
        try {
            AdapterLease taken =
                    leases.lease(
                            request.owner().tenant(), adapter, request.timing().adapterDeadline());
            watch.adapterLeased(taken.arrival());
            return taken;
        } catch (ApiException e) {
            watch.adapterMissed(e.code());
            throw e;
        }
    }

    private void generateInTurn() throws InterruptedException {
        PooledShares.Places its = shares.begin();
        places = its;
        for (int choice = 0; choice < cancelled.length; choice++) {
            generateInTurn(choice, its);
        }
    }

    /**
     * Waits for a place, and for an engine that is full, so that no work is lost; a full engine
     * refuses the first choice.
     */
    private void generateInTurn(int choice, PooledShares.Places its) throws InterruptedException {
        long begun = System.nanoTime();
        for (boolean again = false; ; again = true) {
            its.acquire();
            try {
                generate(choice, again);
                return;
            } catch (EngineException e) {
                if (choice == 0 || !isFull(e) || System.nanoTime() - begun > LONGEST_WAIT) {
                    throw e;
                }
                Thread.sleep(LOOK_MILLIS);
            }
        }
    }

    private static boolean isFull(EngineException e) {
        return e.reason() == EngineException.Cause.OVERLOADED
                || e.reason() == EngineException.Cause.OVER_SHARE;
    }

    /**
     * Hands a choice to the engine.
     *
     * @param again whether the engine has refused it before
     */
    private void generate(int choice, boolean again) {
        boolean early;
        synchronized (this) {
            open++;
            early = cancelled[choice];
        }
        if (early) {
            ended();
            return;
        }
        if (!again) {
            watch.queued(choice);
        }
        Generation generation;
        try {
            generation = engine.start(generationRequest(choice), new ChoiceListener(choice));
        } catch (RuntimeException | Error e) {
            ended();
            throw e;
        }
        boolean late;
        synchronized (this) {
            generations[choice] = generation;
            late = cancelled[choice];
        }
        listener.onQueued(choice);
        if (late) {
            generation.cancel();
        }
    }

    private GenerationRequest generationRequest(int choice) {
        GenerationSettings settings = request.settings();
        CompletionRequest.Prompt prompt = request.choices().promptOf(choice);
        String id = request.choices().count() == 1 ? request.id() : request.id() + "-" + choice;
        PooledOutput pooled = request.pooled();
        if (pooled != null) {
            return GenerationRequest.pooled(
                    id, request.adapter(), prompt.tokens(), pooled, request.owner());
        }
        return new GenerationRequest(
                id,
                request.adapter(),
                prompt.tokens(),
                new GenerationRequest.Ending(
                        prompt.maxTokens(),
                        settings.minTokens(),
                        settings.stops().tokens(),
                        settings.stops().heldBack()),
                new GenerationRequest.Selection(
                        settings.sampling(request.choices(), choice),
                        settings.topLogProbabilities(),
                        settings.constraint(prompt.maxTokens())),
                request.owner());
    }

    private void fail(RuntimeException error) {
        synchronized (this) {
            if (failed) {
                return;
            }
            failed = true;
        }
        listener.onError(error);
        for (int choice = 0; choice < cancelled.length; choice++) {
            cancel(choice);
        }
    }

    private synchronized void hold(AdapterLease taken) {
        lease = taken;
    }

    private void begun() {
        synchronized (this) {
            started = true;
            starter = null;
        }
        releaseWhenOver();
    }

    private void ended() {
        synchronized (this) {
            open--;
        }
        PooledShares.Places its = places;
        if (its != null) {
            its.release();
        }
        releaseWhenOver();
    }

    private void releaseWhenOver() {
        AdapterLease over = null;
        synchronized (this) {
            if (started && open == 0) {
                over = lease;
                lease = null;
                if (places != null) {
                    places.close();
                }
            }
        }
        if (over != null) {
            over.close();
        }
    }

    private synchronized void interruptStarter() {
        if (starter != null) {
            starter.interrupt();
        }
    }

    private boolean allCancelled() {
        for (boolean one : cancelled) {
            if (!one) {
                return false;
            }
        }
        return true;
    }

    /** Hands one generation's events on. */
    private final class ChoiceListener implements GenerationListener {
        private final int choice;
        private int tokens;

        ChoiceListener(int choice) {
            this.choice = choice;
        }

        @Override
        public void onRow() {
            listener.onRow(choice);
        }

        @Override
        public void onPrompt(int cachedTokens) {
            watch.prompted(choice, cachedTokens);
            listener.onEvent(new CompletionEvent.Prompted(choice, cachedTokens));
        }

        @Override
        public void onToken(TokenEvent event) {
            tokens++;
            listener.onEvent(new CompletionEvent.Produced(choice, event));
        }

        @Override
        public void onVector(float[] vector) {
            listener.onEvent(new CompletionEvent.Pooled(choice, vector));
        }

        @Override
        public void onWork(GenerationWork work) {
            watch.worked(choice, work);
        }

        @Override
        public void onFinish(FinishReason reason) {
            try {
                watch.ended(choice, tokens, reason.name().toLowerCase(Locale.ROOT), false);
                listener.onEvent(new CompletionEvent.Ended(choice, reason));
            } catch (RuntimeException | Error e) {
                // an answer without an end would keep its client waiting
                fail(Faults.ofRequest(e));
            } finally {
                ended();
            }
        }

        @Override
        public void onError(EngineException error) {
            ApiException told = EngineFailures.toApi(error);
            try {
                fail(told);
                watch.ended(choice, tokens, told.code().code(), true);
            } finally {
                ended();
            }
        }
    }
}
