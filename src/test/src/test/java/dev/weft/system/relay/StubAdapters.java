package dev.weft.system.relay;

import com.sun.net.httpserver.HttpExchange;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.system.fleet.Http;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.node.ObjectNode;

/**
 * The adapters of a {@link VllmStub}: those that are registered by name, and those that it holds in
 * memory. It is also the catalog from which the worker behind the stub fetches them.
 */
final class StubAdapters {
    /** Server-wide failure of vLLM's: an adapter that is asked for has gone from the disk. */
    static final class EngineDied extends RuntimeException {}

    private record Loaded(Path path, @Nullable AdapterDigest digest) {}

    private final int held;
    private final Map<String, Path> registered = new LinkedHashMap<>();
    private final LinkedHashMap<String, Loaded> memory = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, byte[]> pages = new ConcurrentHashMap<>();
    private final Map<AdapterDigest, Integer> running = new HashMap<>();
    private int mostRunning;
    private int most;
    private int readAgain;
    private boolean ignoring;

    StubAdapters(int held) {
        this.held = held;
    }

    synchronized Map<String, Path> registered() {
        return new LinkedHashMap<>(registered);
    }

    /** The most adapters that were registered at once. */
    synchronized int most() {
        return most;
    }

    /** A request for an adapter runs from now on until it is closed, once or again. */
    synchronized Running run(AdapterDigest adapter) {
        running.merge(adapter, 1, Integer::sum);
        mostRunning = Math.max(mostRunning, running.size());
        AtomicBoolean ended = new AtomicBoolean();
        return () -> {
            if (!ended.getAndSet(true)) {
                end(adapter);
            }
        };
    }

    private synchronized void end(AdapterDigest adapter) {
        running.computeIfPresent(adapter, (_, count) -> count == 1 ? null : count - 1);
    }

    /** A request that runs. */
    @FunctionalInterface
    interface Running extends AutoCloseable {
        @Override
        void close();
    }

    /** The most adapters that requests were for at one time. */
    synchronized int mostRunning() {
        return mostRunning;
    }

    /** How many times an adapter that had left memory was read from the disk again. */
    synchronized int readAgain() {
        return readAgain;
    }

    synchronized void load(String name, Path path) throws IOException {
        remember(name, path);
        registered.put(name, path);
        most = Math.max(most, registered.size());
    }

    synchronized void ignoreLoads(boolean ignores) {
        ignoring = ignores;
    }

    /**
     * Takes an adapter from the list.
     *
     * @param engine whether it leaves memory too, as in newer versions
     */
    synchronized boolean unload(String name, boolean engine) {
        if (engine) {
            memory.remove(name);
        }
        return registered.remove(name) != null;
    }

    /** It has lost one. */
    synchronized void forget() {
        registered.clear();
        memory.clear();
    }

    /**
     * The adapter of a request; empty if the server takes it for one without an effect.
     *
     * @throws EngineDied if it isn't in memory and its folder has gone
     */
    synchronized Optional<AdapterDigest> use(String name) {
        Path path = registered.get(name);
        if (path != null && !memory.containsKey(name)) {
            readAgain++;
            try {
                remember(name, path);
            } catch (IOException e) {
                throw new EngineDied();
            }
        }
        Loaded loaded = memory.get(name);
        return Optional.ofNullable(loaded == null ? null : loaded.digest);
    }

    private void remember(String name, Path path) throws IOException {
        memory.put(name, new Loaded(path, ignoring ? null : publish(path)));
        while (memory.size() > held) {
            memory.remove(memory.keySet().iterator().next());
        }
    }

    /** What the sample's layers don't have is dropped in silence, as vLLM does. */
    private @Nullable AdapterDigest publish(Path path) throws IOException {
        Path copy = Files.createTempDirectory("stub-adapter");
        try {
            return publish(path, copy);
        } finally {
            FileSystemUtils.deleteRecursively(copy);
        }
    }

    private @Nullable AdapterDigest publish(Path path, Path copy) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        Path config = copy.resolve("adapter_config.json");
        ObjectNode json = (ObjectNode) Http.JSON.readTree(Files.readString(config));
        json.remove(List.of("rank_pattern", "alpha_pattern")); // older versions don't read them
        Files.delete(config);
        Files.writeString(config, json.toString());
        if (LoraFolder.checkAlone(copy) instanceof LoraCheck.Accepted(LoraAdapter adapter, var _)) {
            try (adapter) {
                pages(copy, adapter.digest());
                return adapter.digest();
            }
        }
        return null;
    }

    private void pages(Path folder, AdapterDigest digest) throws IOException {
        List<String> listed = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                pages.put("/artifacts/v1/" + digest + "/files/" + file.getFileName(), bytes);
                listed.add(
                        "{\"name\":\"%s\",\"size\":%d,\"sha256\":\"%s\"}"
                                .formatted(file.getFileName(), bytes.length, sha256(bytes)));
            }
        }
        pages.put(
                "/artifacts/v1/" + digest,
                ("{\"digest\":\"" + digest + "\",\"files\":" + listed + "}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Answers the worker behind the stub, which takes this for a catalog. */
    void page(HttpExchange exchange) throws IOException {
        byte[] page = pages.get(exchange.getRequestURI().getPath());
        exchange.sendResponseHeaders(page == null ? 404 : 200, page == null ? -1 : page.length);
        if (page != null) {
            exchange.getResponseBody().write(page);
        }
        exchange.close();
    }
}
