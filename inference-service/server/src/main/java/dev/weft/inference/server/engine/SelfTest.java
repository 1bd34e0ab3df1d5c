package dev.weft.inference.server.engine;

import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks an engine for one token of the base before it serves, as a request would. */
final class SelfTest {
    private SelfTest() {}

    /**
     * The engine, if it produced a token of its vocabulary.
     *
     * @throws IllegalStateException if it did not; says why, and the engine is closed then
     */
    static <E extends Engine> E passed(E engine, Duration deadline) {
        try {
            int vocabulary = engine.description().model().vocabulary().size();
            int token = firstToken(engine, vocabulary, deadline);
            if (token < 0 || token >= vocabulary) {
                throw new IllegalStateException(
                        "its first token is " + token + "; allowed: 0 to " + (vocabulary - 1));
            }
            return engine;
        } catch (IllegalStateException | EngineException e) {
            engine.close();
            throw new IllegalStateException("the engine fails its self-test: " + e.getMessage(), e);
        }
    }

    private static int firstToken(Engine engine, int vocabulary, Duration deadline) {
        CompletableFuture<Integer> token = new CompletableFuture<>();
        engine.start(
                new GenerationRequest(
                        "self-test",
                        null,
                        List.of(vocabulary / 2),
                        GenerationRequest.Ending.after(1),
                        Sampling.greedy(),
                        -1),
                new First(token));
        try {
            return token.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(String.valueOf(cause.getMessage()), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no token within " + deadline.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private record First(CompletableFuture<Integer> token) implements GenerationListener {
        @Override
        public void onPrompt(int cachedTokens) {}

        @Override
        public void onToken(TokenEvent event) {
            token.complete(event.token());
        }

        @Override
        public void onFinish(FinishReason reason) {
            token.completeExceptionally(new IllegalStateException("it ended without a token"));
        }

        @Override
        public void onError(EngineException error) {
            token.completeExceptionally(error);
        }
    }
}
