package dev.weft.standalone.launch;

import dev.weft.service.ServiceName;
import dev.weft.standalone.failure.CommandException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Starts the services in parallel. A service waits for another one only if that one picks its own
 * port, since nobody knows its address before.
 */
final class Startup {
    private static final Executor THREADS =
            task -> Thread.ofPlatform().daemon().name("weft-start").start(task);

    /** The text that the messages of Java's, Netty's and Spring's exceptions share. */
    private static final Pattern TAKEN =
            Pattern.compile("(?i)(address|port \\d+ is) already in use");

    private final Running running;
    private final CompletableFuture<RunningService> catalog;
    private final List<CompletableFuture<RunningService>> workers;
    private final CompletableFuture<RunningService> gateway;

    Startup(Services services, Addresses addresses, Running running) {
        this.running = running;
        this.catalog = start(ServiceName.catalog, services::catalog);
        CompletableFuture<URI> catalogAddress =
                addresses
                        .catalog()
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(() -> catalog.thenApply(RunningService::address));
        this.workers =
                IntStream.range(0, services.workers())
                        .mapToObj(number ->
                                catalogAddress.thenCompose(uri ->
                                        start(
                                                ServiceName.worker,
                                                () -> services.worker(number, uri))))
                        .toList();
        CompletableFuture<List<URI>> workerAddresses =
                addresses
                        .workers()
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(this::started);
        this.gateway =
                workerAddresses
                        .thenCombine(catalogAddress, Wiring::new)
                        .thenCompose(wiring ->
                                start(
                                        ServiceName.gateway,
                                        () -> services.gateway(wiring.workers, wiring.catalog)));
    }

    /** The addresses of the workers once all listen. */
    private CompletableFuture<List<URI>> started() {
        return CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new))
                .thenApply(_ -> workers.stream().map(worker -> worker.join().address()).toList());
    }

    private record Wiring(List<URI> workers, URI catalog) {}

    /** Starts to register the deployment's adapters when the catalog listens. */
    CompletableFuture<List<ReadyAdapter>> register(DeclaredAdapters adapters) {
        return catalog.thenApplyAsync(service -> adapters.register(service.address()), THREADS);
    }

    /**
     * All services, once they listen. It waits for workers last, because they take longest and the
     * others fail at once if they fail.
     */
    Listening all() throws CommandException {
        RunningService first = await(catalog);
        RunningService second = await(gateway);
        List<RunningService> all = new ArrayList<>();
        for (CompletableFuture<RunningService> worker : workers) {
            all.add(await(worker));
        }
        return new Listening(first, second, all);
    }

    /** The services that {@code serve} starts. */
    record Listening(RunningService catalog, RunningService gateway, List<RunningService> workers) {
        Listening {
            workers = List.copyOf(workers);
        }
    }

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
