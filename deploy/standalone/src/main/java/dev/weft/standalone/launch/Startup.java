package dev.weft.standalone.launch;

import dev.weft.service.ServiceName;
import dev.weft.standalone.failure.CommandException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Starts the three services in parallel. A service waits for another one only if that one picks its
 * own port, since nobody knows its address before.
 */
final class Startup {
    private static final Executor THREADS =
            task -> Thread.ofPlatform().daemon().name("weft-start").start(task);

    /** The text that the messages of Java's, Netty's and Spring's exceptions share. */
    private static final Pattern TAKEN =
            Pattern.compile("(?i)(address|port \\d+ is) already in use");

    private final Running running;
    private final CompletableFuture<RunningService> catalog;
    private final CompletableFuture<RunningService> worker;
    private final CompletableFuture<RunningService> gateway;

    Startup(Services services, Addresses addresses, Running running) {
        this.running = running;
        this.catalog = start(ServiceName.catalog, services::catalog);
        CompletableFuture<URI> catalogAddress =
                addresses
                        .catalog()
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(() -> catalog.thenApply(RunningService::address));
        this.worker =
                catalogAddress.thenCompose(
                        uri -> start(ServiceName.worker, () -> services.worker(uri)));
        CompletableFuture<List<URI>> workers =
                addresses
                        .workers()
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(() -> worker.thenApply(service -> List.of(service.address())));
        this.gateway =
                workers.thenCombine(catalogAddress, Wiring::new)
                        .thenCompose(wiring ->
                                start(
                                        ServiceName.gateway,
                                        () -> services.gateway(wiring.workers, wiring.catalog)));
    }

    private record Wiring(List<URI> workers, URI catalog) {}

    /** Starts to register the deployment's adapters when the catalog listens. */
    CompletableFuture<List<ReadyAdapter>> register(DeclaredAdapters adapters) {
        return catalog.thenApplyAsync(service -> adapters.register(service.address()), THREADS);
    }

    /**
     * All three services, once they listen. It waits for the worker last, because the worker takes
     * longest and the others fail at once if they fail.
     */
    Fleet all() throws CommandException {
        return new Fleet(await(catalog), await(gateway), await(worker));
    }

    /** The services that {@code serve} starts. */
    record Fleet(RunningService catalog, RunningService gateway, RunningService worker) {}

    private CompletableFuture<RunningService> start(
            ServiceName name, Supplier<RunningService> starter) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        RunningService service = starter.get();
                        running.add(service);
                        return service;
                    } catch (RuntimeException e) {
                        throw new CompletionException(failure(name, e));
                    }
                },
                THREADS);
    }

    /** Why a service did not start, in one line. */
    static CommandException failure(ServiceName name, RuntimeException e) {
        String reason = String.valueOf(e.getMessage());
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (TAKEN.matcher(message).find()) {
                return new CommandException(
                        "the %s can't listen, its port is taken: --set %s=PORT names another one (%s)"
                                .formatted(name, name.portKey(), message),
                        e);
            }
            if (cause.getCause() == null && !reason.contains(message)) {
                reason += ": " + message;
            }
        }
        String known = "the " + name;
        return new CommandException(
                reason.startsWith(known) ? reason : known + " did not start: " + reason, e);
    }

    /** The outcome of a step of the start. */
    static <T> T await(CompletableFuture<T> future) throws CommandException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof CommandException known) {
                    throw known;
                }
            }
            throw new CommandException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted while services start", e);
        }
    }
}
