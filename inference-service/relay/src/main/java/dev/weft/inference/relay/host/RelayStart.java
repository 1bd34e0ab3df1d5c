package dev.weft.inference.relay.host;

import dev.weft.inference.relay.adapter.SharedFolder;
import dev.weft.inference.relay.call.ListedModels;
import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.call.ServerDescription;
import dev.weft.inference.relay.dialect.AdapterCall;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerPlan;
import dev.weft.inference.relay.dialect.ServerReply;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Waits for a server, and takes it and the shared folder for this worker. */
public final class RelayStart {
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration SAID_EVERY = Duration.ofSeconds(15);

    private RelayStart() {}

    /**
     * What to open.
     *
     * @param mount the shared folder
     * @param model the server's name of the base; null for the one that it lists
     * @param facts what the base's files say of it
     * @param patience longest time until the server answers
     */
    public record Options(
            ServerCalls calls,
            Dialect dialect,
            SharedFolder.Mount mount,
            @Nullable String model,
            BaseFacts facts,
            ServerPlan.Limits limits,
            Duration patience) {}

    /**
     * A server that is ready for this worker.
     *
     * @param contextLength tokens of prompt and answer together; 0 if the server doesn't say
     * @param templates whether a chat may bring a template
     * @param description of the server by itself
     */
    public record Opened(
            RelayHost host,
            String base,
            int contextLength,
            boolean templates,
            ServerDescription description) {}

    /**
     * Opens it.
     *
     * @param progress gets a line that says what is waited for
     * @throws IllegalStateException if the server doesn't come, serves another base or another
     *     worker; says which
     */
    public static Opened open(Options options, Consumer<String> progress)
            throws IOException, InterruptedException {
        SharedFolder folder = SharedFolder.open(options.mount());
        try {
            ListedModels served = await(options, progress);
            String base = base(options, served);
            check(options);
            RelayHost host =
                    new RelayHost(
                            new RelayHost.Parts(
                                    options.calls(),
                                    options.dialect(),
                                    folder,
                                    base,
                                    options.facts()),
                            options.limits());
            Optional<String> taken =
                    host.agreement().agree(served, ServerAgreement.Seen.FIRST, () -> {});
            if (taken.isPresent()) {
                throw new IllegalStateException(
                        "the server at " + options.calls().address() + ": " + taken.get());
            }
            folder.clear(models(options.calls()).adapters().keySet());
            host.learn();
            return new Opened(
                    host,
                    base,
                    served.contextLength(),
                    takesTemplates(options, base),
                    description(options.calls()));
        } catch (IOException | RuntimeException | InterruptedException e) {
            folder.close();
            throw e;
        }
    }

    private static ListedModels await(Options options, Consumer<String> progress)
            throws InterruptedException {
        long begun = System.nanoTime();
        long said = begun - SAID_EVERY.toNanos();
        while (true) {
            String trouble;
            try {
                ServerReply health = options.calls().get("/health", CALL);
                if (health.ok()) {
                    return models(options.calls());
                }
                trouble = "/health answers " + health.quoted();
            } catch (IOException e) {
                trouble = e.toString();
            }
            long now = System.nanoTime();
            if (now - begun > options.patience().toNanos()) {
                throw new IllegalStateException(
                        "the server at %s is not there after %d s (weft.relay.start-timeout): %s"
                                .formatted(
                                        options.calls().address(),
                                        options.patience().toSeconds(),
                                        trouble));
            }
            if (now - said >= SAID_EVERY.toNanos()) {
                said = now;
                progress.accept(
                        "waiting for the server at %s: %s"
                                .formatted(options.calls().address(), trouble));
            }
            Thread.sleep(PAUSE);
        }
    }

    /** A server that lets nobody load adapters is found out now, not by the first request. */
    private static void check(Options options) throws IOException, InterruptedException {
        Optional<AdapterCall> probe = options.dialect().probe();
        if (probe.isPresent()) {
            ServerReply reply = options.calls().post(probe.get(), CALL);
            if (reply.status() == 404 || reply.status() == 405) {
                throw new IllegalStateException(
                        "the server at %s has no %s: %s"
                                .formatted(
                                        options.calls().address(),
                                        probe.get().path(),
                                        options.dialect().howToLetLoad()));
            }
        }
    }

    /** A server that was started without the option for it takes no template. */
    private static boolean takesTemplates(Options options, String base)
            throws IOException, InterruptedException {
        Optional<AdapterCall> probe = options.dialect().templateProbe(base);
        return options.dialect().takesTemplates()
                && (probe.isEmpty() || options.calls().post(probe.get(), CALL).ok());
    }

    private static ServerDescription description(ServerCalls calls)
            throws IOException, InterruptedException {
        ServerReply description = calls.get("/openapi.json", CALL);
        return ServerDescription.read(description.ok() ? description.text() : "");
    }

    private static ListedModels models(ServerCalls calls) throws IOException, InterruptedException {
        ServerReply models = calls.get(ListedModels.PATH, CALL);
        if (models.status() == 401 || models.status() == 403) {
            throw new IllegalStateException(
                    "the server at %s does not take weft.relay.api-key: %s"
                            .formatted(calls.address(), models.quoted()));
        }
        if (!models.ok()) {
            throw new IOException("/v1/models answers " + models.quoted());
        }
        return ListedModels.read(models.text());
    }

    private static String base(Options options, ListedModels served) {
        String asked = options.model();
        if (asked != null && !served.bases().contains(asked)) {
            throw new IllegalStateException(
                    "weft.relay.model is '%s'; the server at %s serves %s"
                            .formatted(asked, options.calls().address(), served.bases()));
        }
        if (served.bases().isEmpty()) {
            throw new IllegalStateException(
                    "the server at %s lists no model".formatted(options.calls().address()));
        }
        return asked == null ? served.bases().getFirst() : asked;
    }
}
