package dev.weft.inference.server.checkpoint;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.Repositories;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Brings the base model's checkpoint to this machine, and tells its progress in words. */
public final class CheckpointFetch {
    private static final long MIB = 1L << 20;

    /** A line for each tenth of a file is enough for a person. */
    private static final int PARTS = 10;

    /** Characters of a folder's name; file systems allow 255 bytes. */
    private static final int LONGEST_NAME = 200;

    private final Repositories repositories;
    private final Path data;

    /**
     * Fetches below a folder.
     *
     * @param data checkpoints lie in its folder {@code checkpoints}
     */
    public CheckpointFetch(Repositories repositories, Path data) {
        this.repositories = repositories;
        this.data = data;
    }

    /**
     * Fetches the checkpoint and returns its folder. A FILE checkpoint is used in place.
     *
     * @throws SourceException if it can't be had; says why
     */
    public Path fetch(RepositoryRef checkpoint, Consumer<String> progress) throws SourceException {
        progress.accept("checkpoint " + checkpoint);
        return fetch(checkpoint, FileSelection.CHECKPOINT, words(progress));
    }

    /**
     * The same with all that a server beside the worker reads.
     *
     * @param code whether it is told to run the repository's own code
     */
    public Path fetchForServer(RepositoryRef checkpoint, boolean code, Consumer<String> progress)
            throws SourceException {
        progress.accept("checkpoint " + checkpoint);
        FileSelection files = code ? FileSelection.SERVER_WITH_CODE : FileSelection.SERVER;
        return fetch(checkpoint, files, words(progress));
    }

    /**
     * Returns the checkpoint's folder, which has config.json alone if the checkpoint isn't here
     * yet.
     *
     * @throws SourceException if it can't be had; says why
     */
    public Path fetchConfig(RepositoryRef checkpoint) throws SourceException {
        return fetch(checkpoint, FileSelection.CONFIG, words(_ -> {}));
    }

    /**
     * Returns a folder with config.json and the files that chats need.
     *
     * @throws SourceException if it can't be had; says why
     */
    public Path fetchChat(RepositoryRef checkpoint) throws SourceException {
        return within(checkpoint, FileSelection.CHAT);
    }

    /**
     * Returns a folder with the heads of the weights' files, or with the files themselves.
     *
     * @throws SourceException if it can't be had; says why
     */
    public Path fetchHeads(RepositoryRef checkpoint) throws SourceException {
        return within(checkpoint, FileSelection.HEADS);
    }

    /**
     * Fetches some files of a checkpoint into a folder of their own, since the checkpoint itself
     * may be on its way meanwhile.
     */
    private Path within(RepositoryRef checkpoint, FileSelection files) throws SourceException {
        Path target = target(checkpoint, data).resolve(files.name());
        return repositories.fetch(checkpoint, files, target, FetchListener.NONE).folder();
    }

    private Path fetch(RepositoryRef checkpoint, FileSelection files, FetchListener listener)
            throws SourceException {
        return repositories.fetch(checkpoint, files, target(checkpoint, data), listener).folder();
    }

    /**
     * The folder in which a checkpoint lies, or will lie.
     *
     * @param data as in the constructor
     */
    public static Path folder(RepositoryRef checkpoint, Path data) {
        return checkpoint.source() == RepositorySource.FILE
                ? Path.of(checkpoint.repo())
                : target(checkpoint, data);
    }

    private static Path target(RepositoryRef checkpoint, Path data) {
        return data.resolve("checkpoints").resolve(folderName(checkpoint));
    }

    /** A name of its own for each repository and revision. */
    private static String folderName(RepositoryRef checkpoint) {
        String unpinned = checkpoint.source() == RepositorySource.HF ? "main" : "latest";
        String revision = checkpoint.revision() == null ? unpinned : checkpoint.revision();
        String name =
                (checkpoint.repo() + "@" + revision)
                        .replace("/", "--")
                        .replaceAll("[^A-Za-z0-9._@-]", "_");
        return name.length() <= LONGEST_NAME
                ? name
                : name.substring(name.length() - LONGEST_NAME)
                        + Integer.toHexString(checkpoint.hashCode());
    }

    private static FetchListener words(Consumer<String> progress) {
        return new FetchListener() {
            private String told = "";

            @Override
            public void progress(Progress now) {
                long part = now.fileTotal() > 0 ? now.fileBytes() * PARTS / now.fileTotal() : PARTS;
                String place = now.file() + " " + part;
                if (!place.equals(told)) {
                    told = place;
                    progress.accept(line(now));
                }
            }
        };
    }

    private static String line(FetchListener.Progress now) {
        String of = now.fileTotal() > 0 ? " of " + megabytes(now.fileTotal()) : "";
        return "fetching "
                + now.file()
                + ": "
                + megabytes(now.fileBytes())
                + of
                + " MiB (file "
                + now.fileNumber()
                + " of "
                + now.files()
                + ")";
    }

    private static String megabytes(long bytes) {
        return String.valueOf((bytes + MIB - 1) / MIB);
    }
}
