package dev.weft.inference.server.beside;

import dev.weft.chat.TokenizerConfig;
import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.inference.relay.host.BaseFacts;
import dev.weft.inference.server.checkpoint.CheckpointFetch;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.fetch.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/**
 * The base of a server beside the worker, as far as adapters need it.
 *
 * @param templates its chat templates, by name
 * @param facts that show whether a server serves another base
 */
record RelayedBase(BaseShape shape, Map<String, String> templates, BaseFacts facts) {
    public RelayedBase {
        templates = Map.copyOf(templates);
    }

    /**
     * Reads the base's files: config.json, and the heads of its weights if the family isn't
     * described here.
     *
     * @param progress is told why the weights are read
     * @throws SourceException if a file can't be had
     * @throws IllegalStateException if the files show no shape; says why
     */
    public static RelayedBase read(
            RepositoryRef checkpoint, CheckpointFetch fetch, Consumer<String> progress)
            throws SourceException, IOException {
        Path chat = fetch.fetchChat(checkpoint);
        return new RelayedBase(
                shape(checkpoint, chat, fetch, progress),
                TokenizerConfig.read(chat).chatTemplates(),
                facts(chat));
    }

    private static BaseFacts facts(Path chat) throws IOException {
        Path tokenizer = chat.resolve("tokenizer_config.json");
        try {
            return BaseFacts.read(
                    Files.readString(chat.resolve("config.json")),
                    Files.exists(tokenizer) ? Files.readString(tokenizer) : "");
        } catch (JacksonException e) {
            return BaseFacts.UNKNOWN;
        }
    }

    private static BaseShape shape(
            RepositoryRef checkpoint, Path chat, CheckpointFetch fetch, Consumer<String> progress)
            throws SourceException, IOException {
        try {
            return BaseShape.ofConfig(Files.readString(chat.resolve("config.json")));
        } catch (CheckpointException e) {
            progress.accept(
                    e.getMessage() + "; so the base's weights show what adapters have to fit");
        }
        try {
            return BaseShape.ofWeights(fetch.fetchHeads(checkpoint));
        } catch (CheckpointException e) {
            throw new IllegalStateException("the base's weights: " + e.getMessage(), e);
        }
    }
}
