package dev.weft.source.fetch;

import dev.weft.protocol.repository.RepositoryRef;
import java.io.IOException;
import java.nio.file.Path;

/** The values that all steps of one fetch share. */
public record FetchContext(
        RepositoryRef ref,
        FileSelection selection,
        Path target,
        FetchListener listener,
        FetchAttempts attempts) {
    /** Work on this machine's files. */
    public interface Local<T> {
        T run() throws IOException;
    }

    /** Work on this machine's files that has no result. */
    public interface LocalDo {
        void run() throws IOException;
    }

    public void localDo(LocalDo work) throws SourceException {
        try {
            work.run();
        } catch (IOException e) {
            throw storage(e);
        }
    }

    /**
     * Does work on this machine's files. Its failures are final: trying the network again would not
     * help.
     */
    public <T> T local(Local<T> work) throws SourceException {
        try {
            return work.run();
        } catch (IOException e) {
            throw storage(e);
        }
    }

    private SourceException storage(IOException e) {
        return new SourceException(
                SourceFault.STORAGE, ref + ": cannot write to " + target + ": " + e, e);
    }
}
